package io.tidaldb.search;

import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Meaning;

/// Moves the preferences of users by what they do: unit vectors, computed as doubles in index
/// order, kept as floats, so that every replay gives the same bits.
///
/// **Threads.** The writer only; it has room of its own to compute in.
final class Learning {

  /// Behind a vector that was written with the user.
  static final double WRITTEN_EVIDENCE = 5;

  /// The farthest that one positive signal moves a preference.
  static final double STEP_MAX = 0.5;

  /// A preference that a negative signal would leave shorter than this stays as it is.
  static final double LENGTH_MIN = 1e-3;

  private final VectorColumn preferences;
  private final FeedbackPolicy policy;
  private final double[] of;
  private final double[] moved;
  private final float[] rounded;

  /// @param policy what signals teach
  Learning(VectorColumn preferences, FeedbackPolicy policy) {
    this.preferences = preferences;
    this.policy = policy;
    of = new double[preferences.slot().dimensions()];
    moved = new double[of.length];
    rounded = new float[of.length];
  }

  /// The column of preferences.
  VectorColumn preferences() {
    return preferences;
  }

  /// A user gave a signal about an item. Without a vector of the item nothing changes.
  void signal(int user, Meaning meaning, double weight, VectorColumn items, int item, Stamp stamp) {
    double rate = policy.effect(meaning).preference();
    if (rate != 0 && weight > 0 && items.unit(item, of)) {
      learn(user, rate * weight, policy.evidence(meaning, weight), stamp);
    }
  }

  /// A user follows a creator. Without a vector of the creator nothing changes.
  void follow(int user, VectorColumn creators, int creator, Stamp stamp) {
    double rate = policy.follow().preference();
    if (rate != 0 && creators.slot().dimensions() == of.length && creators.unit(creator, of)) {
      learn(user, rate, policy.follow().evidence(), stamp);
    }
  }

  /// A preference was written with the user.
  void write(int user, float[] vector, Stamp stamp) {
    for (int i = 0; i < moved.length; i++) {
      moved[i] = vector[i];
    }
    put(user, Double.MIN_VALUE, WRITTEN_EVIDENCE, stamp);
  }

  /// @param step toward the vector in [#of], or away from it
  private void learn(int user, double step, double evidence, Stamp stamp) {
    boolean known = preferences.vector(user, moved);
    if (!known && step < 0) {
      return;
    }
    if (!known) {
      System.arraycopy(of, 0, moved, 0, of.length);
      put(user, 0, evidence, stamp);
    } else if (step > 0) {
      double part = Math.min(STEP_MAX, step);
      for (int i = 0; i < moved.length; i++) {
        moved[i] = (1 - part) * moved[i] + part * of[i];
      }
      // Opposite vectors can cancel each other: then nothing says which way to go.
      put(user, LENGTH_MIN, preferences.evidence(user) + evidence, stamp);
    } else {
      for (int i = 0; i < moved.length; i++) {
        moved[i] += step * of[i];
      }
      put(user, LENGTH_MIN, preferences.evidence(user), stamp);
    }
  }

  private void put(int user, double lengthMin, double evidence, Stamp stamp) {
    if (VectorMath.round(moved, lengthMin, rounded)) {
      preferences.put(user, new VectorRow(rounded, stamp.position, stamp.time, evidence));
    }
  }

  /// Where something stands in the log, and when it was.
  record Stamp(long position, long time) {}
}
