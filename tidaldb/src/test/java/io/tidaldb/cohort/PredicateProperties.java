package io.tidaldb.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Random predicates over random users: text and Java are the same record, and what is compiled
/// answers as a naive reading of the metadata does.
class PredicateProperties {

  private static final long NOW = 1_700_000_000_000_000_000L;
  private static final List<String> WORDS = List.of("a", "B", "É", "in", "x \"y\"");
  private static final Schema SCHEMA =
      new SchemaBuilder()
          .field(EntityKind.USER, "joined", FieldType.TIME)
          .field(EntityKind.USER, "vip", FieldType.BOOLEAN)
          .field(EntityKind.USER, "all", FieldType.NUMBER)
          .build();

  private record Case(Predicate predicate, Metadata user) {}

  private static final Generator<Case> CASES =
      random -> Sample.of(new Case(tree(random, 4), user(random)));

  @Test
  void textAndJavaAreEqualAndAnswersAreThoseOfTheMetadata() {
    Property.forAll(CASES)
        .tries(10_000)
        .check(
            one -> {
              assertThat(Predicate.parse(one.predicate.toString())).isEqualTo(one.predicate);
              var words = new Words();
              var condition = Condition.of(one.predicate, words, Map.of());
              boolean answer = condition.test().holds(new Known(words.marks(one.user)));
              assertThat(answer).isEqualTo(naive(one.predicate, one.user));
            });
  }

  private static Predicate tree(SplittableRandom random, int depth) {
    return switch (depth == 0 ? 9 : random.nextInt(10)) {
      case 0, 1 -> tree(random, depth - 1).and(tree(random, depth - 1));
      case 2, 3 -> tree(random, depth - 1).or(tree(random, depth - 1));
      case 4 -> tree(random, depth - 1).negate();
      default -> leaf(random);
    };
  }

  private static Predicate leaf(SplittableRandom random) {
    double number = (random.nextInt(7) - 3) * 0.1;
    var time = Timestamp.ofNanos(NOW + random.nextInt(5));
    return switch (random.nextInt(12)) {
      case 0 -> Predicate.eq("language", word(random));
      case 1 -> Predicate.in("language", word(random), word(random));
      case 2 -> Predicate.eq("interests", word(random));
      case 3 -> Predicate.hasAll("interests", word(random), word(random));
      case 4 -> Predicate.eq("vip", random.nextBoolean());
      case 5 -> Predicate.exists(List.of("language", "all", "joined").get(random.nextInt(3)));
      case 6 -> Predicate.between("all", number, number + 0.2);
      case 7 ->
          new Predicate.Range(
              "all", OptionalDouble.of(number), random.nextBoolean(), OptionalDouble.empty(), true);
      case 8 ->
          new Predicate.Range(
              "all", OptionalDouble.empty(), true, OptionalDouble.of(number), random.nextBoolean());
      case 9 -> new Predicate.TimeRange("joined", Optional.of(time), Optional.empty());
      case 10 -> new Predicate.TimeRange("joined", Optional.empty(), Optional.of(time));
      default -> Predicate.within("joined", Duration.ofMillis(1 + random.nextInt(3)));
    };
  }

  private static String word(SplittableRandom random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static Metadata user(SplittableRandom random) {
    var given = new TreeMap<String, Object>();
    if (random.nextInt(4) > 0) {
      given.put("language", word(random));
    }
    if (random.nextInt(4) > 0) {
      given.put("interests", new TreeSet<>(List.of(word(random), word(random))));
    }
    if (random.nextInt(4) > 0) {
      given.put("vip", random.nextBoolean());
    }
    if (random.nextInt(4) > 0) {
      given.put("all", (random.nextInt(7) - 3) * 0.1);
    }
    if (random.nextInt(4) > 0) {
      given.put("joined", Timestamp.ofNanos(NOW + random.nextInt(5)));
    }
    return Metadata.parse(SCHEMA, EntityKind.USER, EntityId.of(1), given);
  }

  /// Reads the metadata leaf by leaf.
  private static boolean naive(Predicate predicate, Metadata user) {
    return switch (predicate) {
      case Predicate.And(var parts) -> parts.stream().allMatch(part -> naive(part, user));
      case Predicate.Or(var parts) -> parts.stream().anyMatch(part -> naive(part, user));
      case Predicate.Not(var part) -> !naive(part, user);
      case Predicate.In(var field, var values) ->
          user.keywords(field).stream().anyMatch(own -> values.contains(lower(own)));
      case Predicate.HasAll(var field, var values) ->
          values.stream()
              .allMatch(v -> user.keywords(field).stream().anyMatch(own -> v.equals(lower(own))));
      case Predicate.Is(var field, var value) -> user.flag(field).equals(Optional.of(value));
      case Predicate.Exists(var field) -> user.value(field).isPresent();
      case Predicate.Range range -> {
        var own = user.number(range.field());
        yield own.isPresent()
            && range.min().stream()
                .allMatch(
                    min ->
                        own.getAsDouble() > min
                            || (range.minInclusive() && own.getAsDouble() == min))
            && range.max().stream()
                .allMatch(
                    max ->
                        own.getAsDouble() < max
                            || (range.maxInclusive() && own.getAsDouble() == max));
      }
      case Predicate.TimeRange(var field, var from, var before) -> {
        var own = user.time(field);
        yield own.isPresent()
            && from.stream().allMatch(time -> own.get().compareTo(time) >= 0)
            && before.stream().allMatch(time -> own.get().compareTo(time) < 0);
      }
      case Predicate.Within(var field, var span) -> {
        var own = user.time(field);
        yield own.isPresent()
            && own.get().nanos() > NOW + 2 - span.toNanos()
            && own.get().nanos() <= NOW + 2;
      }
      case Predicate.Did _, Predicate.Interest _, Predicate.Segment _ ->
          throw new AssertionError("not drawn here: " + predicate);
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// Attributes alone.
  private record Known(List<Mark> own) implements Facts {
    Known(Mark[] marks) {
      this(List.of(marks));
    }

    @Override
    public Mark[] marks() {
      return own.toArray(new Mark[0]);
    }

    @Override
    public long at() {
      return NOW + 2;
    }

    @Override
    public long did(int type, Window window) {
      return 0;
    }

    @Override
    public long recentEvents() {
      return 0;
    }

    @Override
    public long firstEvent() {
      return -1;
    }

    @Override
    public double share(String field, String value) {
      return Double.NaN;
    }
  }
}
