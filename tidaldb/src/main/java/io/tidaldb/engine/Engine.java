package io.tidaldb.engine;

import io.tidaldb.schema.CheckpointReceipt;
import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.RecoveryReport;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Verification;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A running database: the only place that knows all parts. Runs the one writer, routes events to
/// the views, takes checkpoints, recovers, answers reads from the views.
///
/// **Threads.** Any thread may call; three threads of its own (writer, maintenance, answers) do the
/// work, and no caller ever runs on them or interrupts them. `close` may be called twice and from
/// anywhere.
public final class Engine implements AutoCloseable {

  private enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private static final long STOPPED_WAIT_NANOS = 20_000_000L;

  private final EngineParts parts;
  private final EngineOptions options;
  private final Writer writer;
  private final WriteQueue queue;
  private final Answers answers;
  private final Admission admission;
  private final Map<LoadLevel, Reads> reads = new EnumMap<>(LoadLevel.class);
  private final RelationCalls relations;
  private final CohortCalls cohorts;
  private final CollectionCalls collections;
  private final SessionCalls sessions;
  private final VectorCalls vectors;
  private final RankingCalls ranking;
  private final VectorUpkeep vectorUpkeep;
  private final ErasureCalls erasures;
  private final CoEngagementCalls coEngagement;
  private final Thread writerThread;
  private final Backfills backfills;
  private final Maintenance maintenance;
  private final AtomicInteger running = new AtomicInteger();
  private final Object closeLock = new Object();
  private volatile State state = State.OPEN;
  private volatile boolean stopWriter;
  private volatile Schema schema;

  private Engine(EngineParts parts, EngineOptions options, Optional<Path> directory) {
    this.parts = parts;
    this.options = options;
    this.queue = new WriteQueue(options.queue().events(), options.queue().bytes());
    this.answers = new Answers(Threads.named("answers"));
    this.writer =
        new Writer(
            queue,
            parts.journal(),
            parts.views(),
            answers,
            parts.injector(),
            options,
            parts.meters());
    this.schema = parts.views().schema();
    this.admission = new Admission(this::schema, writer::nowNanos, options);
    var full = new Reads(parts, writer, this::schema, options.exploration());
    for (var level : LoadLevel.values()) {
      reads.put(level, full.at(level));
    }
    this.backfills =
        new Backfills(
            parts,
            draft -> {
              var _ = write(draft);
            });
    this.relations = new RelationCalls(this, parts.views());
    this.cohorts = new CohortCalls(this, parts.views(), backfills);
    this.collections = new CollectionCalls(this, parts.views());
    this.sessions = new SessionCalls(this, parts, admission.sessions(), writer.sessions());
    this.vectors = new VectorCalls(this, parts.views());
    this.ranking = new RankingCalls(this, parts.views());
    this.vectorUpkeep = new VectorUpkeep(parts, directory);
    this.coEngagement = new CoEngagementCalls(this, parts.views().coEngagement());
    this.maintenance =
        new Maintenance(parts, options, this::barrier, writer, sessions.sweeper()::step);
    this.erasures = new ErasureCalls(this, parts.views(), maintenance.purge());
    this.writerThread = Threads.named("writer").newThread(this::runWriter);
  }

  /// Opens or creates the database in a directory, or in memory without one.
  ///
  /// @param given the schema to hold against the stored one; empty takes the stored one
  public static Engine open(
      Optional<Path> directory, Optional<Schema> given, EngineOptions options, Faults faults) {
    options.validate();
    var parts = EngineParts.open(directory, options, faults);
    try {
      var change = SchemaGate.change(parts.views(), given);
      var engine = new Engine(parts, options, directory);
      engine.start(change);
      return engine;
    } catch (Throwable failure) {
      parts.release();
      throw failure;
    }
  }

  private void start(Optional<Draft> schemaChange) {
    writerThread.start();
    maintenance.start();
    vectorUpkeep.start();
    if (schemaChange.isPresent()) {
      try {
        var _ = submit(Submission.blocking(List.of(schemaChange.get()), Durability.IMMEDIATE));
        schema = parts.views().schema();
      } catch (Throwable failure) {
        stopThreads();
        throw failure;
      }
    }
    if (Backfills.pinned(parts.views()) < Long.MAX_VALUE) {
      backfills.wake();
    }
  }

