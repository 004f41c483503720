package io.tidaldb.relation;

import io.tidaldb.ledger.ForwardDecay;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// How much one user engages with creators: the 1,000 strongest, in forward decay with the
/// half-life that the feedback policy says. W ← max(0, W + δ); a creator at 0 is not kept. When
/// another enters, the least leaves (ties: the greater id).
///
/// All sums have one landmark, so their order is the order at any time.
///
/// **Threads.** As [Moments].
final class Affinities {

  static final int MAX = 1_000;

  private static final int FIRST_LENGTH = 4;
  private static final int ENTRY_BYTES = 32;

  private long landmark = ForwardDecay.NONE;
  private long[] creators = Empty.LONGS;
  private double[] sums = Empty.DOUBLES;
  private long[] since = Empty.LONGS;
  private long[] changed = Empty.LONGS;
  private int size;
  private ForwardDecay decay;

  Affinities(ForwardDecay decay) {
    this.decay = decay;
  }

  int size() {
    return size;
  }

  long creator(int index) {
    return creators[index];
  }

  long since(int index) {
    return since[index];
  }

  long changed(int index) {
    return changed[index];
  }

  double sum(int index) {
    return sums[index];
  }

  long landmark() {
    return landmark;
  }

  /// What turns sums into values at a time.
  double factor(long at) {
    return decay.factor(at, landmark);
  }

  /// The creators, in no order, the caller's own. On a copy.
  long[] creators() {
    return Arrays.copyOf(creators, size);
  }

  /// Where a creator is, or −1.
  int find(long creator) {
    for (int i = 0; i < size; i++) {
      if (creators[i] == creator) {
        return i;
      }
    }
    return -1;
  }

  /// Decays by another half-life from a time on: every value at that time stays what it is. Later
  /// events of an earlier time are counted back by the new half-life, as are reads of it.
  void change(ForwardDecay newDecay, long time) {
    double factor = size == 0 ? 0 : decay.factor(time, landmark);
    decay = newDecay;
    landmark = decay.index(time);
    for (int i = size - 1; i >= 0; i--) {
      double sum = decay.term(time, sums[i] * factor, 0);
      if (sum > 0 && Double.isFinite(sum)) {
        sums[i] = sum;
      } else {
        removeAt(i);
      }
    }
    forgetLandmark();
  }

  /// What the sums of a saved user decay by.
  void use(ForwardDecay savedWith) {
    decay = savedWith;
  }

  /// Raises or lowers a creator's value at a time.
  void add(long creator, double delta, long time) {
    double term = term(time, delta);
    int at = find(creator);
    if (at >= 0) {
      put(at, sums[at] + term, time);
    } else if (term > 0) {
      enter(creator, term, time);
    }
    forgetLandmark();
  }

  /// Replaces a creator's value by that at a time.
  void set(long creator, double value, long time) {
    double term = term(time, value);
    int at = find(creator);
    if (at >= 0) {
      put(at, term, time);
    } else if (term > 0) {
      enter(creator, term, time);
    }
    forgetLandmark();
  }

  void remove(long creator) {
    int at = find(creator);
    if (at >= 0) {
      removeAt(at);
    }
    forgetLandmark();
  }

  /// Without creators there is no landmark. Who has nothing is not saved, and what comes next must
  /// not depend on whether that was before or after a reopening.
  private void forgetLandmark() {
    if (size == 0) {
      landmark = ForwardDecay.NONE;
    }
  }

  private double term(long time, double value) {
    if (landmark == ForwardDecay.NONE) {
      landmark = decay.index(time);
    }
    long ahead = decay.index(time) - landmark;
    if (ahead > ForwardDecay.AHEAD_MAX) {
      rebase(ahead);
      ahead = 0;
    }
    return ahead < -ForwardDecay.BEHIND_MAX ? 0 : decay.term(time, value, (int) ahead);
  }

  private void rebase(long distance) {
    landmark += distance;
    for (int i = size - 1; i >= 0; i--) {
      sums[i] = ForwardDecay.rebased(sums[i], distance);
      if (sums[i] <= 0) {
        removeAt(i);
      }
    }
  }

  private void put(int at, double sum, long time) {
    if (sum > 0) {
      sums[at] = sum;
      changed[at] = Math.max(changed[at], time);
    } else {
      removeAt(at);
    }
  }

  private void enter(long creator, double sum, long time) {
    int at = size;
    if (size == MAX) {
      int least = least();
      if (isLess(sum, creator, sums[least], creators[least])) {
        return;
      }
      at = least;
    } else if (size == creators.length) {
      int length = Math.min(MAX, Math.max(FIRST_LENGTH, 2 * size));
      creators = Arrays.copyOf(creators, length);
      sums = Arrays.copyOf(sums, length);
      since = Arrays.copyOf(since, length);
      changed = Arrays.copyOf(changed, length);
    }
    creators[at] = creator;
    sums[at] = sum;
    since[at] = time;
    changed[at] = time;
    size = Math.max(size, at + 1);
  }

  private int least() {
    int least = 0;
    for (int i = 1; i < size; i++) {
      if (isLess(sums[i], creators[i], sums[least], creators[least])) {
        least = i;
      }
    }
    return least;
  }

  private static boolean isLess(double sum, long creator, double otherSum, long otherCreator) {
    return sum != otherSum ? sum < otherSum : Long.compareUnsigned(creator, otherCreator) > 0;
  }

  private void removeAt(int at) {
    size--;
    creators[at] = creators[size];
    sums[at] = sums[size];
    since[at] = since[size];
    changed[at] = changed[size];
  }

  /// The same, the caller's own. May give anything while the writer changes it.
  Affinities copy() {
    var copy = new Affinities(decay);
    copy.landmark = landmark;
    int count = Math.max(0, Math.min(size, creators.length));
    copy.creators = Arrays.copyOf(creators, count);
    copy.sums = Arrays.copyOf(sums, count);
    copy.since = Arrays.copyOf(since, count);
    copy.changed = Arrays.copyOf(changed, count);
    copy.size = count;
    return copy;
  }

  int sizeBytes() {
    return 12 + size * ENTRY_BYTES;
  }

  void encode(ByteBuffer out) {
    out.putInt(size).putLong(landmark);
    for (int i = 0; i < size; i++) {
      out.putLong(creators[i]).putDouble(sums[i]).putLong(since[i]).putLong(changed[i]);
    }
  }

  void decode(ByteBuffer in) {
    int count = in.getInt();
    landmark = in.getLong();
    if (count < 0 || count > MAX || count > in.remaining() / ENTRY_BYTES) {
      throw new IllegalArgumentException("count does not fit: count=" + count + " max=" + MAX);
    }
    creators = new long[count];
    sums = new double[count];
    since = new long[count];
    changed = new long[count];
    size = count;
    forgetLandmark();
    for (int i = 0; i < count; i++) {
      creators[i] = in.getLong();
      sums[i] = in.getDouble();
      since[i] = in.getLong();
      changed[i] = in.getLong();
    }
  }
}
