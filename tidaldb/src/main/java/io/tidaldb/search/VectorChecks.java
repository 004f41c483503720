package io.tidaldb.search;

import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The canonical form of vectors, and what must hold of them.
final class VectorChecks {

  private static final double UNIT_ERROR_MAX = 1e-5;

  private VectorChecks() {}

  static void digest(Vectors vectors, Slots slots, StateSink sink) {
    var kind = vectors.slot().kind();
    vectors.present().stream()
        .boxed()
        .sorted((a, b) -> Long.compareUnsigned(slots.id(kind, a), slots.id(kind, b)))
        .forEach(
            entity -> {
              var row = vectors.row(entity);
              if (row != null) {
                var id = EntityId.of(slots.id(kind, entity));
                sink.entry("vector", vectors.slot().name() + " " + kind + " " + id)
                    .value("position", row.position())
                    .value("time", row.time())
                    .value("evidence", row.evidence())
                    .value("numbers", text(row.vector()));
              }
            });
  }

  private static String text(float[] vector) {
    var text = new StringBuilder(8 * vector.length);
    for (float number : vector) {
      text.append(HexFormat.of().toHexDigits(Float.floatToRawIntBits(number)));
    }
    return text.toString();
  }

  static List<String> verify(Vectors vectors, Slots slots) {
    var findings = new ArrayList<String>();
    var slot = vectors.slot();
    int found = 0;
    for (int entity = 0; entity < slots.count(slot.kind()); entity++) {
      var row = vectors.row(entity);
      found += row == null ? 0 : 1;
      if (row != null && slots.isDead(slot.kind(), entity)) {
        findings.add("a vector outlived its entity: slot=" + slot.name() + " entity=" + entity);
      }
      if (row != null && slot.kind() == EntityKind.USER) {
        double length = VectorMath.length(row.vector(), 0, row.vector().length);
        if (Math.abs(length - 1) > UNIT_ERROR_MAX) {
          findings.add("a preference is no unit vector: entity=" + entity + " length=" + length);
        }
      }
    }
    if (found != vectors.count() || vectors.present().getCardinality() != found) {
      findings.add(
          "vectors are counted wrong: slot=%s found=%d count=%d present=%d"
              .formatted(slot.name(), found, vectors.count(), vectors.present().getCardinality()));
    }
    return findings;
  }
}
