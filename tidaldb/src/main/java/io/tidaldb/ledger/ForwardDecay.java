package io.tidaldb.ledger;

/// The arithmetic of exponential decay with one running sum per pair.
///
/// A pair keeps `F = Σ w · 2^((t − L)/h)` for a landmark `L = k · h`; its score at any time is `F ·
/// G`, with one factor `G = 2^(−(at − L)/h)` for all pairs of the type. The landmark is a whole
/// multiple of the half-life, so moving it scales by an exact power of two and loses nothing.
public final class ForwardDecay {

  /// An event further ahead of the landmark moves it.
  public static final int AHEAD_MAX = 512;

  /// An event further behind the landmark adds nothing; a read further ahead gives 0.
  public static final int BEHIND_MAX = 960;

  /// The landmark index of a type without events.
  public static final long NONE = Long.MIN_VALUE;

  private static final double SMALLEST = Exp2.power(-1000);

  private final long halfLife;

  /// @param halfLife in nanoseconds
  public ForwardDecay(long halfLife) {
    this.halfLife = halfLife;
  }

  /// The half-life in nanoseconds.
  public long halfLifeNanos() {
    return halfLife;
  }

  /// Whole half-lives since 1970.
  public long index(long time) {
    return Math.floorDiv(time, halfLife);
  }

  /// The rest, as a fraction of a half-life, in [0, 1].
  public double phase(long time) {
    return (double) (time - index(time) * halfLife) / (double) halfLife;
  }

  /// What an event adds, `ahead` half-lives from the landmark, −[#BEHIND_MAX] … [#AHEAD_MAX].
  public double term(long time, double weight, int ahead) {
    return weight * Exp2.of(phase(time)) * Exp2.power(ahead);
  }

  /// The factor that turns sums under the landmark into scores at a time.
  public double factor(long at, long landmark) {
    if (landmark == NONE) {
      return 0.0;
    }
    long ahead = index(at) - landmark;
    if (ahead > BEHIND_MAX) {
      return 0.0;
    }
    return Exp2.ofNegative(phase(at)) * Exp2.power((int) -ahead);
  }

  /// A sum after the landmark moved by `distance` half-lives: exact, or +0.0 if less than 2^−1000
  /// is left.
  public static double rebased(double sum, long distance) {
    if (distance > 1700) {
      return 0.0;
    }
    int first = (int) Math.min(distance, AHEAD_MAX);
    double scaled = sum * Exp2.power(-first);
    int left = (int) distance - first;
    while (left > 0) {
      int step = Math.min(left, AHEAD_MAX);
      scaled *= Exp2.power(-step);
      left -= step;
    }
    return Math.abs(scaled) < SMALLEST ? 0.0 : scaled;
  }
}
