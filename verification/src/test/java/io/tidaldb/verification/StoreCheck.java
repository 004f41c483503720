package io.tidaldb.verification;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.ModelDb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Compares what a database says about items with what the naive model says: metadata and counts
/// exactly, scores to 1e-9.
final class StoreCheck {

  private static final double SCORE_ERROR = 1e-9;

  private final TidalDb db;
  private final ModelDb model;
  private final List<String> differences = new ArrayList<>();

  private StoreCheck(TidalDb db, ModelDb model) {
    this.db = db;
    this.model = model;
  }

  /// What differs at a time, in words; empty if nothing does.
  static List<String> differences(TidalDb db, ModelDb model, Collection<EntityId> items, long at) {
    var check = new StoreCheck(db, model);
    items.forEach(item -> check.item(item, at));
    return check.differences;
  }

  private void item(EntityId id, long at) {
    var expected = model.entities(EntityKind.ITEM).get(id);
    var actual = db.readItem(id);
    same(
        "metadata",
        id,
        expected == null ? "none" : expected.metadata().asStrings().toString(),
        actual.map(item -> item.metadata().asStrings().toString()).orElse("none"));
    if (expected != null && expected.metadata().time("created_at").isPresent()) {
      same(
          "created",
          id,
          Timestamp.ofNanos(expected.created()).toString(),
          actual.map(item -> item.created().toString()).orElse("none"));
    }
    for (var type : model.schema().signals()) {
      if (type.target() == EntityKind.ITEM) {
        signal(id, type, at);
      }
    }
  }

  private void signal(EntityId id, SignalType type, long at) {
    var reading = db.readSignal(id, type.name(), Timestamp.ofNanos(at));
    for (var window : type.windows()) {
      long count = model.count(id, type.name(), window, at);
      same(type.name() + " " + window.label(), id, count, reading.counts().get(window));
      if (type.velocity() && window.isFinite()) {
        double velocity = (double) count / window.seconds();
        same(
            type.name() + " velocity " + window.label(),
            id,
            velocity,
            reading.velocities().get(window));
      }
    }
    double score = model.decayScore(id, type.name(), at);
    if (Math.abs(score - reading.decayedScore()) > SCORE_ERROR * Math.abs(score) + 1e-100) {
      same(type.name() + " score", id, score, reading.decayedScore());
    }
  }

  private void same(String what, EntityId id, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      differences.add(what + ": item=" + id + " expected=" + expected + " actual=" + actual);
    }
  }
}
