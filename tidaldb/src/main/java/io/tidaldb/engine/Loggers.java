package io.tidaldb.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine's one logger: at most one line per rare event, never per signal or per query.
final class Loggers {

  private static final Logger ENGINE = LoggerFactory.getLogger("io.tidaldb");

  private Loggers() {}

  static Logger engine() {
    return ENGINE;
  }
}
