package io.tidaldb.testing;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A statement that holds for every generated value, tried with many, reported with the simplest
/// one that breaks it.
///
/// ```java
/// Property.forAll(Generator.longs(0, 100).listOf(50)).check(list -> assertThat(sum(list)).isPositive());
/// ```
///
/// Try *i* uses seed + *i*, and a failure prints its own seed: `-Dtidal.seed=8817` makes that the
/// first try. `-Dtidal.tries=1000` changes how many, `-Pslow` multiplies by 20. Without a seed each
/// run draws another one.
public final class Property<T> {

  private static final int TRIES = 200;
  private static final int SLOW_FACTOR = 20;
  private static final int SHRINK_ATTEMPTS_MAX = 5_000;

  /// What must hold; it fails by throwing.
  @FunctionalInterface
  public interface Statement<T> {
    /// Throws if the value breaks the statement.
    void check(T value) throws Exception;
  }

  private final Generator<T> generator;
  private final int tries;
  private final long seed;

  private Property(Generator<T> generator, int tries, long seed) {
    this.generator = generator;
    this.tries = tries;
    this.seed = seed;
  }

  /// A statement about the values of a generator.
  public static <T> Property<T> forAll(Generator<T> generator) {
    return new Property<>(
        generator, triesOr(TRIES), setting("tidal.seed").orElseGet(Property::freshSeed));
  }

  /// Exactly these tries, whatever the command line says: for the test of this class.
  static <T> Property<T> exactly(Generator<T> generator, int tries, long seed) {
    return new Property<>(generator, tries, seed);
  }

  /// Another number of tries than 200; the command line overrides it.
  public Property<T> tries(int count) {
    return new Property<>(generator, triesOr(count), seed);
  }

  /// As many tries as a promise names, whatever the command line says.
  public Property<T> always(int count) {
    return new Property<>(generator, count, seed);
  }

  /// A fixed first seed, for a case that once failed; the command line overrides it.
  public Property<T> seed(long first) {
    return new Property<>(generator, tries, setting("tidal.seed").orElse(first));
  }

  /// Tries.
  ///
  /// @throws AssertionError with seed, simplest value and the failure it causes
  public void check(Statement<? super T> statement) {
    for (int i = 0; i < tries; i++) {
      Sample<T> sample = generator.draw(new SplittableRandom(seed + i));
      Throwable failure = failureOf(statement, sample.value());
      if (failure != null) {
        throw report(i, shrink(statement, new Found<>(sample, failure, 0)));
      }
    }
  }

  private record Found<T>(Sample<T> sample, Throwable failure, int steps) {}

  /// Goes to the first simpler value that fails too, again and again.
  private static <T> Found<T> shrink(Statement<? super T> statement, Found<T> first) {
    Found<T> found = first;
    int attempts = 0;
    Iterator<Sample<T>> simpler = found.sample().simpler().get().iterator();
    while (simpler.hasNext() && attempts++ < SHRINK_ATTEMPTS_MAX) {
      Sample<T> sample = simpler.next();
      Throwable failure = failureOf(statement, sample.value());
      if (failure != null) {
        found = new Found<>(sample, failure, found.steps() + 1);
        simpler = sample.simpler().get().iterator();
      }
    }
    return found;
  }

  private static <T> @Nullable Throwable failureOf(Statement<? super T> statement, T value) {
    try {
      statement.check(value);
      return null;
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) { // Assertions and simulated crashes are errors.
      return e;
    }
  }

  private AssertionError report(int index, Found<T> found) {
    long failing = seed + index;
    String text =
        "property failed: seed="
            + failing
            + " try="
            + (index + 1)
            + " of="
            + tries
            + " shrunk="
            + found.steps()
            + "\n  value:  "
            + show(found.sample().value())
            + "\n  failure: "
            + found.failure()
            + "\n  replay: mvn test"
            + caller().map(name -> " -Dtest=" + name).orElse("")
            + " -Dtidal.seed="
            + failing;
    return new AssertionError(text, found.failure());
  }

  private static Optional<String> caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(Property.class.getName()))
                    .findFirst()
                    .map(StackWalker.StackFrame::getClassName))
        .map(name -> name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$.*", ""));
  }

  private static String show(Object value) {
    return switch (value) {
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case long[] longs -> Arrays.toString(longs);
      case double[] doubles -> Arrays.toString(doubles);
      case Object[] objects -> Arrays.deepToString(objects);
      default -> value.toString();
    };
  }

  private static int triesOr(int count) {
    return Math.toIntExact(
        setting("tidal.tries")
            .orElse((long) count * (Boolean.getBoolean("tidal.slow") ? SLOW_FACTOR : 1)));
  }

  /// A number given on the command line; the build passes an empty text where there is none.
  private static Optional<Long> setting(String name) {
    return Optional.ofNullable(System.getProperty(name))
        .filter(text -> !text.isBlank())
        .map(Long::valueOf);
  }

  private static long freshSeed() {
    return new SplittableRandom().nextInt(Integer.MAX_VALUE);
  }
}
