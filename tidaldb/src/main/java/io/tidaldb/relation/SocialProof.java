package io.tidaldb.relation;

import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/// How many members of a network have an item among their positives. Immutable.
public final class SocialProof {

  private final int[] slots;
  private final int[] counts;

  private SocialProof(int[] slots, int[] counts) {
    this.slots = slots;
    this.counts = counts;
  }

  /// @param all the slots of every member's positives, one after the other; sorted here
  static SocialProof of(int[] all) {
    Arrays.sort(all);
    int[] slots = new int[all.length];
    int[] counts = new int[all.length];
    int distinct = 0;
    for (int slot : all) {
      if (distinct == 0 || slots[distinct - 1] != slot) {
        slots[distinct++] = slot;
      }
      counts[distinct - 1]++;
    }
    return new SocialProof(Arrays.copyOf(slots, distinct), Arrays.copyOf(counts, distinct));
  }

  /// Members who have the item in this slot; 0 if none.
  public int members(int slot) {
    int at = Arrays.binarySearch(slots, slot);
    return at < 0 ? 0 : counts[at];
  }

  /// The slots of the network's items, the caller's own.
  public RoaringBitmap items() {
    return RoaringBitmap.bitmapOf(slots);
  }
}
