package io.tidaldb.log;

import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Visibility;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What changes a collection. The user of each event is the collection's owner.
public sealed interface CollectionEvent extends Event {

  /// The collection's id.
  long collection();

  @Override
  default boolean hasUser() {
    return true;
  }

  /// `0x40`: a collection exists.
  record CollectionCreated(
      long time,
      long user,
      long collection,
      Visibility visibility,
      String name,
      @Nullable IdempotencyKey key)
      implements CollectionEvent {}

  /// `0x41`: what is present has changed.
  record CollectionChanged(
      long time,
      long user,
      long collection,
      Optional<String> name,
      Optional<Visibility> visibility,
      OptionalLong shareAdded,
      OptionalLong shareRemoved,
      @Nullable IdempotencyKey key)
      implements CollectionEvent {}

  /// `0x42`: a collection is gone with its members.
  record CollectionDropped(long time, long user, long collection, @Nullable IdempotencyKey key)
      implements CollectionEvent {}

  /// `0x43`: an item is a member.
  ///
  /// @param index where, from 0; −1 for the end
  record ItemAdded(
      long time, long user, long collection, long item, int index, @Nullable IdempotencyKey key)
      implements CollectionEvent {}

  /// `0x44`: an item is a member no more.
  record ItemRemoved(long time, long user, long collection, long item, @Nullable IdempotencyKey key)
      implements CollectionEvent {}

  /// `0x45`: a member has another place.
  ///
  /// @param index its place after the move, from 0; −1 for the end
  record ItemMoved(
      long time, long user, long collection, long item, int index, @Nullable IdempotencyKey key)
      implements CollectionEvent {}
}
