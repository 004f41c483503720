package io.tidaldb;

import io.tidaldb.engine.Engine;

/// The calls about relations and states of users.
abstract class RelationDoor extends Door {

  RelationDoor(Engine engine) {
    super(engine);
  }
}
