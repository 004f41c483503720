package io.tidaldb.slot;

import io.tidaldb.schema.EntityKind;

/// Read access to the dense slots of entities. A slot is one life of an entity: deletion ends it,
/// and it is never given to another, so a slot that a reader holds means the same entity for ever.
///
/// Slots are folded before the views see an event (and a deleted entity keeps its slot until every
/// view has seen the deletion), so within `apply` an event's entity always has a slot.
public interface Slots {

  /// The slot of a living id, or −1.
  int slot(EntityKind kind, long id);

  /// The id behind a slot that was given out; 0 behind that of an erased user.
  long id(EntityKind kind, int slot);

  /// Whether the entity's life in a slot has ended. False for a slot never given out.
  default boolean isDead(EntityKind kind, int slot) {
    return slot >= 0 && slot < count(kind) && slot(kind, id(kind, slot)) != slot;
  }

  /// How many slots were ever given out: slots are `0 … count − 1`.
  int count(EntityKind kind);
}
