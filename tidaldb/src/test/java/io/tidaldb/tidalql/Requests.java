package io.tidaldb.tidalql;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.Rate;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Search;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Suggest;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// Random requests, with everything that a request can say, at its borders and in between.
final class Requests {

  private static final List<String> NAMES =
      List.of(
          "category",
          "tags",
          "creator",
          "id",
          "created",
          "in",
          "limit",
          "language",
          "seen",
          "a",
          "x9_z",
          "within",
          "now",
          "true",
          "for_you",
          "unseen",
          "z".repeat(64));

  private final SplittableRandom random;

  Requests(SplittableRandom random) {
    this.random = random;
  }

  /// Every kind of statement.
  Query query() {
    return switch (random.nextInt(8)) {
      case 0 -> search();
      case 1 -> suggest();
      case 2 -> Explain.plan(retrieve());
      case 3 -> Explain.item(id(), random.nextBoolean() ? retrieve() : search());
      case 4 -> Explain.analyze(retrieve());
      default -> retrieve();
    };
  }

  Retrieve retrieve() {
    var request = plain();
    return few() ? request.within(plain()) : request;
  }

  private Retrieve plain() {
    var request = random.nextInt(10) == 0 ? Retrieve.creators() : Retrieve.items();
    request = some() ? request.forUser(id()) : request;
    request = few() ? request.forSession(SessionId.of(bits())) : request;
    request = few() ? request.forCohort(name()) : request;
    request = few() ? request.forCreator(id()) : request;
    request = few() ? request.similarTo(ids().toArray(EntityId[]::new)) : request;
    request =
        few()
            ? request.similarTo(
                new float[] {random.nextFloat(), -random.nextFloat(), random.nextInt(9)}, name())
            : request;
    request = some() ? request.profile(name()) : request;
    request =
        request.profile().isPresent() && some()
            ? request.profile(request.profile().get(), random.nextInt(1, 101))
            : request;
    request = few() ? request.experiment(name()) : request;
    request = few() ? request.from(several(3, this::source).toArray(Source[]::new)) : request;
    request = some() ? request.filter(filter(random.nextInt(5))) : request;
    request = few() ? request.exclude(ids()) : request;
    request = some() ? request.sortBy(pick(Sort.values())) : request;
    request = few() ? request.window(pick(Window.values())) : request;
    request = few() ? request.seed(bits()) : request;
    request = few() ? request.diversity(diversity()) : request;
    request = few() ? request.explore(few() ? 0 : random.nextDouble(0.5)) : request;
    request = few() ? request.caps(caps()) : request;
    request = few() ? request.at(time()) : request;
    request = few() ? request.ago(span()) : request;
    request = few() ? request.surface(few() ? text() : name()) : request;
    request = few() ? request.deadline(Duration.ofMillis(random.nextInt(1, 60_001))) : request;
    request = some() ? request.limit(random.nextInt(1, 1_001)) : request;
    request = few() ? request.newerThan(text()) : request;
    return few() ? request.after(text()) : request;
  }

  Search search() {
    var search = Search.of(retrieve());
    search = some() ? search.query(text(), names(2).toArray(String[]::new)) : search;
    if (few()) {
      var numbers = several(4, () -> (float) decimal());
      search =
          numbers.isEmpty()
              ? search
              : some() ? search.vector(numbers, name()) : search.vector(numbers);
    }
    var mode = pick(Search.Mode.values());
    search = few() ? search.relevance(how -> how.mode(mode)) : search;
    var match = pick(Search.Match.values());
    search = few() ? search.relevance(how -> how.match(match)) : search;
    var typos = pick(Search.Typos.values());
    search = few() ? search.relevance(how -> how.typos(typos)) : search;
    var syntax = pick(Search.Syntax.values());
    search = few() ? search.relevance(how -> how.syntax(syntax)) : search;
    var fusion =
        random.nextBoolean()
            ? new Search.Fusion.ByRank(random.nextInt(1, 1_001))
            : new Search.Fusion.Convex(random.nextDouble());
    search = few() ? search.relevance(how -> how.fusion(fusion)) : search;
    search = few() ? search.languages(strings(3).toArray(String[]::new)) : search;
    return few() ? search.snippets(names(3)) : search;
  }

  Suggest suggest() {
    var suggest = Suggest.prefix(text());
    suggest = some() ? suggest.forUser(id()) : suggest;
    suggest = few() ? suggest.from("tags", "creators") : suggest;
    suggest = few() ? suggest.languages(strings(2).toArray(String[]::new)) : suggest;
    return some() ? suggest.limit(random.nextInt(1, 51)) : suggest;
  }

  /// Every filter that there is, put together in every way.
  Filter filter(int depth) {
    return switch (random.nextInt(depth == 0 ? 1 : 6)) {
      case 1 -> new Filter.And(several(3, () -> filter(depth - 1)));
      case 2 -> new Filter.Or(several(3, () -> filter(depth - 1)));
      case 3 -> new Filter.Not(filter(depth - 1));
      case 4 -> filter(depth - 1).and(filter(depth - 1));
      default -> leaf();
    };
  }

