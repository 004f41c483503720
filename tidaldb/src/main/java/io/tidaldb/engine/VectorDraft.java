package io.tidaldb.engine;

import io.tidaldb.log.VectorEvent.EmbeddingWritten;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Receipt;
import org.jspecify.annotations.Nullable;

/// A vector of an entity, or its end. The writer checks that the item lives (users and creators
/// exist by being named) and gives the slot its number.
///
/// @param vector nobody changes it; empty takes the vector away
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record VectorDraft(
    EntityKind kind, long id, String slot, float[] vector, @Nullable IdempotencyKey key)
    implements Draft.SurfaceDraft {

  private static final int EVENT_BYTES = 80;

  @Override
  public int sizeBytes() {
    return EVENT_BYTES + 4 * vector.length;
  }

  @Override
  public Receipt resolve(Scene scene) {
    if (kind == EntityKind.ITEM && !scene.isLive(kind, id)) {
      throw new NotFoundException(
          "item", EntityId.of(id).toString(), "write it before its vector, or both at once");
    }
    int number =
        scene
            .views()
            .vectors()
            .number(kind, slot)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "embedding slot",
                        Admission.label(kind) + " " + slot,
                        "declare it with embeddingSlot"));
    return scene.append(new EmbeddingWritten(scene.receiveNanos(), kind, number, id, vector, key));
  }
}
