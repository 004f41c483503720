package io.tidaldb;

import io.tidaldb.engine.Engine;

/// The door is one class to its users; its calls are written down surface by surface, each in a
/// class that extends the one before.
abstract class Door {

  final Engine engine;

  Door(Engine engine) {
    this.engine = engine;
  }
}
