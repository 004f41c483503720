package io.tidaldb.engine;

/// What can be asked and told of a database about relations and states of users.
///
/// **Threads.** Any; reads never wait for the writer.
public final class RelationCalls {

  final Engine engine;
  final Views views;

  RelationCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }
}
