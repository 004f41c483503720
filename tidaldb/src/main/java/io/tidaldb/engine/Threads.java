package io.tidaldb.engine;

import java.util.concurrent.ThreadFactory;

/// Where the library's threads come from: named platform threads that are never handed out.
final class Threads {

  private Threads() {}

  static ThreadFactory named(String name) {
    return work -> Thread.ofPlatform().name("tidaldb-" + name).daemon(true).unstarted(work);
  }

  /// Waits for a thread's end; an interrupt is remembered, not obeyed.
  static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
