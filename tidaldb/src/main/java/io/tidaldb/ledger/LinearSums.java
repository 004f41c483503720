package io.tidaldb.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Linear decay of one type: sums per granule of 1/128 of the lifetime, sparse, twenty bytes each.
///
/// Bucket b keeps `W = Σ w` and `M = Σ w · (t − b·g)/g`, from which its share of the score follows
/// at any time; only the bucket in which the lifetime ends can err, downwards and by at most W/512.
/// A pair's buckets stand in one block, newest first, with zero keys at the end (a key is the
/// bucket's number relative to the part's base, made odd):
///
/// ```
///  0            4·capacity                        20·capacity
///  +------------+---------------------------------+
///  | keys i32   | W f64, M f64                    |
///  +------------+---------------------------------+
/// ```
///
/// **Threads.** One writer, inside the part's sequence. Readers repeat until the sequence did not
/// change.
public final class LinearSums {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HOUR = Granule.HOUR_NANOS;
  private static final int BUCKET_BYTES = 20;
  private static final int GRANULES = 128;
  private static final int AWAY_MAX = 1 << 29;

  private final long lifetime;
  private final long granule;
  private final BlockArena arena = new BlockArena(BUCKET_BYTES);
  private final Sums scratch = new Sums();

  public LinearSums(long lifetimeNanos) {
    lifetime = lifetimeNanos;
    granule = (lifetimeNanos + GRANULES - 1) / GRANULES;
  }

  /// Bucket sums outside their block, newest first. Scratch space, for one thread.
  public static final class Sums {
    long[] buckets = new long[16];
    double[] weights = new double[16];
    double[] moments = new double[16];
    int size;

    void add(long bucket, double weight, double moment) {
      if (size == buckets.length) {
        buckets = Arrays.copyOf(buckets, size * 2);
        weights = Arrays.copyOf(weights, size * 2);
        moments = Arrays.copyOf(moments, size * 2);
      }
      buckets[size] = bucket;
      weights[size] = weight;
      moments[size] = moment;
      size++;
    }
  }

  /// How far before the newest event scores can be read.
  public long reachBack() {
    return Math.min(HOUR, lifetime);
  }

  /// Adds an event. Writer.
  public void add(PairPage page, int index, long time, double weight, long newest) {
    long bucket = time / granule;
    if (!kept(bucket, newest)) {
      return;
    }
    int part = index >>> PairPage.PART_SHIFT;
    if (Math.abs(bucket - page.linearBases[part]) > AWAY_MAX) {
      moveBase(page, part, newest / granule, newest);
    }
    double moment = weight * ((double) (time - bucket * granule) / (double) granule);
    int key = relative(bucket, page.linearBases[part]);
    if (page.linear[index] == 0) {
      page.linear[index] = arena.allocate(0);
    }
    while (!addTo(page.linear[index], key, weight, moment)) {
      scratch.size = 0;
      collect(scratch, page, index, newest);
      rewrite(page, index, page.linearBases[part], scratch, scratch.size + 1);
    }
  }

  /// Forgets a pair. Writer.
  public void clear(PairPage page, int index) {
    if (page.linear[index] != 0) {
      arena.release(page.linear[index]);
      page.linear[index] = 0;
    }
  }

  /// Adds a pair's buckets that matter when the newest event is of time `newest`. Any thread that
  /// keeps the part from changing.
  public void collect(Sums into, PairPage page, int index, long newest) {
    int block = page.linear[index];
    if (block == 0) {
      return;
    }
    byte[] chunk = arena.chunk(block);
    int capacity = BlockArena.capacity(block);
    int keys = arena.offset(block);
    int sums = keys + 4 * capacity;
    for (int i = 0; i < capacity; i++) {
      int key = (int) INT.get(chunk, keys + 4 * i);
      if (key == 0) {
        return;
      }
      long bucket = (key >> 1) + page.linearBases[index >>> PairPage.PART_SHIFT];
      if (kept(bucket, newest)) {
        into.add(
            bucket,
            (double) DOUBLE.get(chunk, sums + 16 * i),
            (double) DOUBLE.get(chunk, sums + 16 * i + 8));
      }
    }
  }

  /// Sets a pair's saved buckets. Writer, at load.
  public void restore(PairPage page, int index, Sums saved) {
    if (saved.size == 0) {
      return;
    }
    int part = index >>> PairPage.PART_SHIFT;
    if (Math.abs(saved.buckets[0] - page.linearBases[part]) > AWAY_MAX) {
      moveBase(page, part, saved.buckets[0], 0);
    }
    rewrite(page, index, page.linearBases[part], saved, saved.size);
  }

