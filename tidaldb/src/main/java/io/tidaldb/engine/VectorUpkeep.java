package io.tidaldb.engine;

import io.tidaldb.disk.StorePaths;
import io.tidaldb.search.VectorGraph;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Brings the graph over vectors up to date, again and again, beside everything else: no write and
/// no query ever waits for it.
///
/// **Threads.** One thread of its own; [#stop] and [#abandon] by any.
final class VectorUpkeep {

  private static final long PAUSE_NANOS = 200_000_000L;

  private final VectorGraph graph;
  private final Thread thread;
  private volatile boolean stopped;

  /// @param directory the data directory; empty keeps the graph in memory
  VectorUpkeep(EngineParts parts, Optional<Path> directory) {
    // A test's volume has no directory that anybody else could write to.
    boolean isReal = parts.lock().isPresent();
    var home = directory.filter(_ -> isReal).map(path -> path.resolve(StorePaths.SEARCH));
    var store = HexFormat.of().formatHex(parts.identity().store().bytes());
    this.graph = new VectorGraph(parts.views().vectors(), home, store);
    parts.views().vectors().use(graph);
    this.thread = Threads.named("vectors").newThread(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopped) {
      if (!graph.step()) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  /// Ends the thread and keeps what the graph has.
  void stop() {
    end();
    graph.close();
  }

  /// Ends the thread and leaves what a crash would leave.
  void abandon() {
    end();
    graph.abandon();
  }

  private void end() {
    stopped = true;
    graph.stop();
    LockSupport.unpark(thread);
    if (thread.getState() != Thread.State.NEW) {
      Threads.join(thread);
    }
  }
}
