package io.tidaldb.ledger;

import java.util.Arrays;

/// The buckets of one pair outside their block: keys falling, each once, with wide counts. Scratch
/// space, for one thread.
public final class BucketList {

  private long[] keys = new long[64];
  private long[] counts = new long[64];
  private int size;

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  public long key(int i) {
    return keys[i];
  }

  public long count(int i) {
    return counts[i];
  }

  /// Adds events to a bucket; a new one takes its place in the order.
  public void add(long key, long count) {
    int at = size;
    while (at > 0 && keys[at - 1] < key) {
      at--;
    }
    if (at > 0 && keys[at - 1] == key) {
      counts[at - 1] += count;
      return;
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    System.arraycopy(keys, at, keys, at + 1, size - at);
    System.arraycopy(counts, at, counts, at + 1, size - at);
    keys[at] = key;
    counts[at] = count;
    size++;
  }
}
