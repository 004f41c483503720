package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.SessionHandle;
import io.tidaldb.TestDoor;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.RateLimitedException;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionRefusal;
import io.tidaldb.schema.SessionSignal;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random calls of sessions against a naive model of policies, buckets, audits and time.
final class SessionProperties {

  private static final long SECOND = 1_000_000_000L;
  private static final int MAX_SIGNALS = 6;
  private static final int MAX_ANNOTATIONS = 3;
  private static final int AUDIT = 3;
  private static final long MAX_DURATION = 20 * SECOND;
  private static final long MAX_IDLE = 7 * SECOND;

  private static final Schema SCHEMA =
      SchemaBuilder.from(Schemas.video())
          .sessionPolicy(
              "tight",
              p ->
                  p.deny("hide")
                      .maxSignals(MAX_SIGNALS)
                      .maxAnnotations(MAX_ANNOTATIONS)
                      .rate(2, 3)
                      .maxDuration(Duration.ofNanos(MAX_DURATION))
                      .maxIdle(Duration.ofNanos(MAX_IDLE))
                      .auditEntries(AUDIT))
          .build();

  /// A call: what, on which session, with what.
  private record Step(int what, int session, int with) {}

  private static final Generator<List<Step>> SCRIPTS =
      Generator.combine(
              Generator.ints(0, 13),
              Generator.combine(
                  Generator.ints(0, 5), Generator.ints(0, 9), (s, w) -> new int[] {s, w}),
              (what, rest) -> new Step(what, rest[0], rest[1]))
          .listOf(60);

  /// A bucket as one fills it by hand: tokens in nanoseconds of refill.
  private static final class Bucket {
    private final long perToken;
    private final long capacity;
    private long level;
    private long filledAt;

    Bucket(long perSecond, int burst) {
      perToken = SECOND / perSecond;
      capacity = burst * perToken;
      level = capacity;
    }

    boolean has(long now) {
      level = Math.min(capacity, level + now - filledAt);
      filledAt = now;
      return level >= perToken;
    }

    void take() {
      level -= perToken;
    }
  }

  private static final class Talk {
    private final long user;
    private final String agent;
    private final boolean tight;
    private final long started;
    private long last;
    private long ended = -1;
    private final List<String> signals = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final Map<RefusalReason, Long> refusals = new EnumMap<>(RefusalReason.class);
    private final List<String> refused = new ArrayList<>();
    private Bucket bucket = new Bucket(2, 3);

    Talk(long user, String agent, boolean tight, long now) {
      this.user = user;
      this.agent = agent;
      this.tight = tight;
      started = now;
      last = now;
    }

    long expires() {
      return tight
          ? Math.min(started + MAX_DURATION, last + MAX_IDLE)
          : started + Duration.ofHours(24).toNanos();
    }

    boolean runs(long now) {
      return ended < 0 && now < expires();
    }

    String refuse(RefusalReason reason, String what) {
      refusals.merge(reason, 1L, Long::sum);
      refused.add(reason + " " + what);
      return reason.name();
    }
  }

  private static final class Run {
    private final ManualClock clock = new ManualClock();
    private final List<Talk> talks = new ArrayList<>();
    private final List<SessionHandle> handles = new ArrayList<>();
    private final Set<SessionHandle> opened = new HashSet<>();
    private Map<String, Bucket> agents = new TreeMap<>();
    private TidalDb db;

    Run(TidalDb db) {
      this.db = db;
    }

    private long now() {
      var instant = clock.instant();
      return instant.getEpochSecond() * SECOND + instant.getNano();
    }

    void step(Step step) {
      int n = step.session() < talks.size() ? step.session() : talks.size() - 1;
      if (n < 0 || step.what() == 0) {
        start(step);
      } else if (step.what() <= 6) {
        signal(n, step);
      } else if (step.what() <= 8) {
        annotate(n, "w" + step.with());
      } else if (step.what() <= 11) {
        clock.advance(Duration.ofNanos(step.with() * SECOND / 4 + step.session()));
      } else if (step.what() == 12) {
        close(n);
      } else {
        long due = talks.stream().filter(t -> t.ended < 0 && now() >= t.expires()).count();
        assertThat(db.expireSessions()).isEqualTo((int) due);
        talks.stream()
            .filter(t -> t.ended < 0 && now() >= t.expires())
            .forEach(t -> t.ended = t.expires());
      }
    }

