package io.tidaldb.benchmarks.session;

import io.tidaldb.SessionHandle;
import io.tidaldb.TidalDb;
import io.tidaldb.log.Event;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionSnapshot;
import io.tidaldb.session.SessionView;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.InMemoryBackend;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Question: what does a session add? Sketch: a map's look-up, four longs and a new published state
/// per signal, some 100 ns; a snapshot copies 140 entries, some 10 µs; a sweep looks at one turn of
/// a heap. It would surprise us if a sweep depended on how many sessions run.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SessionBenchmark {

  private static final int SESSIONS = 100_000;
  private static final int SIGNALS_EACH = 5_000;

  private final SlotMap slots = new SlotMap();
  private final SessionView view = new SessionView(slots, new InMemoryBackend());
  private TidalDb db;
  private SessionHandle session;
  private long position;
  private long current;
  private int given;

  /// 100,000 sessions in a view; one with 1,000 signals and 40 annotations behind a door.
  @Setup(Level.Trial)
  public void fill() {
    var schema = schema();
    var ids = new TreeMap<String, Integer>();
    schema.signals().forEach(type -> ids.put(type.name(), type.id().value()));
    fold(new Event.SchemaChanged(1, schema.canonical(), ids));
    for (int i = 1; i <= SESSIONS; i++) {
      start();
    }
    db = TidalDb.builder().ephemeral().schema(schema).open();
    session = db.startSession(1, "agent", "default");
    for (int i = 0; i < 1_000; i++) {
      session.signal("view", EntityId.of(i % 50));
    }
    for (int i = 0; i < 40; i++) {
      session.annotate(EntityId.of(i), "more slow jazz number " + i + ", less noise");
    }
  }

  private static Schema schema() {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.permanent())
        .add()
        .sessionPolicy("long", p -> p.maxSignals(1_000_000))
        .build();
  }

  private void start() {
    current++;
    given = 0;
    fold(
        new SessionEvent.SessionStarted(
            2, current % 1_000, current, "long", "agent", new TreeMap<>(), null));
  }

  private void fold(Event event) {
    position++;
    slots.apply(position, event);
    view.apply(position, event);
    view.publish(position);
  }

  /// Folds and publishes one signal of a session, slots included.
  @Benchmark
  public void signal() {
    if (given++ == SIGNALS_EACH) {
      start();
    }
    fold(event(Event.SignalRecorded.USER | Event.SignalRecorded.SESSION));
  }

  /// The same signal without a session: what the other is to be compared with.
  @Benchmark
  public void plain() {
    fold(event(Event.SignalRecorded.USER));
  }

  private Event event(int flags) {
    return new Event.SignalRecorded(
        3, 0, EntityKind.ITEM, position % 1_000, 1, flags, current % 1_000, 0, current, null);
  }

  /// A snapshot of a session with 1,000 signals and 40 annotations.
  @Benchmark
  public SessionSnapshot snapshot() {
    return session.snapshot();
  }

  /// What a sweep asks of 100,000 sessions of which none is due.
  @Benchmark
  public int sweep() {
    return view.due(4, 1_000).size();
  }

  /// Lets go of the database.
  @TearDown(Level.Trial)
  public void close() {
    db.close();
  }
}
