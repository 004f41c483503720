package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.SessionCalls;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionSnapshot;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A session of one user with one agent. It is not closed by leaving a block, nor by closing the
/// database: a conversation outlives handles and processes, and ends by [#close()] or by time.
///
/// After its end every call is `InvalidRequestException` with code `SESSION_CLOSED`, when and why.
///
/// **Threads.** Any thread may call anything.
public final class SessionHandle {

  private final SessionCalls calls;
  private final SessionCalls.Known session;
  private volatile @Nullable SessionSummary summary;

  SessionHandle(SessionCalls calls, SessionCalls.Known session) {
    this.calls = calls;
    this.session = session;
  }

  /// The session's id, never used again.
  public SessionId sessionId() {
    return session.id();
  }

  /// Whose session it is.
  public EntityId user() {
    return session.user();
  }

  /// With whom.
  public String agent() {
    return session.agent();
  }

  /// The name of its policy.
  public String policy() {
    return session.policy();
  }

  /// Records that the session's user did something, now, with weight 1: all that a signal does, and
  /// session memory.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the signal is not declared
  /// @throws io.tidaldb.schema.InvalidRequestException `SIGNAL_DENIED` if the policy does not take
  ///   it
  /// @throws io.tidaldb.schema.LimitExceededException if the policy's quota is used up
  /// @throws io.tidaldb.schema.RateLimitedException if signals come too fast
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity) {
    return signal(name, entity, Signal.anonymous());
  }

  /// The same with a weight and a time.
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity, double weight, Timestamp at) {
    return signal(name, entity, Signal.anonymous().weight(weight).at(at));
  }

  /// The same with a weight and a time, and a note about the entity in the same unit.
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity, double weight, Timestamp at, String note) {
    return signal(name, entity, Signal.anonymous().weight(weight).at(at), note);
  }

  /// The same with all its details; the user is the session's, or none is given.
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity, Signal signal) {
    return calls.write(SessionWrite.signal(session.id(), name, entity, signal));
  }

  /// The same with a note about the entity in the same unit.
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity, Signal signal, String note) {
    return calls.write(SessionWrite.signal(session.id(), name, entity, signal, note));
  }

  /// The same without waiting; fails at once when the queue is full.
  public CompletionStage<Receipt> signalAsync(String name, EntityId entity, Signal signal) {
    return calls.writeAsync(SessionWrite.signal(session.id(), name, entity, signal));
  }

  /// Remembers something that was said about an item; its words become hints.
  @CanIgnoreReturnValue
  public Receipt annotate(EntityId item, String text) {
    return annotate(SessionWrite.annotate(session.id(), item, text, Optional.empty()));
  }

  /// The same under a key.
  @CanIgnoreReturnValue
  public Receipt annotate(EntityId item, String text, IdempotencyKey key) {
    return annotate(SessionWrite.annotate(session.id(), item, text, Optional.of(key)));
  }

  /// Remembers something that was said in general; its words become hints.
  @CanIgnoreReturnValue
  public Receipt annotate(String text) {
    return annotate(SessionWrite.annotate(session.id(), text, Optional.empty()));
  }

  /// The same under a key.
  @CanIgnoreReturnValue
  public Receipt annotate(String text, IdempotencyKey key) {
    return annotate(SessionWrite.annotate(session.id(), text, Optional.of(key)));
  }

  private Receipt annotate(Write write) {
    return calls.write(write);
  }

  /// Remembers something without waiting; fails at once when the queue is full.
  public CompletionStage<Receipt> annotateAsync(String text) {
    return calls.writeAsync(SessionWrite.annotate(session.id(), text, Optional.empty()));
  }

  /// Remembers something about an item without waiting; fails at once when the queue is full.
  public CompletionStage<Receipt> annotateAsync(EntityId item, String text) {
    return calls.writeAsync(SessionWrite.annotate(session.id(), item, text, Optional.empty()));
  }

  /// The session as of now.
  public SessionSnapshot snapshot() {
    return calls.snapshot(session.id());
  }

  /// The events of a signal about an entity in a declared window, inside the session.
  public long readWindowedCount(EntityId entity, String signal, Window window) {
    return calls.windowedCount(session.id(), entity, signal, window);
  }

  /// The decayed score of a signal of an entity inside the session, by the policy's half-life.
  public double readDecayScore(EntityId entity, String signal) {
    return calls.decayScore(session.id(), entity, signal);
  }

  /// Ends the session; how it went. Again: the same summary.
  @CanIgnoreReturnValue
  public SessionSummary close() {
    var known = summary;
    if (known == null) {
      known = calls.close(session);
      summary = known;
    }
    return known;
  }

  /// The session in words.
  @Override
  public String toString() {
    return "session " + session.id() + " of user " + session.user() + " with " + session.agent();
  }
}
