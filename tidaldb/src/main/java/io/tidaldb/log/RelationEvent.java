package io.tidaldb.log;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import org.jspecify.annotations.Nullable;

/// What changes how a user stands to others, apart from signals.
public sealed interface RelationEvent extends Event {

  @Override
  default boolean hasUser() {
    return true;
  }

  /// `0x20`: the user stands in this relation to the target from this time on.
  ///
  /// @param weight 0 … 10⁹; the strength of an affinity at the event's time
  record RelationSet(
      long time,
      long user,
      RelationType type,
      EntityKind kind,
      long target,
      double weight,
      @Nullable IdempotencyKey key)
      implements RelationEvent {}

  /// `0x21`: the user stands in this relation no more.
  record RelationRemoved(
      long time,
      long user,
      RelationType type,
      EntityKind kind,
      long target,
      @Nullable IdempotencyKey key)
      implements RelationEvent {}

  /// `0x22`: a state of the user is forgotten, for one item or for all.
  ///
  /// @param item 0 with `all`
  record StateCleared(
      long time, long user, UserState state, boolean all, long item, @Nullable IdempotencyKey key)
      implements RelationEvent {}
}
