package io.tidaldb.testing;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A generated value together with the simpler values to try when it fails, simplest first; each
/// again with its own.
///
/// @param value the value
/// @param simpler what to try instead; may be asked more than once
public record Sample<T>(T value, Supplier<Stream<Sample<T>>> simpler) {

  /// A value that cannot be simplified.
  public static <T> Sample<T> of(T value) {
    return new Sample<>(value, Stream::empty);
  }

  /// The same tree with every value changed.
  public <R> Sample<R> map(Function<? super T, ? extends R> change) {
    return new Sample<>(change.apply(value), () -> simpler.get().map(s -> s.map(change)));
  }

  /// This tree without the values that do not satisfy a condition; in the place of a refused one
  /// stand those of its own simpler values that do.
  Sample<T> filter(Predicate<? super T> condition) {
    return new Sample<>(
        value,
        () ->
            simpler
                .get()
                .flatMap(s -> condition.test(s.value()) ? Stream.of(s) : s.simpler().get())
                .filter(s -> condition.test(s.value()))
                .map(s -> s.filter(condition)));
  }
}
