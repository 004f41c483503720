package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ranking.Batch;
import io.tidaldb.ranking.Floor;
import io.tidaldb.ranking.Order;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The best candidates seen so far, in a heap of fixed capacity whose root is the worst of them.
/// Keeps the inputs of each, so that an explanation speaks of what was scored, whatever was written
/// since.
///
/// Most candidates lose against the root by their key alone; only the others cost a look at id and
/// title.
final class TopHits {

  private final Order order;
  private final EntityKind kind;
  private final Slots ids;
  private final EntityReader items;
  private final @Nullable Place after;
  private final @Nullable Place before;
  private final int capacity;

  private final int[] heap;
  private final long[] keys;
  private final long[] created;
  private final long[] entityIds;
  private final int[] slots;
  private final double[] scores;
  private final @Nullable TitleText[] titles;
  private final double[][] in;
  private int size;

  /// @param part only what lies in it is kept
  TopHits(int capacity, int columns, Order order, Rows rows, Between part) {
    this.capacity = capacity;
    this.order = order;
    this.kind = rows.kind;
    this.ids = rows.slots;
    this.items = rows.items;
    this.after = part.after();
    this.before = part.before();
    heap = new int[capacity];
    keys = new long[capacity];
    created = new long[capacity];
    entityIds = new long[capacity];
    slots = new int[capacity];
    scores = new double[capacity];
    titles = new @Nullable TitleText[capacity];
    in = new double[columns][capacity];
  }

  /// Where ids and titles of slots are found.
  record Rows(EntityKind kind, Slots slots, EntityReader items) {}

  /// Offers every candidate of a batch that was not dropped.
  void offer(Batch batch) {
    long best = after == null ? Long.MAX_VALUE : after.key();
    long least = before == null ? Long.MIN_VALUE : before.key();
    for (int i = 0; i < batch.count; i++) {
      long key = batch.keys[i];
      if (!batch.dropped[i]
          && key <= best
          && key >= least
          && (size < capacity || key >= keys[heap[0]])) {
        consider(batch, i);
      }
    }
  }

  /// How many candidates of a batch that were not dropped come before the only one that is kept;
  /// all of them if none is.
  int countBefore(Batch batch) {
    int count = 0;
    for (int i = 0; i < batch.count; i++) {
      if (!batch.dropped[i] && (size == 0 || isBefore(batch, i, heap[0]))) {
        count++;
      }
    }
    return count;
  }

  private boolean isBefore(Batch batch, int i, int entry) {
    long key = batch.keys[i];
    if (key != keys[entry]) {
      return key > keys[entry];
    }
    var title = order.isTitle() && key != Order.ABSENT ? title(batch.slots[i]) : null;
    long id = ids.id(kind, batch.slots[i]);
    return compare(
            key,
            title,
            batch.created[i],
            id,
            keys[entry],
            titles[entry],
            created[entry],
            entityIds[entry])
        < 0;
  }

  private void consider(Batch batch, int i) {
    long key = batch.keys[i];
    if (size == capacity && !order.isTitle() && losesByAge(key, batch.created[i])) {
      return;
    }
    long id = ids.id(kind, batch.slots[i]);
    TitleText title = null;
    if (order.isTitle() && key != Order.ABSENT) {
      title = title(batch.slots[i]);
    }
    if (after != null
        && compare(
                after.key(),
                after.title(),
                after.created(),
                after.id(),
                key,
                title,
                batch.created[i],
                id)
            >= 0) {
      return;
    }
    if (before != null
        && compare(
                key, null, batch.created[i], id, before.key(), null, before.created(), before.id())
            >= 0) {
      return;
    }
    if (size < capacity) {
      store(size, batch, i, id, title);
      heap[size] = size;
      size++;
      rise(size - 1);
      return;
    }
    int worst = heap[0];
    if (compare(
            key,
            title,
            batch.created[i],
            id,
            keys[worst],
            titles[worst],
            created[worst],
            entityIds[worst])
        < 0) {
      store(worst, batch, i, id, title);
      sink(0);
    }
  }

  /// Ties are frequent where most score nothing: they need no id.
  private boolean losesByAge(long key, long createdAt) {
    return key == keys[heap[0]] && createdAt < created[heap[0]];
  }

  private void store(int entry, Batch batch, int i, long id, @Nullable TitleText title) {
    keys[entry] = batch.keys[i];
    created[entry] = batch.created[i];
    entityIds[entry] = id;
    slots[entry] = batch.slots[i];
    scores[entry] = batch.scores[i];
    titles[entry] = title;
    for (int c = 0; c < in.length; c++) {
      in[c][entry] = batch.in[c][i];
    }
  }

  private TitleText title(int slot) {
    return new TitleText(items.titleKey(slot), items.title(slot));
  }

  private void rise(int from) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (compareEntries(heap[at], heap[parent]) <= 0) {
        return;
      }
      swap(heap, at, parent);
      at = parent;
    }
  }

  private void sink(int from) {
    sink(heap, size, from);
  }

  private void sink(int[] entries, int count, int from) {
    int at = from;
    while (true) {
      int worst = 2 * at + 1;
      if (worst >= count) {
        return;
      }
      if (worst + 1 < count && compareEntries(entries[worst + 1], entries[worst]) > 0) {
        worst++;
      }
      if (compareEntries(entries[worst], entries[at]) <= 0) {
        return;
      }
      swap(entries, at, worst);
      at = worst;
    }
  }

  private static void swap(int[] entries, int a, int b) {
    int entry = entries[a];
    entries[a] = entries[b];
    entries[b] = entry;
  }

  private int compareEntries(int a, int b) {
    return compare(
        keys[a], titles[a], created[a], entityIds[a], keys[b], titles[b], created[b], entityIds[b]);
  }

  /// Negative if the first comes before the second.
  @SuppressWarnings("TooManyParameters")
  private int compare(
      long keyA,
      @Nullable TitleText titleA,
      long createdA,
      long idA,
      long keyB,
      @Nullable TitleText titleB,
      long createdB,
      long idB) {
    if (keyA != keyB) {
      return Long.compare(keyB, keyA);
    }
    if (titleA != null && titleB != null) {
      int byTitle = titleA.compareTo(titleB);
      if (byTitle != 0) {
        return order == Order.TITLE_ASCENDING ? byTitle : -byTitle;
      }
    }
    return createdA != createdB ? Long.compare(createdB, createdA) : Long.compareUnsigned(idA, idB);
  }

  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  boolean isFull() {
    return size == capacity;
  }

  /// What a candidate must beat.
  Floor floor() {
    return isFull() ? Floor.of(scores[heap[0]], keys[heap[0]], created[heap[0]]) : Floor.NONE;
  }

  /// The score of the worst that is kept.
  double worstScore() {
    return scores[heap[0]];
  }

  /// The entries, best first.
  int[] sorted() {
    // What is a heap with the worst on top needs only to be emptied from behind.
    int[] entries = Arrays.copyOf(heap, size);
    for (int last = size - 1; last > 0; last--) {
      swap(entries, 0, last);
      sink(entries, last, 0);
    }
    return entries;
  }

  int slot(int entry) {
    return slots[entry];
  }

  long id(int entry) {
    return entityIds[entry];
  }

  double score(int entry) {
    return scores[entry];
  }

  Place place(int entry) {
    return new Place(keys[entry], titles[entry], created[entry], entityIds[entry]);
  }

  /// Input columns, indexed by entry.
  double[][] in() {
    return in;
  }
}