  private void runWriter() {
    while (!stopWriter || !writer.isIdle()) {
      if (writer.failure() != null) {
        writer.refuseAll();
        if (stopWriter) {
          return;
        }
        // Bounded: the stop may be asked for between the check above and the wait.
        queue.awaitWork(STOPPED_WAIT_NANOS);
        continue;
      }
      if (stopWriter && queue.peek() == null) {
        writer.finish();
        continue;
      }
      var _ = writer.step();
    }
  }

  /* --- writing --- */

  /// Writes a batch as one unit and waits for its answer.
  public List<Receipt> write(List<Write> writes, Optional<Durability> durability) {
    requireWritable();
    return writes.isEmpty()
        ? List.of()
        : submit(admission.batch(writes, durability.orElse(options.durability()), false));
  }

  /// Writes a batch as one unit; fails at once if there is no room.
  public CompletionStage<List<Receipt>> writeAsync(
      List<Write> writes, Optional<Durability> durability) {
    requireWritable();
    var submission = admission.batch(writes, durability.orElse(options.durability()), true);
    queue.offer(submission);
    refuseIfStopped();
    var future = submission.future;
    if (future == null) {
      throw new IllegalStateException("an asynchronous call has a future");
    }
    return future;
  }

  /// Writes what a surface's call became and waits for its answer.
  Receipt write(Draft draft) {
    requireWritable();
    return submit(Submission.blocking(List.of(draft), options.durability())).getFirst();
  }

  /// Writes what a surface's call became and waits until it is durable and visible, whatever the
  /// default durability: for calls whose answer is of use only then.
  Receipt writeVisibly(Draft draft) {
    requireWritable();
    var level = options.durability();
    var visible = level == Durability.RELAXED ? Durability.BATCHED : level;
    return submit(Submission.blocking(List.of(draft), visible)).getFirst();
  }

  private List<Receipt> submit(Submission submission) {
    queue.put(submission, options.queue().enqueueTimeout());
    refuseIfStopped();
    return submission.await();
  }

  /// The writer may have stopped between the check and the enqueueing: then nobody would answer.
  private void refuseIfStopped() {
    if (writer.failure() != null || state != State.OPEN) {
      queue.wakeWriter();
      if (!writerThread.isAlive()) {
        writer.refuseAll();
      }
    }
  }

  /// Runs an action on the writer thread when everything submitted before it is durable and
  /// applied.
  private void barrier(Runnable action) {
    var submission = Submission.barrier(action);
    queue.putBarrier(submission);
    refuseIfStopped();
    var _ = submission.await();
  }

  /// Returns when everything submitted before is durable and applied.
  public void sync() {
    requireWritable();
    barrier(() -> {});
  }

  /// Takes a checkpoint now.
  public CheckpointReceipt checkpoint() {
    requireWritable();
    return maintenance.checkpoint();
  }

  /// Saves a profile under its next version and returns it.
  public Profile saveProfile(Profile profile) {
    requireWritable();
    var draft = admission.profile(profile);
    var _ = submit(Submission.blocking(List.of(draft), options.durability()));
    return profile.withVersion(draft.version().get());
  }

  /// Drops a version of a profile.
  public void dropProfile(String name, int version) {
    var _ = write(new RankingDrafts.DropProfile(name, version));
  }

  /* --- reading --- */

  /// Reads from the views; holds up `close` until it is done.
  public <T> T read(java.util.function.Function<Reads, T> query) {
    int inFlight = running.incrementAndGet();
    try {
      requireOpen();
      // Set once: what begins or ends later does not change it.
      return query.apply(Objects.requireNonNull(reads.get(options.load().level(inFlight))));
    } finally {
      running.decrementAndGet();
    }
  }

  /// Calls about relations and states of users.
  public RelationCalls relations() {
    return relations;
  }

  /// Reads of items that are liked together.
  public CoEngagementCalls coEngagement() {
    return coEngagement;
  }

  /// Calls about cohorts.
  public CohortCalls cohorts() {
    return cohorts;
  }

  /// Calls about collections.
  public CollectionCalls collections() {
    return collections;
  }

  /// Reads of vectors.
  public VectorCalls vectors() {
    return vectors;
  }

