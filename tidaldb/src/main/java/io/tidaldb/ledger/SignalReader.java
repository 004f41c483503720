package io.tidaldb.ledger;

import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.Window;
import org.jspecify.annotations.Nullable;

/// Reads signals for one query, at one moment. Used by one thread and closed with the query; takes
/// each type's landmark and pages once, so all scores of a query share one factor per type. Array
/// calls do not allocate. Slot −1 reads as 0.
///
/// `type` is the numeric signal type id, or [#reach()].
public interface SignalReader extends AutoCloseable {

  /// The read time, nanoseconds since 1970.
  long at();

  /// The derived type that counts first views (velocity and counts only), or −1 if no type means
  /// *view*.
  int reach();

  /// `out[i] = score(slots[i])`.
  void decayScores(int type, int[] slots, int count, double[] out);

  /// `inOut[i] += coefficient · score(slots[i])`: the scoring kernel.
  void addWeighted(int type, double coefficient, int[] slots, int count, double[] inOut);

  /// `out[i] = events of slots[i] in the window`.
  void windowedCounts(int type, Window window, int[] slots, int count, long[] out);

  /// `out[i] = events per second of slots[i] in the window`.
  void velocities(int type, Window window, int[] slots, int count, double[] out);

  /// `out[i] = all-time sum of weights of slots[i]`; kept for the type that means *completion*
  /// only.
  void weightSums(int type, int[] slots, int count, double[] out);

  /// One decayed score.
  double decayScore(int type, int slot);

  /// One windowed count.
  long windowedCount(int type, Window window, int slot);

  /// The decayed score of all entities together.
  double totalDecayScore(int type);

  /// The events of all entities together in a window.
  long totalCount(int type, Window window);

  /// The all-time sum of weights of all entities together; *completion* only.
  double totalWeightSum(int type);

  /// The k best by decayed score, in order (score descending, unsigned id ascending), proven exact;
  /// returns how many.
  int hottest(int type, int k, int[] slots, double[] scores);

  /// A walk over the slots that may have events in a window, from those that may have most; null
  /// where that is not kept.
  default @Nullable PulseWalk pulse(int type, Window window) {
    return null;
  }

  /// Everything kept of one pair, at one position of the log.
  SignalReading reading(int type, int slot);

  /// Walks the whole column of decayed scores in slot order, page by page; pages without events are
  /// skipped.
  void scan(int type, ScoreConsumer consumer);

  @Override
  void close();

  /// Takes a run of scores.
  interface ScoreConsumer {
    /// Scores of slots `firstSlot … firstSlot + count − 1` in `scores[0 … count − 1]`; the array is
    /// reused.
    void scores(int firstSlot, int count, double[] scores);
  }
}
