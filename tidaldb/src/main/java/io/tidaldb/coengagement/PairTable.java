package io.tidaldb.coengagement;

/// Finds the edge of two items: a hash table with chains through the records. It grows one bucket
/// at a time (linear hashing), so that no event waits for all edges to be moved.
///
/// The bucket of a pair is always one of those whose number ends in the same bits, [#chain]: under
/// that number the writer tells readers that a chain is changing.
///
/// **Threads.** One writer; readers walk a chain under a version of [Stripes].
final class PairTable {

  /// Buckets at the beginning, a power of two, hence also how many chains can be told apart.
  static final int BUCKETS_MIN = 1024;

  private final EdgeRecords records;
  private final Stripes chains;

  /// Number + 1 of the first edge of each bucket.
  private final IntPages firsts = new IntPages();

  /// Written before the chain's version is let go, read after it was taken.
  private volatile int buckets = BUCKETS_MIN;

  private int edges;

  /// @param chains touched before a chain changes
  PairTable(EdgeRecords records, Stripes chains) {
    this.records = records;
    this.chains = chains;
  }

  /// What all pairs of one chain have in common.
  static int chain(long pair) {
    return hash(pair) & (BUCKETS_MIN - 1);
  }

  /// The edge, or −1. A reader may be told anything while the chain changes, but is told it soon.
  int find(long pair) {
    int edge = firsts.get(bucket(hash(pair), buckets)) - 1;
    // Chains are short; a reader that strays into a loop is let out and notices by the version.
    for (int steps = 0; edge >= 0 && steps < BUCKETS_MIN; steps++) {
      if (records.pair(edge) == pair) {
        return edge;
      }
      edge = records.next(edge) - 1;
    }
    return -1;
  }

  /// Writer.
  void add(int edge) {
    int hash = hash(records.pair(edge));
    chains.touch(hash & (BUCKETS_MIN - 1));
    int bucket = bucket(hash, buckets);
    records.setNext(edge, firsts.get(bucket));
    firsts.set(bucket, edge + 1);
    if (++edges > buckets) {
      split();
    }
  }

  /// Writer.
  void remove(int edge) {
    int hash = hash(records.pair(edge));
    chains.touch(hash & (BUCKETS_MIN - 1));
    edges--;
    int bucket = bucket(hash, buckets);
    int at = firsts.get(bucket) - 1;
    if (at == edge) {
      firsts.set(bucket, records.next(edge));
      return;
    }
    while (records.next(at) - 1 != edge) {
      at = records.next(at) - 1;
    }
    records.setNext(at, records.next(edge));
  }

  /// One bucket more: its edges come from the one whose number lacks the highest bit.
  private void split() {
    int fresh = buckets;
    int old = fresh - Integer.highestOneBit(fresh);
    chains.touch(old & (BUCKETS_MIN - 1));
    int staying = 0;
    int moving = 0;
    int edge = firsts.get(old) - 1;
    while (edge >= 0) {
      int next = records.next(edge) - 1;
      if (bucket(hash(records.pair(edge)), fresh + 1) == fresh) {
        records.setNext(edge, moving);
        moving = edge + 1;
      } else {
        records.setNext(edge, staying);
        staying = edge + 1;
      }
      edge = next;
    }
    firsts.set(old, staying);
    firsts.set(fresh, moving);
    buckets = fresh + 1;
  }

  private static int bucket(int hash, int buckets) {
    int half = Integer.highestOneBit(buckets);
    int bucket = hash & (2 * half - 1);
    return bucket < buckets ? bucket : hash & (half - 1);
  }

  /// Spreads every bit over all bits (the finalizer of MurmurHash3).
  private static int hash(long pair) {
    long h = pair;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return (int) (h ^ (h >>> 33));
  }

  /// Bytes of the arrays.
  long bytes() {
    return firsts.bytes();
  }
}
