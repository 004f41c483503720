package io.tidaldb.collection;

import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/// One collection as it was published, whole: what readers share. Immutable.
final class Listing {

  private static final long BYTES = 512;
  private static final long MEMBER_BYTES = 3 * Long.BYTES + 4;

  /// The version of the collection's rows that this is a copy of.
  final long version;

  final Header header;

  /// The members by place.
  final long[] items;

  private final long[] orders;
  private final long[] addedAt;
  private final RoaringBitmap slots;

  /// @param items members in order
  /// @param orders their numbers
  /// @param addedAt when each was added
  /// @param slots of those that live; belongs to this object from now on
  Listing(
      long version,
      Header header,
      long[] items,
      long[] orders,
      long[] addedAt,
      RoaringBitmap slots) {
    this.version = version;
    this.header = header;
    this.items = items;
    this.orders = orders;
    this.addedAt = addedAt;
    this.slots = slots;
  }

  /// Slots of the members. Shared: not to be changed.
  RoaringBitmap slots() {
    return slots;
  }

  long addedAt(int index) {
    return addedAt[index];
  }

  long order(int index) {
    return orders[index];
  }

  /// The place behind a member that was read before: behind where it is now, or else where it was.
  int behind(long order, long item) {
    int at = Arrays.binarySearch(orders, order);
    if (at >= 0 && items[at] == item) {
      return at + 1;
    }
    for (int i = 0; i < items.length; i++) {
      if (items[i] == item) {
        return i + 1;
      }
    }
    return at < 0 ? -at - 1 : at + 1;
  }

  long weight() {
    return BYTES + items.length * MEMBER_BYTES;
  }
}
