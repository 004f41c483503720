package io.tidaldb.schema;

import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/// Which users are in a cohort. Immutable, composable, two-valued: a leaf on an absent value is
/// false, so its NOT is true.
///
/// ```java
/// eq("language", "en").and(between("age", 18, 29)).and(did("view", SEVEN_DAYS).atLeast(10))
/// ```
///
/// `toString()` gives the canonical text, and [#parse] reads it back: the same predicate in Java
/// and as text is the same record.
public sealed interface Predicate {

  /// Reads a predicate: the filter grammar over users.
  ///
  /// @throws InvalidRequestException `PREDICATE_SYNTAX` with line, column and what was expected
  /// @throws LimitExceededException if it is too large
  static Predicate parse(String text) {
    return PredicateRules.bounded(new PredicateParser(text).parse());
  }

  /* --- leaves --- */

  /// The keyword, id or one of the tags is this, compared after NFC and lower case.
  static Predicate eq(String field, String value) {
    return new In(field, Set.of(value));
  }

  /// The number is this; durations count in seconds.
  static Predicate eq(String field, double value) {
    return between(field, value, value);
  }

  /// The boolean is this.
  static Predicate eq(String field, boolean value) {
    return new Is(field, value);
  }

  /// The keyword, id or one of the tags is one of these.
  static Predicate in(String field, String... values) {
    return new In(field, new TreeSet<>(Arrays.asList(values)));
  }

  /// The keyword, id or one of the tags is one of these.
  static Predicate in(String field, Collection<String> values) {
    return new In(field, new TreeSet<>(values));
  }

  /// All of these are among the tags.
  static Predicate hasAll(String field, String... values) {
    return new HasAll(field, new TreeSet<>(Arrays.asList(values)));
  }

  /// `min ≤ value ≤ max`; durations count in seconds.
  static Predicate between(String field, double min, double max) {
    return new Range(field, OptionalDouble.of(min), true, OptionalDouble.of(max), true);
  }

  /// `value ≥ min`.
  static Predicate atLeast(String field, double min) {
    return new Range(field, OptionalDouble.of(min), true, OptionalDouble.empty(), true);
  }

  /// `value ≤ max`.
  static Predicate atMost(String field, double max) {
    return new Range(field, OptionalDouble.empty(), true, OptionalDouble.of(max), true);
  }

  /// The time is this or later.
  static Predicate after(String field, Timestamp from) {
    return new TimeRange(field, Optional.of(from), Optional.empty());
  }

  /// The time is earlier.
  static Predicate before(String field, Timestamp before) {
    return new TimeRange(field, Optional.empty(), Optional.of(before));
  }

  /// The time lies within this span before the moment that is asked about.
  static Predicate within(String field, Duration span) {
    return new Within(field, span);
  }

  /// The field is present.
  static Predicate exists(String field) {
    return new Exists(field);
  }

  /// Begins a condition on how often the user did something.
  static DidCondition did(String signal, Window window) {
    return new DidCondition(signal, window);
  }

  /// Begins a condition on which share of the user's positive signals went to items with a value.
  static InterestCondition interest(String field, String value) {
    return new InterestCondition(field, value);
  }

  /// The user is in this segment of activity.
  static Predicate segment(Activity activity) {
    return new Segment(activity);
  }

  /* --- composition --- */

  /// All of these, one at least.
  static Predicate and(Predicate... parts) {
    return parts.length == 1 ? parts[0] : new And(List.of(parts));
  }

  /// One of these, one at least.
  static Predicate or(Predicate... parts) {
    return parts.length == 1 ? parts[0] : new Or(List.of(parts));
  }

  /// The negation.
  static Predicate not(Predicate part) {
    return new Not(part);
  }

  /// Both.
  default Predicate and(Predicate other) {
    return new And(List.of(this, other));
  }

  /// Either.
  default Predicate or(Predicate other) {
    return new Or(List.of(this, other));
  }

  /// The negation.
  default Predicate negate() {
    return new Not(this);
  }

  /// A keyword as it is compared: NFC, lower case.
  static String keyword(String text) {
    var lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(lower, Normalizer.Form.NFC);
  }

  /* --- records --- */