  /// Calls about how feeds are ranked.
  public RankingCalls ranking() {
    return ranking;
  }

  /// Calls about sessions.
  public SessionCalls sessions() {
    return sessions;
  }

  /// Calls about users who are to be forgotten.
  public ErasureCalls erasures() {
    return erasures;
  }

  /// The clock, but never earlier than the newest frame: what "now" means.
  long nowNanos() {
    return writer.nowNanos();
  }

  /// Runs a read of the views; holds up `close` until it is done.
  <T> T reading(java.util.function.Supplier<T> read) {
    return read(_ -> read.get());
  }

  EngineOptions options() {
    return options;
  }

  /// The schema as of now.
  public Schema schema() {
    return schema;
  }

  /// What opening had to do.
  public RecoveryReport recovery() {
    return parts.recovery();
  }

  /// The highest position that readers see.
  public long position() {
    return writer.appliedPosition();
  }

  /// How the database is.
  ///
  /// @throws io.tidaldb.schema.ReadOnlyException if the writer has stopped
  /// @throws ClosedException after close
  public io.tidaldb.schema.Health health() {
    requireWritable();
    return HealthCheck.of(parts, writer, queue, maintenance, options, sessions.sweeper());
  }

  /// Counters and gauges in the text format of Prometheus.
  public String metricsText() {
    requireOpen();
    return MetricsText.of(parts, writer, queue, maintenance) + sessions.metricsText();
  }

  /// A thorough check of log, pages and views; `deep` also folds the log anew and compares digests.
  public Verification verify(boolean deep) {
    requireOpen();
    return Verifier.verify(parts, this::barrier, writer, deep, options);
  }

  /// The digest of all views' canonical state at one position, hexadecimal.
  public String stateDigest() {
    requireOpen();
    var digest = new ArrayList<String>(1);
    barrier(() -> digest.add(StateDigest.of(parts.views())));
    return digest.getFirst();
  }

  /* --- closing --- */

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new ClosedException("database");
    }
  }

  private void requireWritable() {
    requireOpen();
    var failure = writer.failure();
    if (failure != null) {
      throw failure.asReadOnly();
    }
  }

  /// Drains the queue, answers callers, takes a last checkpoint, marks the store as closed cleanly,
  /// lets go of it.
  @Override
  public void close() {
    synchronized (closeLock) {
      if (state == State.CLOSED) {
        return;
      }
      sessions.sweeper().lastStep();
      state = State.CLOSING;
      awaitReaders();
      backfills.stop();
      RuntimeException checkpointFailure = closingCheckpoint();
      stopThreads();
      boolean clean = writer.failure() == null && checkpointFailure == null;
      state = State.CLOSED;
      parts.close(clean ? Optional.of(writer.appliedPosition()) : Optional.empty());
      if (checkpointFailure != null) {
        throw checkpointFailure;
      }
    }
  }

  private @Nullable RuntimeException closingCheckpoint() {
    maintenance.stop();
    var failure = writer.failure();
    if (failure != null) {
      return writer.owesSync() ? failure.asReadOnly() : null;
    }
    try {
      maintenance.finalCheckpoint();
      return null;
    } catch (OutcomeUnknownException | io.tidaldb.schema.ReadOnlyException stopped) {
      return stopped;
    } catch (RuntimeException refused) {
      return refused;
    }
  }

  private void awaitReaders() {
    long deadline = System.nanoTime() + options.closeTimeout().toNanos();
    while (running.get() > 0 && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000L);
    }
  }

  private void stopThreads() {
    maintenance.stop();
    stopWriter = true;
    queue.wakeWriter();
    if (writerThread.getState() != Thread.State.NEW) {
      Threads.join(writerThread);
    }
    writer.refuseAll();
    answers.close();
    vectorUpkeep.stop();
  }

  /// Lets go of files and lock without writing anything: what is left is what a crash leaves. For
  /// crash tests.
  public void abandon() {
    synchronized (closeLock) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      writer.stop(new io.tidaldb.fault.SimulatedCrash("abandon"));
      backfills.stop();
      maintenance.stop();
      stopWriter = true;
      queue.wakeWriter();
      Threads.join(writerThread);
      writer.refuseAll();
      answers.close();
      vectorUpkeep.abandon();
      parts.release();
    }
  }
}