  Filter leaf() {
    return switch (random.nextInt(20)) {
      case 15 -> Filter.inMyCollections();
      case 16 -> Filter.inNetwork(random.nextInt(1, 3));
      case 17 -> Filter.affinity(Math.abs(decimal()));
      case 18 ->
          new Filter.RateThreshold(
              pick(Rate.values()), pick(Filter.Comparison.values()), decimal());
      case 0 -> new Filter.KeywordIn(path(), strings(3));
      case 1 -> new Filter.HasAll(path(), strings(3));
      case 2 -> new Filter.Exists(path());
      case 3 -> new Filter.NumberRange(path(), end(), some(), end(), some());
      case 4 -> Filter.field(path()).is(decimal());
      case 5 -> new Filter.TimeRange(path(), moment(), moment());
      case 6 -> new Filter.FromNow(path(), some(), few() ? span().negated() : span());
      case 7 -> new Filter.Within(path(), span());
      case 8 -> new Filter.BooleanIs(path(), some());
      case 9 -> new Filter.IdIn(ids());
      case 10 -> new Filter.RefersTo(path(), ids());
      case 11 -> new Filter.StateIs(pick(UserState.values()), Optional.empty());
      case 12 ->
          new Filter.StateIs(UserState.SHOWN, some() ? Optional.of(span()) : Optional.empty());
      case 13 -> new Filter.RelatedBy(some() ? RelationType.FOLLOW : RelationType.MUTE);
      case 14 -> new Filter.InCollection(CollectionId.of(bits()));
      default ->
          new Filter.SignalThreshold(
              name(),
              pick(Measure.values()),
              pick(Window.values()),
              pick(Filter.Comparison.values()),
              decimal());
    };
  }

  /// A field, sometimes one of the creator.
  private String path() {
    return few() ? "creator." + name() : name();
  }

  private OptionalDouble end() {
    return switch (random.nextInt(8)) {
      case 0 -> OptionalDouble.empty();
      case 1 -> OptionalDouble.of(some() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
      default -> OptionalDouble.of(decimal());
    };
  }

  private Optional<Timestamp> moment() {
    return some() ? Optional.of(time()) : Optional.empty();
  }

  private Timestamp time() {
    return Timestamp.ofNanos(
        few() ? Long.MAX_VALUE - random.nextInt(2) : random.nextLong(Long.MAX_VALUE));
  }

  private Duration span() {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofSeconds(random.nextLong(Long.MAX_VALUE), random.nextInt(1_000_000_000));
      case 1 -> Duration.ZERO;
      case 2 -> Duration.ofDays(random.nextInt(60));
      default -> Duration.ofMillis(random.nextInt(1_000_000_000));
    };
  }

  /// Any finite number, those of note more often.
  double decimal() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(-10, 100);
      case 1 -> random.nextInt(1_000) / 8.0;
      case 2 -> (double) bits();
      case 3 -> pick(0.0, -0.0, 0x1p53, 0x1p53 - 1, 0x1p63, 0x1p64, Double.MIN_VALUE);
      case 4 -> random.nextDouble();
      default -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(any) && Math.abs(any) < Float.MAX_VALUE ? any : 0.5;
      }
    };
  }

  private Set<EntityId> ids() {
    return new HashSet<>(several(3, this::id));
  }

  EntityId id() {
    return EntityId.of(bits());
  }

  private long bits() {
    return some() ? random.nextInt(100) : random.nextLong();
  }

  /// Any text, characters that mean something in a query more often.
  String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(5)) {
            case 0 -> "\"'\\`$\n\t\r-;()".charAt(random.nextInt(12));
            case 1 -> random.nextInt(0x80);
            case 2 -> random.nextInt(0x1_0000, 0x11_0000);
            case 3 -> random.nextInt(0xd7ff);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }

  private Set<String> strings(int max) {
    return new HashSet<>(several(max, () -> text()));
  }

  private List<String> names(int max) {
    return several(max, this::name);
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private <T> List<T> several(int max, Supplier<T> one) {
    var list = new ArrayList<T>();
    int size = random.nextInt(max + 1);
    for (int i = 0; i < size; i++) {
      list.add(one.get());
    }
    return list;
  }

  private boolean some() {
    return random.nextBoolean();
  }

  private boolean few() {
    return random.nextInt(6) == 0;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }

  private NotificationCaps caps() {
    return new NotificationCaps(
        some() ? OptionalInt.of(random.nextInt(1, 1_001)) : OptionalInt.empty(),
        some() ? OptionalInt.of(random.nextInt(1, 1_001)) : OptionalInt.empty());
  }

  private Source source() {
    int n = random.nextInt(1, 4_097);
    var within = Duration.ofSeconds(random.nextLong(1, 4_000_000_000L));
    return switch (random.nextInt(9)) {
      case 0 -> new Source.Scan();
      case 1 -> new Source.Ann(n, pick(Source.Toward.values()), name(), some());
      case 2 -> new Source.CoEngagement(n, pick(Source.Of.values()), random.nextInt(1, 11));
      case 3 -> new Source.RecentMatch(n);
      case 4 -> new Source.Interests(n);
      case 5 -> new Source.SignalHead(name(), pick(Measure.values()), pick(Window.values()), n);
      case 6 -> new Source.Followed(n, within);
      case 7 -> new Source.Affinity(n, within);
      default -> new Source.NewItems(n, within);
    };
  }

  private Diversity diversity() {
    var limits = Diversity.NONE;
    limits = some() ? limits.maxPerCreator(random.nextInt(1, 101)) : limits;
    limits = some() ? limits.minGap(random.nextInt(1, 21)) : limits;
    limits = some() ? limits.formatMix(random.nextDouble(0.1, 1)) : limits;
    limits = some() ? limits.topicDiversity(random.nextDouble(0.1, 1)) : limits;
    limits = some() ? limits.categoryMin(random.nextInt(1, 21)) : limits;
    limits = some() ? limits.mmr(random.nextDouble()) : limits;
    return some() ? limits.per(random.nextInt(1, 1_001)) : limits;
  }
}
