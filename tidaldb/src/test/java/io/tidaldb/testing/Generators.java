package io.tidaldb.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// How drawn values become simpler: the trees behind [Generator].
final class Generators {

  private Generators() {}

  static long drawLong(SplittableRandom random, long min, long max) {
    long zero = Math.clamp(0L, min, max);
    return switch (random.nextInt(20)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> zero;
      // A small number: interesting in a wide range, likely to repeat.
      case 3, 4, 5 -> Math.clamp(random.nextLong(-16, 17), min, max);
      default -> max == Long.MAX_VALUE ? anyLong(random, min) : random.nextLong(min, max + 1);
    };
  }

  private static long anyLong(SplittableRandom random, long min) {
    return min == Long.MIN_VALUE ? random.nextLong() : random.nextLong(min - 1, Long.MAX_VALUE) + 1;
  }

  static double drawDouble(SplittableRandom random, double min, double max) {
    double zero = Math.clamp(0.0, min, max);
    return switch (random.nextInt(20)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> zero;
      case 3, 4, 5 -> Math.clamp((double) random.nextInt(-16, 17), min, max);
      default -> {
        double part = random.nextDouble();
        // Not min + (max - min) * part, which overflows for a wide range.
        yield Math.clamp(min * (1 - part) + max * part, min, max);
      }
    };
  }

  static Sample<Long> shrinkingLong(long value, long min, long max) {
    long zero = Math.clamp(0L, min, max);
    return new Sample<>(
        value,
        () ->
            nearer(value, zero)
                .filter(v -> v >= min && v <= max)
                .mapToObj(v -> shrinkingLong(v, min, max)));
  }

  /// The target, then halfway, three quarters of the way, … back to the neighbour of the value.
  private static LongStream nearer(long value, long target) {
    // A distance that does not fit in a long is halved first.
    long half = value / 2 - target / 2;
    LongStream halves =
        LongStream.iterate(half, step -> step != 0, step -> step / 2)
            .map(step -> value - step)
            .filter(v -> v != value && v != target);
    LongStream neighbour = LongStream.of(value > target ? value - 1 : value + 1);
    return value == target
        ? LongStream.empty()
        : LongStream.concat(LongStream.of(target), LongStream.concat(halves, neighbour)).distinct();
  }

  static Sample<Double> shrinkingDouble(double value, double min, double max) {
    double zero = Math.clamp(0.0, min, max);
    return new Sample<>(
        value,
        () ->
            Stream.of(zero, (double) (long) value, (double) (long) (value / 2), value / 2)
                .filter(v -> v >= min && v <= max && Math.abs(v - zero) < Math.abs(value - zero))
                .distinct()
                .map(v -> shrinkingDouble(v, min, max)));
  }

  static <A, B, R> Sample<R> zip(
      Sample<A> first, Sample<B> second, BiFunction<? super A, ? super B, R> join) {
    return new Sample<>(
        join.apply(first.value(), second.value()),
        () ->
            Stream.concat(
                first.simpler().get().map(a -> zip(a, second, join)),
                second.simpler().get().map(b -> zip(first, b, join))));
  }

  static <T, R> Sample<R> chain(
      Sample<T> first, Function<? super T, Generator<R>> next, long seed) {
    Sample<R> second = next.apply(first.value()).draw(new SplittableRandom(seed));
    return new Sample<>(
        second.value(),
        () ->
            Stream.concat(
                first.simpler().get().map(t -> chain(t, next, seed)), second.simpler().get()));
  }

  @SuppressWarnings("unchecked") // A sample only gives values out.
  static <T> Sample<T> widen(Sample<? extends T> sample) {
    return (Sample<T>) sample;
  }

  static <T> Sample<List<T>> list(List<Sample<T>> samples, int sizeMin) {
    return new Sample<>(
        samples.stream().map(Sample::value).toList(),
        () -> Stream.concat(shorter(samples, sizeMin), simplerElements(samples, sizeMin)));
  }

  private static <T> Stream<Sample<List<T>>> shorter(List<Sample<T>> samples, int sizeMin) {
    int size = samples.size();
    return IntStream.iterate(size, chunk -> chunk > 0, chunk -> chunk / 2)
        .filter(chunk -> size - chunk >= sizeMin)
        .boxed()
        .flatMap(
            chunk ->
                IntStream.iterate(0, from -> from < size, from -> from + chunk)
                    .mapToObj(from -> without(samples, from, Math.min(from + chunk, size)))
                    .map(rest -> list(rest, sizeMin)));
  }

  private static <T> Stream<Sample<List<T>>> simplerElements(List<Sample<T>> samples, int sizeMin) {
    return IntStream.range(0, samples.size())
        .boxed()
        .flatMap(i -> samples.get(i).simpler().get().map(s -> list(with(samples, i, s), sizeMin)));
  }

  private static <T> List<T> without(List<T> list, int from, int to) {
    List<T> rest = new ArrayList<>(list.subList(0, from));
    rest.addAll(list.subList(to, list.size()));
    return rest;
  }

  private static <T> List<T> with(List<T> list, int index, T element) {
    List<T> changed = new ArrayList<>(list);
    changed.set(index, element);
    return changed;
  }
}
