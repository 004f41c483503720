package io.tidaldb.engine;

import io.tidaldb.log.RelationEvent.RelationRemoved;
import io.tidaldb.log.RelationEvent.RelationSet;
import io.tidaldb.log.RelationEvent.StateCleared;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import org.jspecify.annotations.Nullable;

/// A write that changes relations or states of users. The writer says in the event whether a
/// relation begins or ends by it.
sealed interface RelationDraft extends Draft.SurfaceDraft {

  int EVENT_BYTES = 80;

  @Override
  default int sizeBytes() {
    return EVENT_BYTES;
  }

  /// One end of a relation, its type, and the other end.
  record Edge(long user, RelationType type, EntityKind kind, long target) {}

  /// A relation from a time on; −1 for the time of receipt.
  record Set(Edge edge, double weight, long at, @Nullable IdempotencyKey key)
      implements RelationDraft {

    @Override
    public Receipt resolve(Scene scene) {
      var pending = scene.pending().relations();
      var ahead = pending.ahead();
      var set = event(scene.time(at), false);
      if (edge.type != RelationType.AFFINITY && ahead.settled(set)) {
        return Scene.nothing();
      }
      pending.requireRoom(
          edge.user, edge.type, edge.kind, edge.target, scene.options().users().relations());
      boolean held = ahead.holds(edge.user, edge.type, edge.kind, edge.target);
      ahead.fold(set);
      boolean holds = ahead.holds(edge.user, edge.type, edge.kind, edge.target);
      return scene.append(event(set.time(), !held && holds));
    }

    private RelationSet event(long time, boolean begins) {
      return new RelationSet(
          time, edge.user, edge.type, edge.kind, edge.target, weight, begins, key);
    }
  }

  /// The end of a relation at a time; −1 for the time of receipt.
  record Remove(Edge edge, long at, @Nullable IdempotencyKey key) implements RelationDraft {

    @Override
    public Receipt resolve(Scene scene) {
      var ahead = scene.pending().relations().ahead();
      boolean held = ahead.holds(edge.user, edge.type, edge.kind, edge.target);
      var removed = event(scene.time(at), false);
      ahead.fold(removed);
      boolean holds = ahead.holds(edge.user, edge.type, edge.kind, edge.target);
      return scene.append(event(removed.time(), held && !holds));
    }

    private RelationRemoved event(long time, boolean ends) {
      return new RelationRemoved(time, edge.user, edge.type, edge.kind, edge.target, ends, key);
    }
  }

  /// A state is forgotten.
  record Clear(long user, UserState state, boolean all, long item, @Nullable IdempotencyKey key)
      implements RelationDraft {

    @Override
    public Receipt resolve(Scene scene) {
      return scene.append(new StateCleared(scene.receiveNanos(), user, state, all, item, key));
    }
  }
}
