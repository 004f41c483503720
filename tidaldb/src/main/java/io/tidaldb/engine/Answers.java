package io.tidaldb.engine;

import io.tidaldb.schema.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;

/// The thread that answers callers: completion code of callers never runs on the writer thread, and
/// waking many callers does not hold up the next frame.
///
/// Bounded by the write queue: nothing is answered that was not admitted there.
final class Answers implements AutoCloseable {

  /// A few blocking callers are woken by the writer itself: a lone caller then pays no second
  /// hand-over.
  static final int DIRECT_MAX = 2;

  private record Answer(Submission submission, Object outcome) {}

  private final LinkedBlockingQueue<List<Answer>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  Answers(ThreadFactory threads) {
    thread = threads.newThread(this::run);
    thread.start();
  }

  /// Answers each submission with its receipts (`List<Receipt>`) or its error.
  void deliver(List<Submission> submissions, List<Object> outcomes) {
    if (submissions.size() <= DIRECT_MAX && submissions.stream().allMatch(Submission::isBlocking)) {
      for (int i = 0; i < submissions.size(); i++) {
        answer(submissions.get(i), outcomes.get(i));
      }
      return;
    }
    if (submissions.isEmpty()) {
      return;
    }
    var batch = new ArrayList<Answer>(submissions.size());
    for (int i = 0; i < submissions.size(); i++) {
      batch.add(new Answer(submissions.get(i), outcomes.get(i)));
    }
    queue.add(batch);
  }

  private void run() {
    while (true) {
      var batch = next();
      if (batch.isEmpty()) {
        return;
      }
      for (var answer : batch) {
        answer(answer.submission, answer.outcome);
      }
    }
  }

  /// The next batch; an empty one ends the thread. Nobody else knows the thread, so an interrupt
  /// means nothing.
  private List<Answer> next() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        Loggers.engine().debug("the answering thread was interrupted and goes on", e);
      }
    }
  }

  @SuppressWarnings("unchecked") // Outcomes are receipts or throwables.
  private static void answer(Submission submission, Object outcome) {
    if (outcome instanceof Throwable error) {
      submission.fail(error);
    } else {
      submission.complete((List<Receipt>) outcome);
    }
  }

  @Override
  public void close() {
    queue.add(List.of());
    Threads.join(thread);
  }
}
