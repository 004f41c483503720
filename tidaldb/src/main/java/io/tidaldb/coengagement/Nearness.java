package io.tidaldb.coengagement;

/// How near behind one end of an edge the other came, in both directions, as shares of the edge's
/// strength: of evidence from an item that a user engaged with at once after the other, 1; p items
/// later, 1 / √p. Packed into one long: toward the lesser slot in the low half, toward the greater
/// in the high half, both f32.
///
/// Shares do not move with the landmark, and what they are shares of is exact, so 24 bits are
/// enough.
final class Nearness {

  /// Of evidence that does not know which came first.
  static final long EITHER_WAY = pack(0.5f, 0.5f);

  private static final long LOW = 0xFFFF_FFFFL;

  private Nearness() {}

  static long pack(float towardLesser, float towardGreater) {
    return ((long) Float.floatToRawIntBits(towardGreater) << 32)
        | (Float.floatToRawIntBits(towardLesser) & LOW);
  }

  static float towardLesser(long packed) {
    return Float.intBitsToFloat((int) packed);
  }

  static float towardGreater(long packed) {
    return Float.intBitsToFloat((int) (packed >>> 32));
  }

  /// The share of the strength that came when an end followed the other.
  static float toward(long packed, int end, int other) {
    return end < other ? towardLesser(packed) : towardGreater(packed);
  }

  /// After one more piece of evidence.
  ///
  /// @param packed before it
  /// @param sum the edge's sum before it
  /// @param evidence what it adds to the sum
  /// @param closeness how near behind the other end this one came, 0 … 1
  /// @param lesserCame whether the end that came now is the lesser
  static long grown(
      long packed, double sum, double evidence, double closeness, boolean lesserCame) {
    double whole = Math.min(sum + evidence, Double.MAX_VALUE);
    if (whole == 0) {
      return packed;
    }
    double lesser = towardLesser(packed) * sum + (lesserCame ? closeness * evidence : 0);
    double greater = towardGreater(packed) * sum + (lesserCame ? 0 : closeness * evidence);
    return pack((float) Math.min(1, lesser / whole), (float) Math.min(1, greater / whole));
  }

  /// Whether both are shares.
  static boolean isSound(long packed) {
    return isShare(towardLesser(packed)) && isShare(towardGreater(packed));
  }

  private static boolean isShare(float share) {
    return share >= 0 && share <= 1;
  }
}
