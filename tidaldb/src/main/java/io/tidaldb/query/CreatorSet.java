package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/// A set of creators, to find their items by.
final class CreatorSet {

  private static final String CREATOR = "creator_id";
  private static final int BATCH = 2_048;

  /// Up to so many creators, looking each of them up is less work than looking at every item.
  private static final int FEW = 1_024;

  private final long[] creators;

  private CreatorSet(long[] creators) {
    this.creators = creators;
  }

  /// @param creators rising as signed numbers
  static CreatorSet of(long[] creators) {
    return new CreatorSet(creators);
  }

  boolean contains(long creator) {
    return Arrays.binarySearch(creators, creator) >= 0;
  }

  boolean isEmpty() {
    return creators.length == 0;
  }

  /// The slots of `set` whose creator is in it; the caller's own.
  RoaringBitmap select(EntityReader items, RoaringBitmap set) {
    var found = new RoaringBitmap();
    if (creators.length <= FEW && set.getLongCardinality() > creators.length) {
      for (long creator : creators) {
        for (int slot : items.referring(CREATOR, creator)) {
          if (set.contains(slot)) {
            found.add(slot);
          }
        }
      }
      return found;
    }
    int[] slots = new int[BATCH];
    long[] ids = new long[BATCH];
    boolean[] present = new boolean[BATCH];
    var batches = set.getBatchIterator();
    while (batches.hasNext()) {
      int count = batches.nextBatch(slots);
      items.references(CREATOR, slots, count, ids, present);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (present[i] && contains(ids[i])) {
          slots[kept++] = slots[i];
        }
      }
      found.addN(slots, 0, kept);
    }
    return found;
  }

  /// Whether one item's creator is in it.
  boolean holdsCreatorOf(EntityReader items, int slot) {
    long[] id = new long[1];
    boolean[] present = new boolean[1];
    items.references(CREATOR, new int[] {slot}, 1, id, present);
    return present[0] && contains(id[0]);
  }
}
