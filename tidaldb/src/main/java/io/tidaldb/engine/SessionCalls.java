package io.tidaldb.engine;

/// What can be asked and told of a database about sessions.
///
/// **Threads.** Any; reads never wait for the writer.
public final class SessionCalls {

  final Engine engine;
  final Views views;

  SessionCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }
}
