package io.tidaldb.collection;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a collection is, without its members. Immutable.
///
/// @param owner the user it belongs to
/// @param id its id
/// @param name unlike every other of the owner
/// @param visibility who may see it
/// @param created nanoseconds since 1970
/// @param changed nanoseconds since 1970 of the last event that changed it or its members
/// @param position of the event that created it
/// @param count how many members
/// @param shares users it is shared with, in unsigned order
public record Header(
    long owner,
    long id,
    String name,
    Visibility visibility,
    long created,
    long changed,
    long position,
    int count,
    List<Long> shares) {

  public Header {
    shares = List.copyOf(shares);
  }

  /// Renamed.
  public Header withName(String other) {
    return new Header(owner, id, other, visibility, created, changed, position, count, shares);
  }

  /// Seen by others.
  public Header withVisibility(Visibility other) {
    return new Header(owner, id, name, other, created, changed, position, count, shares);
  }

  /// Changed at a time.
  Header at(long time) {
    return new Header(owner, id, name, visibility, created, time, position, count, shares);
  }

  /// With another number of members.
  public Header withCount(int other) {
    return new Header(owner, id, name, visibility, created, changed, position, other, shares);
  }

  private Header withShares(List<Long> other) {
    return new Header(owner, id, name, visibility, created, changed, position, count, other);
  }

  /// Shared with one user more.
  public Header sharedWith(long user) {
    if (shares.contains(user)) {
      return this;
    }
    var more = new ArrayList<>(shares);
    more.add(user);
    more.sort(Long::compareUnsigned);
    return withShares(more);
  }

  /// Shared with one user less.
  public Header notSharedWith(long user) {
    return withShares(shares.stream().filter(other -> other != user).toList());
  }

  /// Whether this viewer, who has the id, may see it; without a viewer the call is trusted.
  public boolean isReadableBy(OptionalLong viewer) {
    return visibility == Visibility.UNLISTED || isListedTo(viewer);
  }

  /// Whether this viewer finds it in a list.
  public boolean isListedTo(OptionalLong viewer) {
    return viewer.isEmpty()
        || visibility == Visibility.PUBLIC
        || viewer.getAsLong() == owner
        || shares.contains(viewer.getAsLong());
  }

  /// As callers get it.
  public CollectionInfo info() {
    return new CollectionInfo(
        CollectionId.of(id),
        EntityId.of(owner),
        name,
        visibility,
        count,
        Timestamp.ofNanos(created),
        Timestamp.ofNanos(changed));
  }
}
