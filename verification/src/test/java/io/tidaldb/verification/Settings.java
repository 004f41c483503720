package io.tidaldb.verification;

import java.util.Optional;
import java.util.SplittableRandom;

/// What a run was told on the command line: `-Dtidal.seed`, `-Dtidal.tries`, `-Dtidal.slow`.
final class Settings {

  private Settings() {}

  /// The first seed; another one each run unless it is given.
  static long seed() {
    return number("tidal.seed").orElseGet(() -> (long) new SplittableRandom().nextInt(1 << 30));
  }

  /// How many tries.
  static int tries(int usual) {
    return number("tidal.tries").map(Long::intValue).orElse(usual);
  }

  /// Whether there is time.
  static boolean isSlow() {
    return Boolean.getBoolean("tidal.slow");
  }

  private static Optional<Long> number(String name) {
    return Optional.ofNullable(System.getProperty(name))
        .filter(text -> !text.isBlank())
        .map(Long::valueOf);
  }
}