    private void start(Step step) {
      boolean tight = step.with() % 3 != 0;
      var talk = new Talk(step.with() % 2, "agent" + step.with() % 2, tight, now());
      handles.add(db.startSession(talk.user, talk.agent, tight ? "tight" : "default"));
      opened.add(handles.getLast());
      talks.add(talk);
      assertThat(handles.getLast().sessionId()).isEqualTo(SessionId.of(talks.size()));
    }

    private void signal(int n, Step step) {
      var name = List.of("view", "like", "hide").get(step.with() % 3);
      var item = EntityId.of(1 + step.with());
      assertThat(outcome(() -> write(SessionWrite.signal(id(n), name, item, weight(n)))))
          .isEqualTo(expected(talks.get(n), name, item));
    }

    private static SessionId id(int n) {
      return SessionId.of(n + 1);
    }

    private static Signal weight(int n) {
      return Signal.anonymous().weight(n + 1);
    }

    private void write(Write write) {
      db.write(List.of(write));
    }

    private String expected(Talk talk, String name, EntityId item) {
      long now = now();
      if (!talk.runs(now)) {
        return "SESSION_CLOSED";
      }
      var what = name + " " + item;
      if (talk.tight && name.equals("hide")) {
        return talk.refuse(RefusalReason.SIGNAL_DENIED, what);
      }
      if (talk.tight && talk.signals.size() >= MAX_SIGNALS) {
        return talk.refuse(RefusalReason.SIGNAL_QUOTA, what);
      }
      if (talk.tight && !talk.bucket.has(now)) {
        return talk.refuse(RefusalReason.SESSION_RATE, what);
      }
      var agent = agents.computeIfAbsent(talk.agent, _ -> new Bucket(4, 4));
      if (!agent.has(now)) {
        return talk.refuse(RefusalReason.AGENT_RATE, what);
      }
      talk.bucket.take();
      agent.take();
      talk.signals.add(what);
      talk.last = now;
      return "";
    }

    private void annotate(int n, String text) {
      var talk = talks.get(n);
      String expected = "";
      if (!talk.runs(now())) {
        expected = "SESSION_CLOSED";
      } else if (talk.tight && talk.said.size() >= MAX_ANNOTATIONS) {
        expected = talk.refuse(RefusalReason.ANNOTATION_QUOTA, " ");
      } else {
        talk.said.add(text);
        talk.last = now();
      }
      assertThat(outcome(() -> write(SessionWrite.annotate(id(n), text, Optional.empty()))))
          .isEqualTo(expected);
    }

    private void close(int n) {
      var talk = talks.get(n);
      if (!opened.contains(handles.get(n))) {
        return;
      }
      if (talk.ended < 0) {
        talk.ended = Math.min(now(), talk.expires());
      }
      var summary = handles.get(n).close();
      assertThat(summary.ended().nanos()).isEqualTo(talk.ended);
      assertThat(summary.signals()).isEqualTo(talk.signals.size());
      assertThat(summary.annotations()).isEqualTo(talk.said.size());
      assertThat(summary.refusals())
          .isEqualTo(talk.refusals.values().stream().mapToLong(Long::longValue).sum());
    }

    private static String outcome(Runnable call) {
      try {
        call.run();
        return "";
      } catch (LimitExceededException quota) {
        return quota.limitName().equals("maxSignals") ? "SIGNAL_QUOTA" : "ANNOTATION_QUOTA";
      } catch (RateLimitedException tooFast) {
        return tooFast.reason().name();
      } catch (InvalidRequestException refused) {
        return refused.code();
      }
    }

    void compare() {
      long now = now();
      for (int i = 0; i < talks.size(); i++) {
        var talk = talks.get(i);
        var id = SessionId.of(i + 1);
        boolean listed =
            db.activeSessions(talk.user).stream().anyMatch(s -> s.sessionId().equals(id));
        assertThat(listed).isEqualTo(talk.runs(now));
        if (talk.runs(now)) {
          compare(talk, handles.get(i));
        } else if (talk.ended >= 0) {
          var closed = db.closedSession(id).orElseThrow();
          assertThat(closed.summary().ended().nanos()).isEqualTo(talk.ended);
          assertThat(said(closed.signals())).isEqualTo(talk.signals);
          assertThat(closed.annotations()).extracting(said -> said.text()).isEqualTo(talk.said);
        }
      }
    }

