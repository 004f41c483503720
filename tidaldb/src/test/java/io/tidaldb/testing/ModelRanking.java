package io.tidaldb.testing;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// The orders of items, computed one item at a time from the formulas as they are written.
///
/// Not here: shuffle (its hash is the engine's own) and `live_viewer_count`.
public final class ModelRanking {

  /// An item and its score.
  public record Ranked(EntityId id, double score) {}

  private record Candidate(EntityId id, OptionalDouble key, String text, long created) {}

  private static final double HOUR = 3_600e9;
  private static final double YEAR_NANOS = 365 * 24 * HOUR;

  private final ModelDb model;
  private final long at;
  private final Map<String, Long> totals = new HashMap<>();

  /// Ranks at a time.
  public ModelRanking(ModelDb model, long at) {
    this.model = model;
    this.at = at;
  }

  /// Everything that a request with a sort allows, in order, whatever its limit.
  public List<Ranked> order(Retrieve request) {
    var sort = request.sort().orElseThrow();
    var filter = new ModelFilter(model, EntityKind.ITEM, at);
    return model.entities(EntityKind.ITEM).keySet().stream()
        .filter(id -> isAvailable(id) && !request.exclude().contains(id))
        .filter(id -> filter.fits(request.filter(), id))
        .filter(id -> sort != Sort.TOP_YEAR || at - created(id) <= YEAR_NANOS)
        .map(id -> candidate(sort, request.window(), id))
        .sorted(comparator(sort))
        .map(c -> new Ranked(c.id(), c.key().orElse(0)))
        .toList();
  }

  private boolean isAvailable(EntityId id) {
    var metadata = model.entities(EntityKind.ITEM).get(id).metadata();
    return metadata.time("available_from").stream().allMatch(from -> from.nanos() <= at)
        && metadata.time("available_until").stream().allMatch(until -> at < until.nanos());
  }

  private long created(EntityId id) {
    return model.entities(EntityKind.ITEM).get(id).created();
  }

  private Candidate candidate(Sort sort, Optional<Window> window, EntityId id) {
    if (sort == Sort.ALPHABETICAL_ASC || sort == Sort.ALPHABETICAL_DESC) {
      var title = model.entities(EntityKind.ITEM).get(id).metadata().text("title");
      return new Candidate(
          id,
          title.isPresent() ? OptionalDouble.of(0) : OptionalDouble.empty(),
          title.map(t -> titleKey(t) + "\0" + t).orElse(""),
          created(id));
    }
    return new Candidate(id, key(sort, window, id), "", created(id));
  }

  private static String titleKey(String title) {
    return Normalizer.normalize(title, Normalizer.Form.NFKD)
        .replaceAll("\\p{M}", "")
        .toLowerCase(Locale.ROOT)
        .strip();
  }

  private static Comparator<Candidate> comparator(Sort sort) {
    Comparator<Candidate> absentLast = Comparator.comparing(c -> c.key().isEmpty());
    Comparator<Candidate> up = Comparator.comparingDouble(c -> c.key().orElse(0));
    Comparator<Candidate> text =
        (a, b) -> java.util.Arrays.compare(points(a.text()), points(b.text()));
    var byKey =
        switch (sort) {
          case OLD, SHORTEST -> up;
          case ALPHABETICAL_ASC -> text;
          case ALPHABETICAL_DESC -> text.reversed();
          case NEW,
              HOT,
              TRENDING,
              RISING,
              CONTROVERSIAL,
              HIDDEN_GEMS,
              TOP_HOUR,
              TOP_TODAY,
              TOP_WEEK,
              TOP_MONTH,
              TOP_YEAR,
              TOP_ALL_TIME,
              MOST_VIEWED,
              MOST_LIKED,
              MOST_COMMENTED,
              MOST_SHARED,
              LONGEST,
              SHUFFLE,
              LIVE_VIEWER_COUNT,
              PERSONALIZED,
              DATE_SAVED ->
              up.reversed();
        };
    return absentLast
        .thenComparing(byKey)
        .thenComparing(Comparator.comparingLong(Candidate::created).reversed())
        .thenComparing((a, b) -> Long.compareUnsigned(a.id().value(), b.id().value()));
  }

  private static int[] points(String text) {
    return text.codePoints().toArray();
  }

  private OptionalDouble key(Sort sort, Optional<Window> window, EntityId id) {
    var metadata = model.entities(EntityKind.ITEM).get(id).metadata();
    return switch (sort) {
      case NEW, OLD -> OptionalDouble.of(created(id) / 1e9);
      case SHORTEST, LONGEST -> metadata.number("duration");
      case HOT -> OptionalDouble.of(hot(id));
      case TRENDING -> OptionalDouble.of(trending(id, window.orElse(Window.TWENTY_FOUR_HOURS)));
      case RISING -> OptionalDouble.of(rising(id));
      case CONTROVERSIAL -> OptionalDouble.of(controversial(id));
      case HIDDEN_GEMS ->
          OptionalDouble.of(
              quality(id) / Math.log10(count(id, Meaning.VIEW, Window.ALL_TIME) + 10));
      case TOP_HOUR -> OptionalDouble.of(engagement(id, Window.ONE_HOUR));
      case TOP_TODAY -> OptionalDouble.of(engagement(id, Window.TWENTY_FOUR_HOURS));
      case TOP_WEEK -> OptionalDouble.of(engagement(id, Window.SEVEN_DAYS));
      case TOP_MONTH -> OptionalDouble.of(engagement(id, Window.THIRTY_DAYS));
      case TOP_YEAR, TOP_ALL_TIME -> OptionalDouble.of(engagement(id, Window.ALL_TIME));
      case MOST_VIEWED -> most(id, Meaning.VIEW, window);
      case MOST_LIKED -> most(id, Meaning.LIKE, window);
      case MOST_COMMENTED -> most(id, Meaning.COMMENT, window);
      case MOST_SHARED -> most(id, Meaning.SHARE, window);
      case ALPHABETICAL_ASC,
          ALPHABETICAL_DESC,
          SHUFFLE,
          LIVE_VIEWER_COUNT,
          PERSONALIZED,
          DATE_SAVED ->
          throw new IllegalArgumentException("not modelled: " + sort);
    };
  }

