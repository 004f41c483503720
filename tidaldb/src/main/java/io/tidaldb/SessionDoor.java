package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.ClosedSession;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Exported;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.SessionExport;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.SignalExport;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserSessionSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The calls about sessions.
abstract class SessionDoor extends CollectionDoor {

  SessionDoor(Engine engine) {
    super(engine);
  }

  /// Starts a session of a user with an agent; active and durable when it returns. The user need
  /// not have been written.
  ///
  /// @param user read as unsigned
  /// @param agent 1 … 128 bytes
  /// @param policy declared in the schema, or `default`
  /// @throws io.tidaldb.schema.NotFoundException if there is no such policy
  /// @throws io.tidaldb.schema.LimitExceededException if too many sessions run
  public SessionHandle startSession(long user, String agent, String policy) {
    return startSession(EntityId.of(user), agent, policy, Map.of());
  }

  /// The same.
  public SessionHandle startSession(EntityId user, String agent, String policy) {
    return startSession(user, agent, policy, Map.of());
  }

  /// The same with metadata that the session keeps: at most 32 entries and 4 KiB.
  public SessionHandle startSession(
      long user, String agent, String policy, Map<String, String> metadata) {
    return startSession(EntityId.of(user), agent, policy, metadata);
  }

  /// The same with metadata that the session keeps: at most 32 entries and 4 KiB.
  public SessionHandle startSession(
      EntityId user, String agent, String policy, Map<String, String> metadata) {
    var calls = engine.sessions();
    return new SessionHandle(calls, calls.start(user, agent, policy, metadata, Optional.empty()));
  }

  /// The same under a key: the repeat gives the session that the first call started.
  public SessionHandle startSession(
      EntityId user,
      String agent,
      String policy,
      Map<String, String> metadata,
      IdempotencyKey key) {
    var calls = engine.sessions();
    return new SessionHandle(calls, calls.start(user, agent, policy, metadata, Optional.of(key)));
  }

  /// A handle to a running session, whoever started it and when.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is none
  /// @throws io.tidaldb.schema.InvalidRequestException `SESSION_CLOSED` if it has ended
  public SessionHandle resumeSession(SessionId session) {
    return new SessionHandle(engine.sessions(), engine.sessions().resume(session));
  }

  /// Handles to the running sessions of a user, by id.
  ///
  /// @param user read as unsigned
  public List<SessionHandle> activeSessions(long user) {
    return activeSessions(EntityId.of(user));
  }

  /// Handles to the running sessions of a user, by id.
  public List<SessionHandle> activeSessions(EntityId user) {
    var calls = engine.sessions();
    return calls.active(user).stream().map(known -> new SessionHandle(calls, known)).toList();
  }

  /// An ended session, whole; empty if it runs, never was, or is not kept any more.
  public Optional<ClosedSession> closedSession(SessionId session) {
    return engine.sessions().closed(session);
  }

  /// How the ended sessions of a user went, by id.
  public Page<SessionSummary> closedSessions(EntityId user, PageRequest page) {
    return engine.sessions().closed(user, page);
  }

  /// What a user did in sessions that started at or after a time, ended ones and running ones
  /// together.
  public UserSessionSummary userSessionSummary(EntityId user, Timestamp since) {
    return engine.sessions().summary(user, since);
  }

  /// Writes sessions, running and ended ones, as JSON Lines: by session the line `session`, then
  /// `signal`, `annotation` and `refusal` in log order, then `end` if it has ended; sessions in the
  /// order of their start. 64-bit ids are strings.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException `EXPORT_UNBOUNDED` if nothing bounds it
  /// @throws java.io.UncheckedIOException if `to` fails
  @CanIgnoreReturnValue
  public Exported exportSessions(SessionExport wanted, Appendable to) {
    return engine.sessions().export(wanted, to);
  }

  /// Writes signals as JSON Lines, from the retained log; the first line says which positions it
  /// covers.
  ///
  /// @throws java.io.UncheckedIOException if `to` fails
  @CanIgnoreReturnValue
  public Exported exportSignals(SignalExport wanted, Appendable to) {
    return engine.sessions().export(wanted, to);
  }

  /// Records the end of every session that has expired, and drops ended ones that were kept long
  /// enough; also done in the background. If the clock ran ahead by more than an hour since the
  /// last time, this once nothing is done.
  ///
  /// @return how many sessions ended
  @CanIgnoreReturnValue
  public int expireSessions() {
    return engine.sessions().expire();
  }
}