  /// @param parts all must hold, two at least; a part that is an And itself is taken apart
  record And(List<Predicate> parts) implements Predicate {
    public And {
      var flat = new ArrayList<Predicate>();
      for (var part : parts) {
        if (part instanceof And and) {
          flat.addAll(and.parts);
        } else {
          flat.add(part);
        }
      }
      parts = several(flat);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// @param parts one must hold, two at least; a part that is an Or itself is taken apart
  record Or(List<Predicate> parts) implements Predicate {
    public Or {
      var flat = new ArrayList<Predicate>();
      for (var part : parts) {
        if (part instanceof Or or) {
          flat.addAll(or.parts);
        } else {
          flat.add(part);
        }
      }
      parts = several(flat);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// @param part must not hold
  record Not(Predicate part) implements Predicate {
    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// A keyword, an id or one of the tags is one of these.
  ///
  /// @param values as they are compared, one at least
  record In(String field, Set<String> values) implements Predicate {
    public In {
      field = name("field", field);
      values = keywords(field, values);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// The tags hold all of these.
  ///
  /// @param values as they are compared, one at least
  record HasAll(String field, Set<String> values) implements Predicate {
    public HasAll {
      field = name("field", field);
      values = keywords(field, values);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// A boolean has this value.
  record Is(String field, boolean value) implements Predicate {
    public Is {
      field = name("field", field);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// A number, or a duration in seconds, lies in a range.
  ///
  /// @param min lower end, empty for none
  /// @param minInclusive whether `min` itself fits; true without `min`
  /// @param max upper end, empty for none
  /// @param maxInclusive whether `max` itself fits; true without `max`
  record Range(
      String field,
      OptionalDouble min,
      boolean minInclusive,
      OptionalDouble max,
      boolean maxInclusive)
      implements Predicate {
    public Range {
      field = name("field", field);
      min = finite(field, min);
      max = finite(field, max);
      if (min.isEmpty() && max.isEmpty()) {
        throw invalid("a range needs an end: field=" + field);
      }
      minInclusive |= min.isEmpty();
      maxInclusive |= max.isEmpty();
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// A time lies in `from ≤ t < before`.
  record TimeRange(String field, Optional<Timestamp> from, Optional<Timestamp> before)
      implements Predicate {
    public TimeRange {
      field = name("field", field);
      if (from.isEmpty() && before.isEmpty()) {
        throw invalid("a range needs an end: field=" + field);
      }
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// A time lies in `at − span < t ≤ at`, at being the moment that is asked about.
  ///
  /// @param span whole milliseconds, more than none
  record Within(String field, Duration span) implements Predicate {
    public Within {
      field = name("field", field);
      if (span.toMillis() <= 0 || !Duration.ofMillis(span.toMillis()).equals(span)) {
        throw invalid("a span is whole milliseconds, more than none: given=" + span);
      }
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// The field is present.
  record Exists(String field) implements Predicate {
    public Exists {
      field = name("field", field);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// How often the user did something in a window compares with a number.
  record Did(String signal, Window window, Filter.Comparison comparison, double value)
      implements Predicate {
    public Did {
      signal = name("signal", signal);
      value = finite(signal, value);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// The share of the user's positive signals that went to items with a value compares with a
  /// number; false until there are five.
  ///
  /// @param value as it is compared
  /// @param share 0 … 1
  record Interest(String field, String value, Filter.Comparison comparison, double share)
      implements Predicate {
    public Interest {
      field = name("field", field);
      value = keyword(value);
      share = finite(field, share);
    }

    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// The user is in a segment of activity.
  record Segment(Activity activity) implements Predicate {
    @Override
    public String toString() {
      return PredicateText.write(this);
    }
  }

  /// Segments of activity; every user is in exactly one.
  enum Activity {
    /// The first event is at most 7 days old.
    NEW,
    /// 100 events or more in 30 days.
    POWER,
    /// 10 events or more in 30 days.
    REGULAR,
    /// 1 event or more in 30 days.
    CASUAL,
    /// No event in 30 days.
    DORMANT;

    /// The name in predicates: lower case.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The segment with this label.
    public static Optional<Activity> ofLabel(String label) {
      return Arrays.stream(values()).filter(activity -> activity.label().equals(label)).findFirst();
    }
  }

  /// A signal in a window that waits for its comparison.
  ///
  /// @param signal what the user did
  /// @param window a declared window
  record DidCondition(String signal, Window window) {
    /// So often or more.
    public Predicate atLeast(long times) {
      return compare(Filter.Comparison.AT_LEAST, (double) times);
    }

    /// So often or less.
    public Predicate atMost(long times) {
      return compare(Filter.Comparison.AT_MOST, (double) times);
    }

    /// Any comparison.
    public Predicate compare(Filter.Comparison comparison, double value) {
      return new Did(signal, window, comparison, value);
    }
  }

  /// An interest that waits for its comparison.
  ///
  /// @param field a field of items
  /// @param value what it holds
  record InterestCondition(String field, String value) {
    /// This share or more.
    public Predicate atLeast(double share) {
      return compare(Filter.Comparison.AT_LEAST, share);
    }

    /// Any comparison.
    public Predicate compare(Filter.Comparison comparison, double share) {
      return new Interest(field, value, comparison, share);
    }
  }

  private static List<Predicate> several(List<Predicate> parts) {
    if (parts.size() < 2) {
      throw invalid("a composition needs two parts: given=" + parts);
    }
    return List.copyOf(parts);
  }

  private static String name(String what, String given) {
    if (!PredicateRules.NAME.matcher(given).matches()) {
      throw invalid(what + " name not valid: given=" + given + " allowed=[a-z][a-z0-9_]{0,63}");
    }
    return given;
  }

  private static Set<String> keywords(String field, Set<String> given) {
    if (given.isEmpty()) {
      throw invalid("no value is given: field=" + field);
    }
    var keywords = new TreeSet<String>();
    given.forEach(value -> keywords.add(keyword(value)));
    return Collections.unmodifiableSet(keywords);
  }

  private static OptionalDouble finite(String name, OptionalDouble value) {
    return value.isEmpty() ? value : OptionalDouble.of(finite(name, value.getAsDouble()));
  }

  private static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw invalid("not a number: name=" + name + " given=" + value);
    }
    return value == 0 ? 0.0 : value;
  }

  private static InvalidRequestException invalid(String what) {
    return new InvalidRequestException("PREDICATE_INVALID", what);
  }
}
