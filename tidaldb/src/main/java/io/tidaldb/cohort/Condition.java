package io.tidaldb.cohort;

import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.SignalType;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A predicate made ready to be asked of many users.
///
/// @param behaves whether the answer depends on time or on what the user did, and not on attributes
///   alone
/// @param test the question
record Condition(boolean behaves, Test test) {

  private static final long NEW_NANOS = Duration.ofDays(7).toNanos();
  private static final int POWER = 100;
  private static final int REGULAR = 10;

  /// A question about one user.
  interface Test {
    boolean holds(Facts facts);
  }

  /// @param types signal types by name; a leaf on one that is missing is false
  static Condition of(Predicate predicate, Words words, Map<String, SignalType> types) {
    return switch (predicate) {
      case Predicate.And(var parts) -> {
        var all = compiled(parts, words, types);
        var tests = all.stream().map(Condition::test).toArray(Test[]::new);
        yield new Condition(anyBehaves(all), facts -> all(tests, facts));
      }
      case Predicate.Or(var parts) -> {
        var all = compiled(parts, words, types);
        var tests = all.stream().map(Condition::test).toArray(Test[]::new);
        yield new Condition(anyBehaves(all), facts -> any(tests, facts));
      }
      case Predicate.Not(var part) -> {
        var inner = of(part, words, types);
        yield new Condition(inner.behaves, facts -> !inner.test.holds(facts));
      }
      case Predicate.In(var field, var values) -> in(field, values, words);
      case Predicate.Is(var field, var value) -> in(field, Set.of(Boolean.toString(value)), words);
      case Predicate.HasAll(var field, var values) -> {
        var tests =
            values.stream().map(value -> in(field, Set.of(value), words).test).toArray(Test[]::new);
        yield new Condition(false, facts -> all(tests, facts));
      }
      case Predicate.Exists(var field) -> {
        var name = words.name(field);
        yield new Condition(false, facts -> exists(name, facts));
      }
      case Predicate.Range range -> {
        var name = words.name(range.field());
        yield new Condition(false, facts -> inRange(range, name, facts));
      }
      case Predicate.TimeRange(var field, var from, var before) ->
          times(
              words.name(field),
              from.map(io.tidaldb.schema.Timestamp::nanos).orElse(0L),
              before.map(time -> time.nanos() - 1).orElse(Long.MAX_VALUE));
      case Predicate.Within(var field, var span) -> within(words.name(field), span);
      case Predicate.Did did -> did(did, types);
      case Predicate.Interest(var field, var value, var comparison, var share) ->
          new Condition(
              true,
              facts -> {
                double actual = facts.share(field, value);
                return !Double.isNaN(actual) && comparison.test(actual, share);
              });
      case Predicate.Segment(var activity) ->
          new Condition(true, facts -> segment(facts) == activity);
    };
  }

  /// Attributes first: they are asked faster.
  private static List<Condition> compiled(
      List<Predicate> parts, Words words, Map<String, SignalType> types) {
    return parts.stream()
        .map(part -> of(part, words, types))
        .sorted(Comparator.comparing(Condition::behaves))
        .toList();
  }

  private static boolean anyBehaves(List<Condition> parts) {
    return parts.stream().anyMatch(Condition::behaves);
  }

  private static boolean all(Test[] tests, Facts facts) {
    for (var test : tests) {
      if (!test.holds(facts)) {
        return false;
      }
    }
    return true;
  }

  private static boolean any(Test[] tests, Facts facts) {
    for (var test : tests) {
      if (test.holds(facts)) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // Words exist once.
  private static Condition in(String field, Set<String> values, Words words) {
    if (values.size() == 1) {
      var word = words.word(field, values.iterator().next());
      return new Condition(
          false,
          facts -> {
            for (var mark : facts.marks()) {
              if (mark == word) {
                return true;
              }
            }
            return false;
          });
    }
    var wanted = values.stream().map(value -> words.word(field, value)).collect(Collectors.toSet());
    return new Condition(
        false,
        facts -> {
          for (var mark : facts.marks()) {
            if (mark instanceof Mark.Word word && wanted.contains(word)) {
              return true;
            }
          }
          return false;
        });
  }

  @SuppressWarnings("ReferenceEquality") // Names exist once.
  private static boolean exists(String name, Facts facts) {
    for (var mark : facts.marks()) {
      if (mark.field() == name) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // Names exist once.
  private static boolean inRange(Predicate.Range range, String name, Facts facts) {
    for (var mark : facts.marks()) {
      if (mark instanceof Mark.Quantity(var field, var value) && field == name) {
        double min = range.min().orElse(Double.NEGATIVE_INFINITY);
        double max = range.max().orElse(Double.POSITIVE_INFINITY);
        return (range.minInclusive() ? value >= min : value > min)
            && (range.maxInclusive() ? value <= max : value < max);
      }
    }
    return false;
  }

  private static Condition times(String name, long first, long last) {
    return new Condition(
        false,
        facts -> {
          long time = moment(name, facts);
          return time >= first && time <= last;
        });
  }

  private static Condition within(String name, Duration span) {
    long nanos =
        span.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : span.toNanos();
    return new Condition(
        true,
        facts -> {
          long time = moment(name, facts);
          return time >= 0 && time > facts.at() - nanos && time <= facts.at();
        });
  }

  @SuppressWarnings("ReferenceEquality") // Names exist once.
  private static long moment(String name, Facts facts) {
    for (var mark : facts.marks()) {
      if (mark instanceof Mark.Moment(var field, var nanos) && field == name) {
        return nanos;
      }
    }
    return -1;
  }

  private static Condition did(Predicate.Did did, Map<String, SignalType> types) {
    var type = types.get(did.signal());
    if (type == null || !type.windows().contains(did.window())) {
      return new Condition(true, facts -> false);
    }
    int id = type.id().value();
    return new Condition(
        true, facts -> did.comparison().test((double) facts.did(id, did.window()), did.value()));
  }

  private static Predicate.Activity segment(Facts facts) {
    long first = facts.firstEvent();
    if (first >= 0 && facts.at() - first <= NEW_NANOS) {
      return Predicate.Activity.NEW;
    }
    long events = facts.recentEvents();
    if (events >= POWER) {
      return Predicate.Activity.POWER;
    }
    if (events >= REGULAR) {
      return Predicate.Activity.REGULAR;
    }
    return events >= 1 ? Predicate.Activity.CASUAL : Predicate.Activity.DORMANT;
  }
}
