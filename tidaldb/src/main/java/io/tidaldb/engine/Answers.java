package io.tidaldb.engine;

import io.tidaldb.schema.Receipt;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;

/// The thread that answers callers: completion code of callers never runs on the writer thread, and waking many callers
/// does not hold up the next frame.
///
/// Bounded by the write queue: nothing is answered that was not admitted there.
final class Answers implements AutoCloseable {

  /// A few blocking callers are woken by the writer itself: a lone caller then pays no second hand-over.
  static final int DIRECT_MAX = 2;

  private record Answer(Submission submission, Object outcome) {}

  private static final Answer STOP = new Answer(Submission.barrier(() -> {}), List.of());

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
    var batch = new java.util.ArrayList<Answer>(submissions.size());
    for (int i = 0; i < submissions.size(); i++) {
      batch.add(new Answer(submissions.get(i), outcomes.get(i)));
    }
    queue.add(batch);
  }

  private void run() {
    while (true) {
      try {
        for (var answer : queue.take()) {
          if (answer == STOP) {
            return;
          }
          answer(answer.submission, answer.outcome);
        }
      } catch (InterruptedException e) {
        // Only this class knows the thread, and it does not interrupt it: go on answering.
        continue;
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
    queue.add(List.of(STOP));
    Threads.join(thread);
  }
}
