package io.tidaldb;

import io.tidaldb.engine.Engine;

/// The calls about cohorts.
abstract class CohortDoor extends RelationDoor {

  CohortDoor(Engine engine) {
    super(engine);
  }
}
