package io.tidaldb.engine;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.VectorWrite;
import java.util.Optional;

/// The form of vectors: a declared slot, its number of dimensions, numbers that can be compared.
final class VectorForms {

  private VectorForms() {}

  static VectorDraft draft(VectorWrite write, Schema schema) {
    return switch (write) {
      case VectorWrite.SetEmbedding set -> {
        var slot = slot(schema, set.kind(), set.slot());
        float[] vector = set.vector();
        if (vector.length > 0) {
          slot.check("write_embedding id=" + set.id(), vector);
        }
        yield new VectorDraft(
            set.kind(), set.id().value(), set.slot(), vector, set.key().orElse(null));
      }
    };
  }

  /// The slot of this name; a user's vector lies in the space of the items' slot `content`.
  ///
  /// @throws NotFoundException if it is not declared
  static EmbeddingSlot slot(Schema schema, EntityKind kind, String name) {
    var home = kind == EntityKind.USER ? EntityKind.ITEM : kind;
    var found =
        kind == EntityKind.USER && !name.equals(EmbeddingSlot.CONTENT)
            ? Optional.<EmbeddingSlot>empty()
            : schema.embeddingSlot(home, name);
    return found.orElseThrow(
        () ->
            new NotFoundException(
                "embedding slot",
                Admission.label(kind) + " " + name,
                "declared are "
                    + schema.embeddingSlots().stream()
                        .map(slot -> Admission.label(slot.kind()) + " " + slot.name())
                        .toList()
                    + "; declare it with embeddingSlot"));
  }
}
