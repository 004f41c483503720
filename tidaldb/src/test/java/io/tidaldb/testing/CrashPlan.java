package io.tidaldb.testing;

/// How many of the legal states after a power cut are looked at.
///
/// @param subsetsMax if all subsets of what is pending are at most this many, all are tried;
///   otherwise every prefix, every single omission, every single inclusion and `randomSubsets`
/// @param randomSubsets how many random subsets, each also torn at a random byte
/// @param garbage also states in which a lost sector of a grown file holds random bytes instead of
///   zeros
/// @param seed for everything random
public record CrashPlan(int subsetsMax, int randomSubsets, boolean garbage, long seed) {

  /// Up to 256 subsets, 16 random ones, with garbage.
  public static CrashPlan of(long seed) {
    return new CrashPlan(256, 16, true, seed);
  }
}
