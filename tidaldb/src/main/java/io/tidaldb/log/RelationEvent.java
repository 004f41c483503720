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
  /// @param begins whether the relation did not hold before and does now: the writer knows, and a
  ///   view that keeps no relations (affinities rise when a follow begins) need not
  record RelationSet(
      long time,
      long user,
      RelationType type,
      EntityKind kind,
      long target,
      double weight,
      boolean begins,
      @Nullable IdempotencyKey key)
      implements RelationEvent {}

  /// `0x21`: the user stands in this relation no more.
  ///
  /// @param ends whether the relation held before and does no more
  record RelationRemoved(
      long time,
      long user,
      RelationType type,
      EntityKind kind,
      long target,
      boolean ends,
      @Nullable IdempotencyKey key)
      implements RelationEvent {}

  /// `0x22`: a state of the user is forgotten, for one item or for all.
  ///
  /// @param item 0 with `all`
  record StateCleared(
      long time, long user, UserState state, boolean all, long item, @Nullable IdempotencyKey key)
      implements RelationEvent {}
}