    private void compare(Talk talk, SessionHandle handle) {
      var snapshot = handle.snapshot();
      assertThat(said(snapshot.signals())).isEqualTo(talk.signals);
      assertThat(snapshot.annotations()).extracting(said -> said.text()).isEqualTo(talk.said);
      assertThat(snapshot.expires().nanos()).isEqualTo(talk.expires());
      assertThat(snapshot.refusals()).isEqualTo(talk.refusals);
      assertThat(snapshot.audit().size()).isLessThanOrEqualTo(talk.tight ? AUDIT : 100);
      if (!talk.refused.isEmpty()) {
        assertThat(last(snapshot.audit())).contains(talk.refused.getLast());
      }
      if (talk.tight) {
        assertThat(snapshot.quota().signalsLeft()).isEqualTo(MAX_SIGNALS - talk.signals.size());
        assertThat(snapshot.quota().annotationsLeft())
            .isEqualTo(MAX_ANNOTATIONS - talk.said.size());
        talk.bucket.has(now());
        assertThat(snapshot.quota().tokens().orElseThrow())
            .isCloseTo((double) talk.bucket.level / talk.bucket.perToken, within(1e-9));
      }
    }

    /// The last refusals, several if they happened at the same time for different reasons.
    private static List<String> last(List<SessionRefusal> audit) {
      return audit.stream()
          .filter(refusal -> refusal.at().equals(audit.getLast().at()))
          .map(
              refusal ->
                  refusal.reason()
                      + " "
                      + refusal.signal().orElse("")
                      + " "
                      + refusal.entity().map(EntityId::toString).orElse(""))
          .toList();
    }

    private static List<String> said(List<SessionSignal> signals) {
      return signals.stream().map(signal -> signal.signal() + " " + signal.entity()).toList();
    }

    /// After a crash or close refusals may be forgotten, and every bucket is full.
    void reopened(TidalDb after) {
      db = after;
      opened.clear();
      agents = new TreeMap<>();
      for (int i = 0; i < talks.size(); i++) {
        var talk = talks.get(i);
        talk.bucket = new Bucket(2, 3);
        talk.bucket.filledAt = now();
        if (talk.runs(now())) {
          handles.set(i, db.resumeSession(SessionId.of(i + 1)));
          opened.add(handles.get(i));
        }
      }
    }
  }

  @Test
  void sessionsEqualANaiveModel() {
    Property.forAll(SCRIPTS)
        .tries(60)
        .check(
            script -> {
              var run = new Run(null);
              try (var db = Doors.ephemeral(run.clock).schema(SCHEMA).agentRate(4, 4).open()) {
                run.db = db;
                for (var step : script) {
                  run.step(step);
                  run.compare();
                }
                assertThat(db.verify(false).findings()).isEmpty();
              }
            });
  }

  @Test
  void nothingButRefusalsAndTokensIsLostByACrash() {
    Property.forAll(Generator.combine(SCRIPTS, Generator.ints(0, 7), java.util.Map::entry))
        .tries(12)
        .check(
            given -> {
              var run = new Run(null);
              var volume = new SimulatedVolume();
              var backend = new InMemoryBackend();
              var open =
                  (java.util.function.Supplier<TidalDb>)
                      () ->
                          Doors.on(volume, backend)
                              .segmentBytes(1 << 20)
                              .schema(SCHEMA)
                              .clock(run.clock)
                              .agentRate(4, 4)
                              .open();
              run.db = open.get();
              try {
                for (int i = 0; i < given.getKey().size(); i++) {
                  run.step(given.getKey().get(i));
                  if (i % 11 == given.getValue()) {
                    run.db.checkpoint();
                  }
                  if (i % 20 == 19) {
                    run.compare();
                    run.db.sync();
                    run.db.exportSessions(
                        io.tidaldb.schema.SessionExport.from(
                            io.tidaldb.schema.Timestamp.ofNanos(0)),
                        new StringBuilder());
                    TestDoor.abandon(run.db);
                    run.reopened(open.get());
                    run.compare();
                  }
                }
                run.compare();
                assertThat(run.db.verify(true).findings()).isEmpty();
              } finally {
                run.db.close();
              }
            });
  }
}
