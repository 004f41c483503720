package io.tidaldb.engine;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.log.Event;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.ReadOnlyException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one writer: takes what is queued, cuts one frame, appends it, syncs once, applies it to
/// every view, answers.
///
/// There is no artificial delay: a lone call goes at once, and calls that arrive during a sync form
/// the next frame. RELAXED calls are answered when their bytes were handed over and become visible
/// after the next sync, so that no reader sees what a crash could take back.
///
/// **Threads.** [#step] runs on the writer thread only. A failed write or sync is final: this
/// frame's callers get `OutcomeUnknownException`, everyone later `ReadOnlyException` with the first
/// cause.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `appliedPosition` | writer | release (volatile), after all views | acquire | reads lag by less than one frame |
/// | `failure` | writer | volatile | volatile | one more call waits and is then refused |
final class Writer {

  private static final int FRAME_BYTES_MAX = 4 << 20;
  private static final int FRAME_EVENTS_MAX = 65_535;
  private static final int EVENT_BYTES_MAX = 1 << 20;
  private static final long RELAXED_BYTES_MAX = 1 << 20;
  private static final long IDLE_NANOS = 1_000_000_000L;

  /// The first fault, and when.
  record Failure(Throwable cause, ReadOnlyException asReadOnly) {}

  private final WriteQueue queue;
  private final Journal journal;
  private final Views views;
  private final Answers answers;
  private final CrashInjector injector;
  private final InstantSource clock;
  private final EngineOptions options;
  private final EngineMeters meters;
  private final Resolver resolver;

  private final List<Event> frame = new ArrayList<>();
  private final List<Event> unapplied = new ArrayList<>();
  private final List<Submission> taken = new ArrayList<>();
  private final List<Object> outcomes = new ArrayList<>();
  private long frameBytes;
  private long unappliedFirst;
  private long unsyncedBytes;
  private long unsyncedSinceNanos;

  private volatile boolean owesSync;
  private volatile long appliedPosition;
  private volatile @Nullable Failure failure;

  Writer(
      WriteQueue queue,
      Journal journal,
      Views views,
      Answers answers,
      CrashInjector injector,
      EngineOptions options,
      EngineMeters meters) {
    this.queue = queue;
    this.journal = journal;
    this.views = views;
    this.answers = answers;
    this.injector = injector;
    this.clock = options.clock();
    this.options = options;
    this.meters = meters;
    this.resolver = new Resolver(views, options);
    this.appliedPosition = journal.lastPosition();
  }

  /// The highest position that readers see.
  long appliedPosition() {
    return appliedPosition;
  }

  @Nullable Failure failure() {
    return failure;
  }

  /// What is known of sessions beside the applied state.
  PendingSessions sessions() {
    return resolver.pending().sessions();
  }

  /// Whether a call was answered whose bytes no sync has covered yet.
  boolean owesSync() {
    return owesSync;
  }

  /// The clock, but never earlier than the last frame: what "now" means to writes and reads.
  long nowNanos() {
    return Math.max(Timestamp.now(clock).nanos(), journal.lastReceiveNanos());
  }

  /// Writes one frame if anything is queued, else waits for work for a moment. Returns how many
  /// calls it answered.
  int step() {
    if (queue.peek() == null) {
      if (!syncIfDue()) {
        queue.awaitWork(idleNanos());
      }
      return 0;
    }
    try {
      return writeFrame();
    } catch (Throwable fault) {
      fail(fault);
      return 0;
    }
  }

  private long idleNanos() {
    if (unapplied.isEmpty()) {
      return IDLE_NANOS;
    }
    long age = System.nanoTime() - unsyncedSinceNanos;
    return Math.max(1, options.log().relaxedSyncInterval().toNanos() - age);
  }

  /// Syncs what RELAXED calls left behind if its time has come.
  private boolean syncIfDue() {
    if (unapplied.isEmpty()
        || System.nanoTime() - unsyncedSinceNanos < options.log().relaxedSyncInterval().toNanos()) {
      return false;
    }
    try {
      syncAndApply();
    } catch (Throwable fault) {
      fail(fault);
    }
    return true;
  }

