package io.tidaldb.log;

import io.tidaldb.log.RelationEvent.RelationRemoved;
import io.tidaldb.log.RelationEvent.RelationSet;
import io.tidaldb.log.RelationEvent.StateCleared;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bodies of [RelationEvent]s.
///
/// | Code | Body |
/// |---|---|
/// | `0x20`, `0x21` RelationSet, RelationRemoved | type u8, target kind u8, begins or ends u8, 5 reserved; target u64; weight f64 (Set) |
/// | `0x22` StateCleared | state u8, all u8, 6 reserved; item u64 |
final class RelationEventCodec {

  static final int SET = 0x20;
  static final int REMOVED = 0x21;
  static final int CLEARED = 0x22;

  private static final int RESERVED = 5;
  private static final int CLEARED_RESERVED = 6;

  private RelationEventCodec() {}

  static int code(RelationEvent event) {
    return switch (event) {
      case RelationSet set -> SET;
      case RelationRemoved removed -> REMOVED;
      case StateCleared cleared -> CLEARED;
    };
  }

  static long bodySize(RelationEvent event) {
    return switch (event) {
      case RelationSet set -> 24;
      case RelationRemoved removed -> 16;
      case StateCleared cleared -> 16;
    };
  }

  static void put(RelationEvent event, ByteBuffer out) {
    switch (event) {
      case RelationSet set -> {
        if (!Double.isFinite(set.weight())) {
          throw new IllegalArgumentException("relation cannot be logged: " + set);
        }
        out.putLong(edge(set.type(), set.kind(), set.begins()))
            .putLong(set.target())
            .putLong(Double.doubleToRawLongBits(set.weight()));
      }
      case RelationRemoved removed ->
          out.putLong(edge(removed.type(), removed.kind(), removed.ends()))
              .putLong(removed.target());
      case StateCleared cleared ->
          out.putLong(cleared.state().code() | (cleared.all() ? 1L : 0L) << 8)
              .putLong(cleared.item());
    }
  }

  private static long edge(RelationType type, EntityKind kind, boolean turns) {
    return type.code() | (long) kind.code() << 8 | (turns ? 1L : 0L) << 16;
  }

  static RelationEvent get(
      int code, long time, long user, @Nullable IdempotencyKey key, RecordReader in) {
    if (code == CLEARED) {
      var state = in.oneOf("user state", "1…9", UserState::ofCode);
      boolean all = in.bool("all items");
      in.reserved(CLEARED_RESERVED);
      return new StateCleared(time, user, state, all, in.i64("item"), key);
    }
    var type = in.oneOf("relation type", "1…5", RelationType::ofCode);
    var kind = in.kind();
    boolean turns = in.bool("begins or ends");
    in.reserved(RESERVED);
    long target = in.i64("target");
    return code == SET
        ? new RelationSet(time, user, type, kind, target, in.f64("relation weight"), turns, key)
        : new RelationRemoved(time, user, type, kind, target, turns, key);
  }
}
