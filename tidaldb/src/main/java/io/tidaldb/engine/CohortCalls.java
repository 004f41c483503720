package io.tidaldb.engine;

/// What can be asked and told of a database about cohorts.
///
/// **Threads.** Any; reads never wait for the writer.
public final class CohortCalls {

  final Engine engine;
  final Views views;

  CohortCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }
}