  /// The score of a pair, of one position. Any thread.
  public double score(PairPage page, int index, long at) {
    int part = index >>> PairPage.PART_SHIFT;
    for (int tries = 0; ; tries++) {
      int sequence = page.beginRead(part);
      double score = sum(page, index, at);
      if (page.endRead(part, sequence)) {
        return score;
      }
      PairPage.pause(tries);
    }
  }

  /// As [#score] for a caller that holds a sequence by itself: nothing unless the sequence did not
  /// change.
  public double sum(PairPage page, int index, long at) {
    int block = page.linear[index];
    if (block == 0) {
      return 0;
    }
    byte[] chunk = arena.chunk(block);
    if (chunk.length == 0) {
      return 0;
    }
    long base = page.linearBases[index >>> PairPage.PART_SHIFT];
    int capacity = BlockArena.capacity(block);
    int keys = arena.offset(block);
    int sums = keys + 4 * capacity;
    double perGranule = (double) granule / (double) lifetime;
    double score = 0;
    for (int i = 0; i < capacity; i++) {
      int key = (int) INT.get(chunk, keys + 4 * i);
      if (key == 0) {
        break;
      }
      double weight = (double) DOUBLE.get(chunk, sums + 16 * i);
      double moment = (double) DOUBLE.get(chunk, sums + 16 * i + 8);
      double age = (double) (at - ((key >> 1) + base) * granule) / (double) lifetime;
      score += Math.max(0, weight * (1 - age) + moment * perGranule);
    }
    return score;
  }

  /// Bytes of the arrays.
  public long bytes() {
    return arena.bytes();
  }

  private boolean kept(long bucket, long newest) {
    return newest - bucket * granule - granule < lifetime + reachBack();
  }

  /// @return whether there was room
  private boolean addTo(int block, int key, double weight, double moment) {
    byte[] chunk = arena.chunk(block);
    int capacity = BlockArena.capacity(block);
    int keys = arena.offset(block);
    int sums = keys + 4 * capacity;
    int at = 0;
    int there = 0;
    while (at < capacity && (there = (int) INT.get(chunk, keys + 4 * at)) != 0 && there > key) {
      at++;
    }
    if (at < capacity && there == key) {
      int sum = sums + 16 * at;
      DOUBLE.set(chunk, sum, (double) DOUBLE.get(chunk, sum) + weight);
      DOUBLE.set(chunk, sum + 8, (double) DOUBLE.get(chunk, sum + 8) + moment);
      return true;
    }
    if ((int) INT.get(chunk, keys + 4 * (capacity - 1)) != 0) {
      return false;
    }
    System.arraycopy(chunk, keys + 4 * at, chunk, keys + 4 * at + 4, 4 * (capacity - 1 - at));
    System.arraycopy(chunk, sums + 16 * at, chunk, sums + 16 * at + 16, 16 * (capacity - 1 - at));
    INT.set(chunk, keys + 4 * at, key);
    DOUBLE.set(chunk, sums + 16 * at, weight);
    DOUBLE.set(chunk, sums + 16 * at + 8, moment);
    return true;
  }

  private void moveBase(PairPage page, int part, long newBase, long newest) {
    int first = part << PairPage.PART_SHIFT;
    int last = Math.min(first + PairPage.PART_SLOTS, page.linear.length);
    var sums = new Sums();
    for (int i = first; i < last; i++) {
      if (page.linear[i] != 0) {
        sums.size = 0;
        collect(sums, page, i, newest);
        rewrite(page, i, newBase, sums, sums.size);
      }
    }
    page.linearBases[part] = newBase;
  }

  private void rewrite(PairPage page, int index, long base, Sums sums, int room) {
    if (page.linear[index] != 0) {
      arena.release(page.linear[index]);
      page.linear[index] = 0;
    }
    if (room == 0) {
      return;
    }
    int block = arena.allocate(BlockArena.classFor(room));
    byte[] chunk = arena.chunk(block);
    int keys = arena.offset(block);
    int at = keys + 4 * BlockArena.capacity(block);
    for (int i = 0; i < sums.size; i++) {
      INT.set(chunk, keys + 4 * i, relative(sums.buckets[i], base));
      DOUBLE.set(chunk, at + 16 * i, sums.weights[i]);
      DOUBLE.set(chunk, at + 16 * i + 8, sums.moments[i]);
    }
    page.linear[index] = block;
  }

  private static int relative(long bucket, long base) {
    return (int) (bucket - base) << 1 | 1;
  }
}
