package io.tidaldb.ranking;

/// A 64-bit hash of a seed and an id, the only source of chance in a ranking.
///
/// The seed is spread first, added to the id and spread again. One spreading is the finisher of a
/// 64-bit multiplicative generator (xor with a shifted self, multiply by an odd constant, twice,
/// and a last xor): a bijection in which every input bit moves every output bit with a chance of
/// about one half. So two ids never collide under one seed, and the orders under two seeds have
/// nothing in common.
public final class Mix {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;

  private Mix() {}

  /// 64 well mixed bits.
  public static long hash(long seed, long id) {
    return spread(id + spread(seed + GOLDEN));
  }

  /// The upper 53 bits of the hash as a number in [0, 1).
  public static double unit(long seed, long id) {
    return (hash(seed, id) >>> 11) * UNIT;
  }

  private static long spread(long bits) {
    long a = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
