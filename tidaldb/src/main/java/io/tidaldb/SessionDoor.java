package io.tidaldb;

import io.tidaldb.engine.Engine;

/// The calls about sessions.
abstract class SessionDoor extends CollectionDoor {

  SessionDoor(Engine engine) {
    super(engine);
  }
}
