package io.tidaldb.engine;

/// What can be asked and told of a database about collections.
///
/// **Threads.** Any; reads never wait for the writer.
public final class CollectionCalls {

  final Engine engine;
  final Views views;

  CollectionCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }
}
