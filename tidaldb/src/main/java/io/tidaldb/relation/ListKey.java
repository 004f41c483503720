package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;

/// Names a list of rows: those of one owner with one code.
///
/// @param kind what the owner is
/// @param owner a user, or the target of a reverse list
/// @param list the code
record ListKey(EntityKind kind, long owner, int list) {

  static ListKey of(long user, RelationType type) {
    return new ListKey(EntityKind.USER, user, type.code());
  }

  static ListKey of(long user, UserState state) {
    return new ListKey(EntityKind.USER, user, RelationCodec.STATE | state.code());
  }

  static ListKey reverse(EntityKind kind, long target, RelationType type) {
    return new ListKey(kind, target, RelationCodec.REVERSE | type.code());
  }
}