  private OptionalDouble most(EntityId id, Meaning meaning, Optional<Window> window) {
    return OptionalDouble.of(count(id, meaning, window.orElse(Window.ALL_TIME)));
  }

  private boolean declared(Meaning meaning) {
    return model.schema().signal(meaning).isPresent();
  }

  private double count(EntityId id, Meaning meaning, Window window) {
    return model
        .schema()
        .signal(meaning)
        .map(type -> (double) model.count(id, type.name(), window, at))
        .orElse(0.0);
  }

  private double hot(EntityId id) {
    double s =
        declared(Meaning.LIKE)
            ? count(id, Meaning.LIKE, Window.ALL_TIME) - count(id, Meaning.DISLIKE, Window.ALL_TIME)
            : count(id, Meaning.VIEW, Window.ALL_TIME);
    double hours = Math.max(0, at - created(id)) / HOUR;
    // Nothing is nothing, whatever its sign.
    return Math.signum(s) * Math.log10(Math.max(Math.abs(s), 1)) / Math.pow(hours + 2, 1.8) + 0.0;
  }

  /// 0.5·u(velocity share) + 0.3·u(velocity view) + 0.2·u(velocity reach).
  public double trending(EntityId id, Window window) {
    return 0.5 * u(id, Meaning.SHARE, window, false)
        + 0.3 * u(id, Meaning.VIEW, window, false)
        + 0.2 * u(id, Meaning.VIEW, window, true);
  }

  /// √r / (1 + √r) with r = (x / X) · √N: the share of everything that happened.
  private double u(EntityId id, Meaning meaning, Window window, boolean reach) {
    var type = model.schema().signal(meaning);
    if (type.isEmpty()) {
      return 0;
    }
    var name = type.get().name();
    double x = reach ? model.reach(id, name, window, at) : model.count(id, name, window, at);
    double all =
        totals.computeIfAbsent(
            name + window + reach, absent -> model.totalCount(name, window, at, reach));
    if (x <= 0 || all == 0) {
      return 0;
    }
    double r = x / all * Math.sqrt(model.entities(EntityKind.ITEM).size());
    return Math.sqrt(r) / (1 + Math.sqrt(r));
  }

  private double rising(EntityId id) {
    double lastHour = count(id, Meaning.VIEW, Window.ONE_HOUR);
    double before = (count(id, Meaning.VIEW, Window.TWENTY_FOUR_HOURS) - lastHour) / 23;
    double hours = Math.max(0, at - created(id)) / HOUR;
    return lastHour < 3
        ? 0
        : Math.max(0, lastHour - before) / Math.sqrt(before + 1) / (1 + hours / 24);
  }

  private double controversial(EntityId id) {
    double likes = count(id, Meaning.LIKE, Window.ALL_TIME);
    double dislikes = count(id, Meaning.DISLIKE, Window.ALL_TIME);
    double n = likes + dislikes;
    return n == 0 ? 0 : likes * dislikes / (n * n) * (n / (n + 10));
  }

  private double engagement(EntityId id, Window window) {
    boolean any =
        List.of(
                Meaning.LIKE,
                Meaning.SHARE,
                Meaning.COMMENT,
                Meaning.SAVE,
                Meaning.PURCHASE,
                Meaning.DISLIKE)
            .stream()
            .anyMatch(this::declared);
    return any
        ? count(id, Meaning.LIKE, window)
            + 2 * count(id, Meaning.SHARE, window)
            + count(id, Meaning.COMMENT, window)
            + count(id, Meaning.SAVE, window)
            + 3 * count(id, Meaning.PURCHASE, window)
            - count(id, Meaning.DISLIKE, window)
        : count(id, Meaning.VIEW, window);
  }

  private double quality(EntityId id) {
    double likes = count(id, Meaning.LIKE, Window.ALL_TIME);
    double views = count(id, Meaning.VIEW, Window.ALL_TIME);
    return model
        .schema()
        .signal(Meaning.COMPLETION)
        .map(type -> wilson(Math.min(model.weightSum(id, type.name()), views), views))
        .orElseGet(() -> wilson(likes, likes + count(id, Meaning.DISLIKE, Window.ALL_TIME)));
  }

  private static double wilson(double hits, double n) {
    if (n == 0) {
      return 0;
    }
    double z = 1.96;
    double p = hits / n;
    return (p + z * z / (2 * n) - z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
        / (1 + z * z / n);
  }
}
