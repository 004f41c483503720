package io.tidaldb.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Makes random values that know how to become simpler. The same random source gives the same
/// value.
@FunctionalInterface
public interface Generator<T> {

  /// Draws one value.
  Sample<T> draw(SplittableRandom random);

  /// Values changed by a function; they shrink as the original does.
  default <R> Generator<R> map(Function<? super T, ? extends R> change) {
    return random -> draw(random).map(change);
  }

  /// A generator that depends on a value. The second value shrinks first of all the first one's
  /// choice stands.
  default <R> Generator<R> flatMap(Function<? super T, Generator<R>> next) {
    return random -> {
      Sample<T> first = draw(random);
      long seed = random.nextLong();
      return Generators.chain(first, next, seed);
    };
  }

  /// Only values that satisfy a condition, which most must: 1,000 refusals in a row are an error.
  default Generator<T> filter(Predicate<? super T> condition) {
    return random -> {
      for (int i = 0; i < 1_000; i++) {
        Sample<T> sample = draw(random);
        if (condition.test(sample.value())) {
          return sample.filter(condition);
        }
      }
      throw new IllegalStateException("hardly any value satisfies the condition");
    };
  }

  /// Lists of up to `sizeMax` of these values.
  default Generator<List<T>> listOf(int sizeMax) {
    return lists(this, 0, sizeMax);
  }

  /// Always the same value.
  static <T> Generator<T> constant(T value) {
    return random -> Sample.of(value);
  }

  /// Whole numbers `min … max`, both included, with the ends and zero more often; simpler is nearer
  /// to zero.
  static Generator<Long> longs(long min, long max) {
    if (min > max) {
      throw new IllegalArgumentException("min > max: min=" + min + " max=" + max);
    }
    return random -> Generators.shrinkingLong(Generators.drawLong(random, min, max), min, max);
  }

  /// Whole numbers `min … max`, both included; simpler is nearer to zero.
  static Generator<Integer> ints(int min, int max) {
    return longs(min, max).map(Long::intValue);
  }

  /// Finite numbers `min ≤ x ≤ max`; simpler is a whole number nearer to zero.
  static Generator<Double> doubles(double min, double max) {
    return random -> Generators.shrinkingDouble(Generators.drawDouble(random, min, max), min, max);
  }

  /// Truth values; false is simpler.
  static Generator<Boolean> booleans() {
    return elements(List.of(false, true));
  }

  /// One of these; the earlier, the simpler.
  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> Generator<T> of(T... values) {
    return elements(List.of(values));
  }

  /// One of these; the earlier, the simpler.
  static <T> Generator<T> elements(List<T> values) {
    return ints(0, values.size() - 1).map(values::get);
  }

  /// A value of one of these generators; the earlier, the simpler.
  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> Generator<T> oneOf(Generator<? extends T>... generators) {
    List<Generator<? extends T>> choices = List.of(generators);
    return random -> Generators.widen(choices.get(random.nextInt(choices.size())).draw(random));
  }

  /// Two values made one.
  static <A, B, R> Generator<R> combine(
      Generator<A> first, Generator<B> second, BiFunction<? super A, ? super B, R> join) {
    return random -> Generators.zip(first.draw(random), second.draw(random), join);
  }

  /// Bytes, up to `sizeMax` of them.
  static Generator<byte[]> bytes(int sizeMax) {
    return ints(0, 255)
        .listOf(sizeMax)
        .map(
            list -> {
              byte[] bytes = new byte[list.size()];
              IntStream.range(0, bytes.length).forEach(i -> bytes[i] = list.get(i).byteValue());
              return bytes;
            });
  }

  /// Text of up to `sizeMax` characters of all planes, no lone surrogates; `a` is the simplest
  /// character.
  static Generator<String> text(int sizeMax) {
    Generator<Integer> character =
        oneOf(
            ints(0, 25).map(i -> 'a' + i),
            ints(0x20, 0x7e),
            ints(0xa0, 0xd7ff),
            ints(0x1_0000, 0x10_ffff));
    return character
        .listOf(sizeMax)
        .map(
            list -> {
              StringBuilder text = new StringBuilder();
              list.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  /// Lists of `sizeMin … sizeMax` values. Simpler is shorter first (halves, quarters, …, single
  /// elements are left out), then simpler elements.
  static <T> Generator<List<T>> lists(Generator<T> element, int sizeMin, int sizeMax) {
    return random -> {
      int size = random.nextInt(sizeMin, sizeMax + 1);
      List<Sample<T>> samples = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        samples.add(element.draw(random));
      }
      return Generators.list(samples, sizeMin);
    };
  }

  /// The values that follow from a seed, for a look.
  default Stream<T> stream(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> draw(random).value());
  }
}
