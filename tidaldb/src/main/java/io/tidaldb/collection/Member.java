package io.tidaldb.collection;

/// A membership.
///
/// @param order members are read in the order of this number
/// @param addedAt nanoseconds since 1970
/// @param position of the event that made the item a member
record Member(long order, long addedAt, long position) {

  Member withOrder(long other) {
    return new Member(other, addedAt, position);
  }
}
