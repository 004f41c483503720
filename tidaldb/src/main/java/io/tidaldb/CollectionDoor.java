package io.tidaldb;

import io.tidaldb.engine.Engine;

/// The calls about collections.
abstract class CollectionDoor extends CohortDoor {

  CollectionDoor(Engine engine) {
    super(engine);
  }
}
