package io.tidaldb.engine;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metric;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.VectorWrite;

/// The form of vectors: a declared slot, its number of dimensions, numbers that can be compared.
final class VectorForms {

  private VectorForms() {}

  static VectorDraft draft(VectorWrite write, Schema schema) {
    return switch (write) {
      case VectorWrite.SetEmbedding set -> {
        var slot = slot(schema, set.kind(), set.slot());
        float[] vector = set.vector();
        if (vector.length > 0) {
          check("write_embedding id=" + set.id(), slot, vector);
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
            ? java.util.Optional.<EmbeddingSlot>empty()
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

  /// @param operation what the vector is for, in facts
  /// @throws InvalidRequestException if the vector does not fit the slot
  static void check(String operation, EmbeddingSlot slot, float[] vector) {
    if (vector.length != slot.dimensions()) {
      throw invalid(operation, slot, vector.length + " numbers", slot.dimensions() + " numbers");
    }
    boolean isZero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw invalid(operation, slot, vector[i] + " at " + i, "finite numbers");
      }
      isZero &= vector[i] == 0;
    }
    if (isZero && (slot.metric() == Metric.COSINE)) {
      throw invalid(operation, slot, "zeros only", "a vector with a direction");
    }
  }

  private static InvalidRequestException invalid(
      String operation, EmbeddingSlot slot, String given, String allowed) {
    return new InvalidRequestException(
        "VECTOR_INVALID",
        "vector does not fit its slot: operation="
            + operation
            + " slot="
            + slot.name()
            + " metric="
            + slot.metric().label()
            + " given="
            + given
            + " allowed="
            + allowed);
  }
}