  private int writeFrame() {
    long began = System.nanoTime();
    long receiveNanos = nowNanos();
    var strongest = gather(receiveNanos);
    if (failure != null) {
      refuseAll();
      return 0;
    }
    if (!frame.isEmpty() && !append(receiveNanos)) {
      return answer();
    }
    // Without files there is nothing to wait for: an answer means applied.
    if (strongest != Durability.RELAXED
        || taken.getLast().settled
        || journal instanceof EphemeralJournal
        || unsyncedBytes >= RELAXED_BYTES_MAX
        || relaxedIsDue()) {
      syncAndApply();
    }
    runBarriers();
    meters.frame(frame.size(), System.nanoTime() - began);
    return answer();
  }

  private boolean relaxedIsDue() {
    return !unapplied.isEmpty()
        && System.nanoTime() - unsyncedSinceNanos >= options.log().relaxedSyncInterval().toNanos();
  }

  /// Takes calls off the queue and resolves them into the frame; returns the strongest durability
  /// among them.
  private Durability gather(long receiveNanos) {
    frame.clear();
    frameBytes = 0;
    sessions().rates().frame();
    taken.clear();
    outcomes.clear();
    var strongest = Durability.RELAXED;
    while (true) {
      var next = queue.peek();
      if (next == null || (next.settled && !taken.isEmpty())) {
        return strongest;
      }
      if (next.settled) {
        syncAndApply();
      }
      if (!admit(next, receiveNanos)) {
        return strongest;
      }
      var _ = queue.poll();
      queue.drained(next.drafts.size(), next.sizeBytes);
      taken.add(next);
      if (next.durability.compareTo(strongest) < 0) {
        strongest = next.durability;
      }
      // What comes after a settled call sees it applied.
      if (next.durability == Durability.IMMEDIATE || next.barrier != null || next.settled) {
        return strongest;
      }
    }
  }

  /// Resolves a call into the frame and notes its outcome; false if it must wait for the next
  /// frame.
  private boolean admit(Submission next, long receiveNanos) {
    int eventsBefore = frame.size();
    long bytesBefore = frameBytes;
    int tokensBefore = sessions().rates().taken();
    boolean alone = taken.isEmpty();
    if (!alone && eventsBefore + next.drafts.size() > options.log().frameEvents()) {
      return false;
    }
    Object outcome;
    try {
      outcome = resolve(next, receiveNanos);
    } catch (RuntimeException refusal) {
      meters.rejected();
      outcome = refusal;
    }
    boolean overflow = frameBytes > FRAME_BYTES_MAX || frame.size() > FRAME_EVENTS_MAX;
    if (outcome instanceof RuntimeException || overflow) {
      frame.subList(eventsBefore, frame.size()).clear();
      sessions().rates().refund(tokensBefore);
      rebuildPending();
      if (overflow && !alone && !(outcome instanceof RuntimeException)) {
        frameBytes = bytesBefore;
        return false;
      }
      if (overflow && !(outcome instanceof RuntimeException)) {
        outcome = new LimitExceededException("batchBytes", FRAME_BYTES_MAX, frameBytes, "");
      }
      frameBytes = bytesBefore;
    }
    outcomes.add(outcome);
    return true;
  }

  private List<Receipt> resolve(Submission submission, long receiveNanos) {
    long first = journal.lastPosition() + 1;
    if (submission.drafts.size() == 1) {
      return List.of(resolveOne(submission.drafts.getFirst(), first, receiveNanos));
    }
    var receipts = new ArrayList<Receipt>(submission.drafts.size());
    for (var draft : submission.drafts) {
      receipts.add(resolveOne(draft, first, receiveNanos));
    }
    return receipts;
  }

  private Receipt resolveOne(Draft draft, long frameFirst, long receiveNanos) {
    int before = frame.size();
    var receipt = resolver.resolve(draft, frameFirst + before, receiveNanos, frame);
    for (int i = before; i < frame.size(); i++) {
      int size = journal.sizeOf(frame.get(i));
      if (size > EVENT_BYTES_MAX) {
        throw new LimitExceededException("eventBytes", EVENT_BYTES_MAX, size, "");
      }
      frameBytes += (size + 7) & ~7;
    }
    return receipt;
  }

  private void rebuildPending() {
    resolver.pending().clear();
    for (int i = 0; i < unapplied.size(); i++) {
      resolver.pending().record(unappliedFirst + i, unapplied.get(i));
    }
    long first = journal.lastPosition() + 1;
    for (int i = 0; i < frame.size(); i++) {
      resolver.pending().record(first + i, frame.get(i));
    }
  }

