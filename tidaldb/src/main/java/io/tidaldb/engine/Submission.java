package io.tidaldb.engine;

import io.tidaldb.schema.Durability;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One call on its way through the writer: a unit that enters the log whole or not at all, and is
/// answered once.
///
/// **Threads.** Made by its caller, answered by the writer (or the answering thread), awaited by
/// its caller.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `answer` | whoever answers | release | acquire | the caller waits a little longer |
final class Submission {

  private static final Object PENDING = new Object();

  final List<Draft> drafts;
  final Durability durability;
  final int sizeBytes;

  /// Whether it must begin a frame, with everything before it applied.
  final boolean settled;

  /// Runs on the writer thread when everything before it is durable and applied; null for writes.
  final @Nullable Runnable barrier;

  /// Completed off the writer thread; null for a blocking caller.
  final @Nullable CompletableFuture<List<Receipt>> future;

  private final Thread caller = Thread.currentThread();
  private volatile Object answer = PENDING;

  private Submission(
      List<Draft> drafts,
      Durability durability,
      @Nullable Runnable barrier,
      @Nullable CompletableFuture<List<Receipt>> future) {
    this.drafts = drafts;
    this.durability = durability;
    this.barrier = barrier;
    this.future = future;
    int bytes = 0;
    boolean mustBegin = false;
    for (var draft : drafts) {
      bytes += draft.sizeBytes();
      mustBegin |= draft instanceof Draft.SurfaceDraft surface && surface.settled();
    }
    this.sizeBytes = bytes;
    this.settled = mustBegin;
  }

  static Submission blocking(List<Draft> drafts, Durability durability) {
    return new Submission(drafts, durability, null, null);
  }

  static Submission async(List<Draft> drafts, Durability durability) {
    return new Submission(drafts, durability, null, new CompletableFuture<>());
  }

  static Submission barrier(Runnable action) {
    return new Submission(List.of(), Durability.IMMEDIATE, action, null);
  }

  /// Answers with receipts, one per draft. Once.
  void complete(List<Receipt> receipts) {
    answer = receipts;
    wake();
    if (future != null) {
      future.complete(receipts);
    }
  }

  /// Answers with an error. Once.
  void fail(Throwable error) {
    answer = error;
    wake();
    if (future != null) {
      future.completeExceptionally(error);
    }
  }

  private void wake() {
    if (future == null) {
      LockSupport.unpark(caller);
    }
  }

  boolean isBlocking() {
    return future == null;
  }

  /// Waits for the answer on the caller's thread. An interrupt ends the wait, not the write.
  List<Receipt> await() {
    while (answer == PENDING) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        if (answer == PENDING) {
          throw new OutcomeUnknownException(
              "interrupted while waiting for the answer: the write may or may not be in the log;"
                  + " retry it with the same key",
              null);
        }
      }
    }
    return switch (answer) {
      case RuntimeException error -> throw error;
      case Error error -> throw error;
      default -> receipts(answer);
    };
  }

  @SuppressWarnings("unchecked") // Only complete() stores anything but a Throwable.
  private static List<Receipt> receipts(Object answer) {
    return (List<Receipt>) answer;
  }
}
