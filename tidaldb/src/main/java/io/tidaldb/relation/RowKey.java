package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;

/// Names a row of a user.
///
/// @param user whose row
/// @param list code of the list that it is in: a relation type, or [RelationCodec#STATE] and a
///   state
/// @param kind what the target is
/// @param target the other end
record RowKey(long user, int list, EntityKind kind, long target) {

  static RowKey edge(long user, RelationType type, EntityKind kind, long target) {
    return new RowKey(user, type.code(), kind, target);
  }

  static RowKey state(long user, UserState state, long item) {
    return new RowKey(user, RelationCodec.STATE | state.code(), EntityKind.ITEM, item);
  }

  boolean isState() {
    return (list & RelationCodec.STATE) != 0;
  }

  /// Whether the target knows its users too.
  boolean hasReverse() {
    return list == RelationType.FOLLOW.code() || list == RelationType.BLOCK.code();
  }

  /// Block and hide win ties.
  boolean isHard() {
    return list == RelationType.BLOCK.code() || list == RelationType.HIDE.code();
  }

  ListKey forward() {
    return new ListKey(EntityKind.USER, user, list);
  }

  ListKey reverse() {
    return new ListKey(kind, target, RelationCodec.REVERSE | list);
  }
}
