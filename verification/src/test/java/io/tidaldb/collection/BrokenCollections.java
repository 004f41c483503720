package io.tidaldb.collection;

/// What broken steps call in the place of the rows of collections.
public final class BrokenCollections {

  private BrokenCollections() {}

  /// The reverse key of an item that nobody has.
  public static byte[] elsewhere(long item, long collection) {
    return CollectionRows.reverseKey(item ^ 0x5555_0000L, collection);
  }
}
