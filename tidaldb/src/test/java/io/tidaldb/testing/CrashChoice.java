package io.tidaldb.testing;

/// What becomes of the pending changes when the power goes.
public sealed interface CrashChoice {

  /// Nothing that was not synced survives.
  record None() implements CrashChoice {}

  /// Everything survives, as after a mere kill of the process.
  record All() implements CrashChoice {}

  /// A random subset survives, one of its sectors perhaps torn at any byte.
  record Seeded(long seed) implements CrashChoice {}

  /// Nothing that was not synced survives.
  static CrashChoice none() {
    return new None();
  }

  /// Everything survives, as after a mere kill of the process.
  static CrashChoice all() {
    return new All();
  }

  /// A random subset survives, one of its sectors perhaps torn at any byte.
  static CrashChoice seeded(long seed) {
    return new Seeded(seed);
  }
}
