package io.tidaldb.engine;

import io.tidaldb.schema.ClosedSession;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Exported;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionExport;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.SessionSnapshot;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.SignalExport;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserSessionSummary;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import io.tidaldb.session.SessionHead;
import io.tidaldb.session.SessionState;
import io.tidaldb.session.SessionView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What can be asked and told of a database about sessions.
///
/// **Threads.** Any; reads never wait for the writer.
public final class SessionCalls {

  final Engine engine;
  final SessionView view;
  private final EngineParts parts;
  private final SessionAdmission admission;
  private final SessionShapes shapes;
  private final SessionSweeper sweeper;
  private final PendingSessions known;
  private final long[] endedAtOpen;

  SessionCalls(
      Engine engine, EngineParts parts, SessionAdmission admission, PendingSessions known) {
    this.engine = engine;
    this.parts = parts;
    this.view = parts.views().sessions();
    this.admission = admission;
    this.known = known;
    this.endedAtOpen = endedEver();
    this.shapes = new SessionShapes(view, known);
    this.sweeper = new SessionSweeper(engine, known);
  }

  /// What a handle is made of.
  ///
  /// @param id the session
  /// @param user whose it is
  /// @param agent with whom
  /// @param policy the name of its policy
  public record Known(SessionId id, EntityId user, String agent, String policy) {
    private static Known of(SessionHead head) {
      return new Known(
          SessionId.of(head.session()), EntityId.of(head.user()), head.agent(), head.policy());
    }
  }

  /// A running session and its policy.
  private record Running(SessionState state, SessionPolicy policy) {}

  /* --- writing --- */

  /// Starts a session.
  public Known start(
      EntityId user,
      String agent,
      String policy,
      Map<String, String> metadata,
      Optional<IdempotencyKey> key) {
    var draft = admission.start(user, agent, policy, metadata, key);
    var receipt = engine.writeVisibly(draft);
    long id = draft.session().get();
    if (id == 0) {
      throw new NotFoundException(
          "session",
          "started at " + receipt.position(),
          "the key was used for something else, or the session is not kept any more");
    }
    return new Known(SessionId.of(id), user, agent, policy);
  }

  /// Writes to a session.
  public Receipt write(Write write) {
    return engine.write(List.of(write), Optional.empty()).getFirst();
  }

  /// Writes to a session without waiting.
  public java.util.concurrent.CompletionStage<Receipt> writeAsync(Write write) {
    return engine.writeAsync(List.of(write), Optional.empty()).thenApply(List::getFirst);
  }

  /// Ends a session, if that has not happened yet; how it went.
  ///
  /// @throws NotFoundException if there is no such session, or none any more
  public SessionSummary close(Known session) {
    var _ = engine.writeVisibly(new SessionDrafts.Close(session.id().value()));
    return engine.reading(
        () ->
            view.archive()
                .read(session.user().value(), session.id().value())
                .map(shapes::summary)
                .orElseThrow(() -> SessionRules.gone(view, session.id().value())));
  }

  /// Ends what has expired and drops what was kept long enough; how many sessions ended.
  public int expire() {
    return sweeper.sweep();
  }

  SessionSweeper sweeper() {
    return sweeper;
  }

  /* --- running sessions --- */

  /// A running session.
  ///
  /// @throws NotFoundException if there is none
  /// @throws InvalidRequestException `SESSION_CLOSED` if it has ended or expired
  public Known resume(SessionId session) {
    return engine.reading(() -> Known.of(running(session.value()).state().head()));
  }

  /// The running sessions of a user, by id.
  public List<Known> active(EntityId user) {
    return engine.reading(
        () -> {
          long now = engine.nowNanos();
          List<Known> active = new ArrayList<>();
          for (long id : view.active(user.value())) {
            view.scope(id, now).ifPresent(scope -> active.add(Known.of(scope.state().head())));
          }
          return active;
        });
  }

  private Running running(long session) {
    var state = view.running(session).orElseThrow(() -> SessionRules.gone(view, session));
    var policy =
        view.terms()
            .policy(state.head().policy())
            .orElseThrow(() -> SessionRules.gone(view, session));
    long expires = state.expires(policy);
    if (engine.nowNanos() >= expires) {
      throw SessionRules.closed(session, new SessionState.End(expires, SessionEnd.EXPIRED.code()));
    }
    return new Running(state, policy);
  }

