package io.tidaldb.engine;

import io.tidaldb.schema.BackpressureException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bounded first-in-first-out queue between callers and the writer. Full: a blocking call waits
/// up to a timeout and then fails, an asynchronous call fails at once; nothing of a refused call is
/// enqueued.
///
/// **Threads.** Any number of callers offer; the one writer polls and waits. Room is reserved by a
/// bounded compare-and-set on two counters before the element is linked, so the bounds hold at
/// every moment.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `events`, `bytes` | callers, writer | atomic add | atomic | a refusal or a wait a moment early |
/// | `waiting` | writer | volatile | volatile | never: checked again after linking |
final class WriteQueue {

  private static final long RETRY_MIN_NANOS = 1_000_000L;
  private static final long RETRY_MAX_NANOS = 5_000_000_000L;

  private final int eventsMax;
  private final long bytesMax;
  private final ConcurrentLinkedQueue<Submission> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final ReentrantLock roomLock = new ReentrantLock();
  private final Condition room = roomLock.newCondition();
  private final AtomicInteger roomWaiters = new AtomicInteger();
  private final DrainRate drained = new DrainRate();
  private volatile @Nullable Thread waiting;

  WriteQueue(int eventsMax, long bytesMax) {
    this.eventsMax = eventsMax;
    this.bytesMax = bytesMax;
  }

  /// Enqueues at once or fails.
  ///
  /// @throws BackpressureException if there is no room
  void offer(Submission submission) {
    if (!reserve(submission)) {
      throw full();
    }
    link(submission);
  }

  /// Enqueues, waiting for room up to `timeout`.
  ///
  /// @throws BackpressureException if there is no room by then, or the caller is interrupted
  void put(Submission submission, Duration timeout) {
    if (!reserve(submission) && !awaitRoom(submission, timeout.toNanos())) {
      throw full();
    }
    link(submission);
  }

  /// Enqueues a barrier, which needs no room.
  void putBarrier(Submission submission) {
    link(submission);
  }

  private boolean reserve(Submission submission) {
    int count = submission.drafts.size();
    if (events.addAndGet(count) > eventsMax && events.get() != count) {
      release(count, 0);
      return false;
    }
    if (bytes.addAndGet(submission.sizeBytes) > bytesMax && bytes.get() != submission.sizeBytes) {
      release(count, submission.sizeBytes);
      return false;
    }
    return true;
  }

  private boolean awaitRoom(Submission submission, long timeoutNanos) {
    roomLock.lock();
    roomWaiters.incrementAndGet();
    try {
      long left = timeoutNanos;
      while (!reserve(submission)) {
        if (left <= 0) {
          return false;
        }
        left = room.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      roomWaiters.decrementAndGet();
      roomLock.unlock();
    }
  }

  private void link(Submission submission) {
    queue.add(submission);
    var writer = waiting;
    if (writer != null) {
      LockSupport.unpark(writer);
    }
  }

  /// The next submission without removing it, or null. Writer only.
  @Nullable Submission peek() {
    return queue.peek();
  }

  /// Removes the next submission. Its room is held until [#drained]. Writer only.
  @Nullable Submission poll() {
    return queue.poll();
  }

  /// Gives back the room of submissions that were taken. Writer only.
  void drained(int count, long size) {
    release(count, size);
    drained.add(count);
    if (roomWaiters.get() > 0) {
      roomLock.lock();
      try {
        room.signalAll();
      } finally {
        roomLock.unlock();
      }
    }
  }

  private void release(int count, long size) {
    events.addAndGet(-count);
    bytes.addAndGet(-size);
  }

  /// Parks the writer until something is enqueued, someone wakes it, or the time is over. Writer
  /// only.
  void awaitWork(long nanos) {
    waiting = Thread.currentThread();
    try {
      if (queue.isEmpty()) {
        LockSupport.parkNanos(this, nanos);
      }
    } finally {
      waiting = null;
    }
  }

  /// Wakes the writer if it waits.
  void wakeWriter() {
    var writer = waiting;
    if (writer != null) {
      LockSupport.unpark(writer);
    }
  }

  int events() {
    return events.get();
  }

  long bytes() {
    return bytes.get();
  }

  int capacity() {
    return eventsMax;
  }

  private BackpressureException full() {
    long queued = events.get();
    long perSecond = Math.max(1, drained.perSecond());
    long wait = TimeUnit.SECONDS.toNanos(queued) / perSecond;
    long bounded = Math.clamp(wait, RETRY_MIN_NANOS, RETRY_MAX_NANOS);
    return new BackpressureException(queued, eventsMax, Duration.ofNanos(bounded));
  }
}
