package io.tidaldb.search;

import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Meaning;
import org.jspecify.annotations.Nullable;

/// What is preferred within one session, learnt from its signals alone, in the way in which users'
/// preferences are, only faster. It lives as long as a query: the session's signals are kept, this
/// is not. Used by one thread.
public final class SessionPreference {

  private final Vectors items;
  private final FeedbackPolicy policy;
  private final double haste;
  private final double[] moved;
  private final float[] rounded;
  private boolean known;

  /// @param items vectors as of now
  /// @param policy what signals teach
  /// @param haste how many times as far each signal moves it
  public SessionPreference(Vectors items, FeedbackPolicy policy, double haste) {
    this.items = items;
    this.policy = policy;
    this.haste = haste;
    this.moved = new double[items.slot().dimensions()];
    this.rounded = new float[moved.length];
  }

  /// A signal about an item, the next of the session.
  public void signal(int item, Meaning meaning, double weight) {
    double step = haste * policy.effect(meaning).preference() * weight;
    float[] vector = step == 0 || weight <= 0 ? null : items.vector(item);
    double[] unit = vector == null ? null : VectorMath.unit(vector);
    if (unit == null || (!known && step < 0)) {
      return;
    }
    double part = Math.min(Learning.STEP_MAX, step);
    for (int i = 0; i < moved.length; i++) {
      if (!known) {
        moved[i] = unit[i];
      } else if (step > 0) {
        moved[i] = (1 - part) * rounded[i] + part * unit[i];
      } else {
        moved[i] = rounded[i] + step * unit[i];
      }
    }
    known |= VectorMath.round(moved, known ? Learning.LENGTH_MIN : 0, rounded);
  }

  /// A vector of length 1; null before the first positive signal about an item with a vector.
  public float @Nullable [] vector() {
    return known ? rounded.clone() : null;
  }
}