  /// A running session as of now.
  public SessionSnapshot snapshot(SessionId session) {
    return engine.reading(
        () -> {
          var running = running(session.value());
          return shapes.snapshot(running.state(), running.policy(), engine.nowNanos());
        });
  }

  /// The signals of a type about an entity in a declared window, inside a running session.
  public long windowedCount(SessionId session, EntityId entity, String signal, Window window) {
    return engine.reading(
        () -> {
          var state = running(session.value()).state();
          var type = type(signal);
          if (!type.windows().contains(window)) {
            throw new InvalidRequestException(
                "WINDOW_NOT_DECLARED",
                "window not declared: signal="
                    + signal
                    + " given="
                    + window.label()
                    + " declared="
                    + type.windows().stream().map(Window::label).toList());
          }
          var slot = view.slot(type.target(), entity);
          return slot.isEmpty()
              ? 0L
              : state.windowedCount(
                  type.id().value(), type.target(), slot.getAsInt(), window, engine.nowNanos());
        });
  }

  /// The decayed score of a type's signals about an entity inside a running session.
  public double decayScore(SessionId session, EntityId entity, String signal) {
    return engine.reading(
        () -> {
          var running = running(session.value());
          var type = type(signal);
          var slot = view.slot(type.target(), entity);
          return slot.isEmpty()
              ? 0.0
              : running
                  .state()
                  .decayScore(
                      type.id().value(),
                      type.target(),
                      slot.getAsInt(),
                      running.policy().halfLife(),
                      engine.nowNanos());
        });
  }

  private SignalType type(String signal) {
    var schema = engine.schema();
    return schema
        .signal(signal)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "signal",
                    signal,
                    "declared are " + schema.signals().stream().map(SignalType::name).toList()));
  }

  /* --- ended sessions --- */

  /// An ended session, whole; empty if it runs, never was, or is not kept any more.
  public Optional<ClosedSession> closed(SessionId session) {
    return engine.reading(
        () -> {
          var user = view.archive().user(session.value());
          return user.isEmpty()
              ? Optional.<ClosedSession>empty()
              : view.archive().read(user.getAsLong(), session.value()).map(shapes::closed);
        });
  }

  /// The ended sessions of a user, by id.
  public Page<SessionSummary> closed(EntityId user, PageRequest page) {
    return engine.reading(
        () -> {
          long after = page.after().map(token -> token(page, token)).orElse(0L);
          var read =
              view.archive().summaries(user.value(), after, page.limit() + 1).stream()
                  .map(shapes::summary)
                  .toList();
          return Page.of(read, page.limit(), summary -> summary.id().toString());
        });
  }

  private static long token(PageRequest page, String token) {
    try {
      return Long.parseLong(token);
    } catch (NumberFormatException e) {
      throw page.tokenInvalid("closed sessions");
    }
  }

  /// What a user did in sessions that started at or after a time.
  public UserSessionSummary summary(EntityId user, Timestamp since) {
    return engine.reading(() -> new SessionHistory(view, shapes).summary(user, since));
  }

  /// Writes sessions, running and ended ones, as JSON Lines.
  public Exported export(SessionExport wanted, Appendable to) {
    sweeper.lastStep();
    return engine.reading(() -> SessionExports.export(view, wanted, to));
  }

  /// Writes signals of the retained log as JSON Lines.
  public Exported export(SignalExport wanted, Appendable to) {
    return engine.reading(() -> SignalExports.export(parts, wanted, to, engine.position()));
  }

  private long[] endedEver() {
    return Arrays.stream(SessionEnd.values())
        .mapToLong(reason -> view.endedEver(reason.code()))
        .toArray();
  }

  /// The numbers of sessions in the text format of Prometheus; counters since the database was
  /// opened.
  String metricsText() {
    var text = new StringBuilder();
    text.append("# TYPE tidaldb_sessions_active gauge\ntidaldb_sessions_active ")
        .append(view.count())
        .append("\n# TYPE tidaldb_sessions_closed_total counter\n");
    long[] ended = endedEver();
    for (var reason : SessionEnd.values()) {
      int at = reason.code() - 1;
      line(text, "tidaldb_sessions_closed_total", reason.label(), ended[at] - endedAtOpen[at]);
    }
    text.append("# TYPE tidaldb_session_refusals_total counter\n");
    for (var reason : RefusalReason.values()) {
      long count = known.refusals().counter(reason).sum();
      line(text, "tidaldb_session_refusals_total", reason.label(), count);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String reason, long count) {
    text.append(name).append("{reason=\"").append(reason).append("\"} ").append(count).append('\n');
  }
}
