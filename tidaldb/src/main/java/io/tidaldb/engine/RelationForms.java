package io.tidaldb.engine;

import io.tidaldb.relation.RelationReader;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import java.util.Optional;

/// The form of writes to relations: kinds, weights, times.
final class RelationForms {

  private static final double WEIGHT_MAX = 1e9;

  private RelationForms() {}

  static RelationDraft draft(RelationWrite write, Admission admission) {
    return switch (write) {
      case RelationWrite.SetRelation set -> {
        double weight = checkedWeight(set);
        yield new RelationDraft.Set(
            edge(set.user(), set.type(), set.target()),
            weight,
            time("set_relation", set.user(), set.at(), admission),
            set.key().orElse(null));
      }
      case RelationWrite.RemoveRelation remove ->
          new RelationDraft.Remove(
              edge(remove.user(), remove.type(), remove.target()),
              time("remove_relation", remove.user(), remove.at(), admission),
              remove.key().orElse(null));
      case RelationWrite.ClearState clear ->
          new RelationDraft.Clear(
              clear.user().value(),
              clear.state(),
              clear.item().isEmpty(),
              clear.item().map(EntityId::value).orElse(0L),
              clear.key().orElse(null));
    };
  }

  private static RelationDraft.Edge edge(EntityId user, RelationType type, Target target) {
    RelationReader.requireKind(type, target.kind());
    return new RelationDraft.Edge(user.value(), type, target.kind(), target.id().value());
  }

  private static double checkedWeight(RelationWrite.SetRelation set) {
    if (set.weight() >= 0 && set.weight() <= WEIGHT_MAX) {
      return set.weight() == 0 ? 0.0 : set.weight();
    }
    throw new InvalidRequestException(
        "WEIGHT_INVALID",
        "weight does not fit: operation=set_relation user="
            + set.user()
            + " type="
            + set.type().label()
            + " given="
            + set.weight()
            + " allowed=0…"
            + WEIGHT_MAX);
  }

  private static long time(
      String operation, EntityId user, Optional<Timestamp> at, Admission admission) {
    return at.map(given -> admission.checkedTime(operation + " user=" + user, given)).orElse(-1L);
  }
}
