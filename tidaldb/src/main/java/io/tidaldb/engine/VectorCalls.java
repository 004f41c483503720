package io.tidaldb.engine;

import io.tidaldb.schema.Embedding;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Preference;
import java.util.Optional;
import java.util.SortedMap;

/// What can be asked about vectors.
///
/// **Threads.** Any.
public final class VectorCalls {

  private final Engine engine;
  private final Views views;

  VectorCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }

  /// An entity's vector in a slot; empty if it has none.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the slot is not declared
  public Optional<Embedding> embedding(EntityKind kind, EntityId id, String slot) {
    var _ = VectorForms.slot(engine.schema(), kind, slot);
    return engine.reading(
        () -> Optional.ofNullable(views.vectors().embeddings(kind, id.value()).get(slot)));
  }

  /// Every vector of an entity, by slot.
  public SortedMap<String, Embedding> embeddings(EntityKind kind, EntityId id) {
    return engine.reading(() -> views.vectors().embeddings(kind, id.value()));
  }

  /// What a user prefers; empty if nothing was learnt or written.
  public Optional<Preference> preference(EntityId user) {
    return engine.reading(() -> views.vectors().preference(user.value()));
  }
}
