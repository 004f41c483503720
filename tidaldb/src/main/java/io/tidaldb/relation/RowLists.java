package io.tidaldb.relation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Lists that were read lately, up to a number of bytes. What is not here is read again; an answer
/// never depends on it.
///
/// **Threads.** Any thread reads; the writer drops what changed, after the change can be read. A
/// list that was being read meanwhile is given to its reader, but not kept.
final class RowLists {

  private static final int STRIPES = 1_024;

  private final ConcurrentHashMap<ListKey, RowList> kept = new ConcurrentHashMap<>();
  private final AtomicLongArray changes = new AtomicLongArray(STRIPES);
  private final AtomicLong bytes = new AtomicLong();
  private final long bytesMax;
  private final ReentrantLock shrinking = new ReentrantLock();

  @GuardedBy("shrinking")
  private Iterator<ListKey> hand = Collections.emptyIterator();

  RowLists(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  RowList get(ListKey key, Function<ListKey, RowList> read) {
    var known = kept.get(key);
    if (known != null) {
      return known;
    }
    int stripe = stripe(key);
    long before = changes.get(stripe);
    var list = read.apply(key);
    kept.compute(
        key,
        (_, other) -> {
          if (changes.get(stripe) != before) {
            return other;
          }
          count(list.sizeBytes() - (other == null ? 0 : other.sizeBytes()));
          return list;
        });
    if (bytes.get() > bytesMax) {
      shrink();
    }
    return list;
  }

  private void count(long more) {
    var _ = bytes.addAndGet(more);
  }

  /// What changed is read anew from now on.
  void changed(Set<ListKey> lists) {
    for (var key : lists) {
      var _ = changes.incrementAndGet(stripe(key));
      drop(key);
    }
  }

  /// Bytes of what is kept.
  long sizeBytes() {
    return bytes.get();
  }

  /// Lets go of a quarter, going round: every list gets its turn. One thread at a time is enough.
  private void shrink() {
    if (!shrinking.tryLock()) {
      return;
    }
    try {
      int rounds = 0;
      while (bytes.get() > bytesMax / 4 * 3 && rounds < 2) {
        if (hand.hasNext()) {
          drop(hand.next());
        } else {
          hand = kept.keySet().iterator();
          rounds++;
        }
      }
    } finally {
      shrinking.unlock();
    }
  }

  private void drop(ListKey key) {
    kept.computeIfPresent(
        key,
        (_, list) -> {
          count(-list.sizeBytes());
          return null;
        });
  }

  private static int stripe(ListKey key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }
}