  /// Appends the frame. False if there was no space: nothing was written, its calls are refused,
  /// and writing goes on.
  private boolean append(long receiveNanos) {
    try {
      journal.append(frame, receiveNanos);
    } catch (StorageException refused) {
      if (refused.outcome() != StorageException.Outcome.NOT_WRITTEN) {
        throw refused;
      }
      frame.clear();
      sessions().rates().refund(0);
      rebuildPending();
      outcomes.replaceAll(outcome -> refused);
      return false;
    }
    if (unapplied.isEmpty()) {
      unappliedFirst = journal.lastPosition() - frame.size() + 1;
      unsyncedSinceNanos = System.nanoTime();
    }
    unapplied.addAll(frame);
    unsyncedBytes += frameBytes;
    return true;
  }

  private void syncAndApply() {
    if (unapplied.isEmpty()) {
      return;
    }
    long began = System.nanoTime();
    journal.sync();
    long synced = System.nanoTime();
    meters.sync(synced - began);
    injector.reached(CrashPoint.WAL_PRE_AGGREGATE);
    long position = unappliedFirst;
    for (int i = 0; i < unapplied.size(); i++) {
      views.apply(position++, unapplied.get(i));
    }
    views.publish(position - 1);
    meters.apply(unapplied.size(), System.nanoTime() - synced);
    unapplied.clear();
    unsyncedBytes = 0;
    owesSync = false;
    resolver.pending().clear();
    appliedPosition = position - 1;
    injector.reached(CrashPoint.WAL_POST_AGGREGATE);
  }

  /// Barriers end a frame, so there is at most one, the last; what was RELAXED before it is synced
  /// by its durability.
  private void runBarriers() {
    var last = taken.getLast();
    if (last.barrier == null) {
      return;
    }
    try {
      last.barrier.run();
    } catch (RuntimeException error) {
      outcomes.set(outcomes.size() - 1, error);
    }
  }

  private int answer() {
    int count = taken.size();
    for (var outcome : outcomes) {
      if (outcome instanceof List<?> receipts) {
        meters.answered(receipts);
      }
    }
    owesSync |= !unapplied.isEmpty();
    answers.deliver(taken, outcomes);
    return count;
  }

  /// Stops writing because of a fault elsewhere in the engine. Any thread; what is queued is
  /// refused by the writer.
  void stop(Throwable fault) {
    if (failure == null) {
      failure = new Failure(fault, new ReadOnlyException(fault, clock.instant()));
    }
    queue.wakeWriter();
  }

  /// Whether something was or may yet be written behind a position.
  boolean mayHaveWorkBeyond(long position) {
    return appliedPosition > position || journal.lastPosition() > position || queue.peek() != null;
  }

  /// Stops for good: nothing more is written.
  private void fail(Throwable fault) {
    if (failure == null) {
      failure = new Failure(fault, new ReadOnlyException(fault, clock.instant()));
    }
    var unknown =
        new OutcomeUnknownException(
            "the writer stopped after a fault: the write may or may not be in the log; reopen and"
                + " retry it with the same key; cause="
                + fault.getMessage(),
            fault);
    for (int i = 0; i < taken.size(); i++) {
      boolean refused = i < outcomes.size() && outcomes.get(i) instanceof Throwable;
      taken.get(i).fail(refused ? (Throwable) outcomes.get(i) : unknown);
    }
    taken.clear();
    refuseAll();
  }

  /// Refuses everything taken or queued with the first cause. Also called after the loop has ended.
  void refuseAll() {
    var error = failure;
    var refusal =
        error == null ? new io.tidaldb.schema.ClosedException("database") : error.asReadOnly;
    for (var submission : taken) {
      submission.fail(refusal);
    }
    taken.clear();
    for (var next = queue.poll(); next != null; next = queue.poll()) {
      queue.drained(next.drafts.size(), next.sizeBytes);
      next.fail(refusal);
    }
  }

  /// Whether everything queued and appended is applied.
  boolean isIdle() {
    return queue.peek() == null && unapplied.isEmpty();
  }

  /// Syncs and applies what RELAXED calls left behind. Writer thread, at close.
  void finish() {
    try {
      syncAndApply();
    } catch (Throwable fault) {
      fail(fault);
    }
  }
}
