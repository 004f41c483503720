package io.tidaldb;

import io.tidaldb.engine.Engine;
import io.tidaldb.schema.CoEngagement;

/// The door is one class to its users; its calls are written down surface by surface, each in a
/// class that extends the one before.
abstract class Door {

  final Engine engine;

  Door(Engine engine) {
    this.engine = engine;
  }

  /// Which items the same users engage with, and how strongly: live, read only.
  public CoEngagement coEngagement() {
    return engine.coEngagement();
  }
}
