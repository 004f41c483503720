package io.tidaldb.engine;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.RateLimitedException;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.SessionPolicy.Rate;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.session.SessionHead;
import io.tidaldb.session.SessionScope;
import io.tidaldb.session.SessionState;
import io.tidaldb.session.SessionState.End;
import io.tidaldb.session.SessionView;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// What a session may do, asked by the writer when it cuts a frame: against the applied state, what
/// is pending before, and the rates and refusals that only this process knows.
///
/// **Threads.** The writer, but for the makers of errors.
final class SessionRules {

  private final Scene scene;
  private final SessionView view;
  private final PendingSessions pending;

  SessionRules(Scene scene) {
    this.scene = scene;
    this.view = scene.views().sessions();
    this.pending = scene.pending().sessions();
  }

  /// A session that runs now, with what is pending of it.
  ///
  /// @param expires when it expires, or did
  record Running(
      SessionHead head, SessionPolicy policy, long signals, long annotations, long expires) {}

  /// The session, if it runs now.
  ///
  /// @throws NotFoundException if there is none
  /// @throws InvalidRequestException `SESSION_CLOSED` if it has ended or expired
  Running running(long session) {
    var running = notEnded(session);
    if (scene.receiveNanos() >= running.expires()) {
      throw closed(session, new End(running.expires(), SessionEnd.EXPIRED.code()));
    }
    return running;
  }

  /// The session, if it has not ended; it may have expired.
  ///
  /// @throws NotFoundException if there is none
  /// @throws InvalidRequestException `SESSION_CLOSED` if it has ended
  Running notEnded(long session) {
    var change = pending.of(session);
    var state = view.running(session);
    var head = change.head().or(() -> state.map(SessionState::head)).orElse(null);
    if (head == null || (change.head().isEmpty() && pending.erases(head.user()))) {
      throw gone(view, session);
    }
    if (change.end().isPresent()) {
      throw closed(session, change.end().get());
    }
    var policy = policy(head.policy());
    long lastEvent =
        Math.max(change.lastEvent(), state.map(SessionState::lastEvent).orElse(head.started()));
    return new Running(
        head,
        policy,
        change.signals() + state.map(SessionState::signalCount).orElse(0),
        change.annotations() + state.map(SessionState::noteCount).orElse(0),
        SessionState.expires(head.started(), lastEvent, policy));
  }

  /// The policy of this name.
  SessionPolicy policy(String name) {
    return view.terms()
        .policy(name)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "session policy",
                    name,
                    "declared are "
                        + view.terms().schema().sessionPolicies().stream()
                            .map(SessionPolicy::name)
                            .toList()));
  }

  /// The refusal of a session that does not run: it has ended, or there never was one.
  static RuntimeException gone(SessionView view, long session) {
    var user = view.archive().user(session);
    var end =
        user.isEmpty()
            ? java.util.Optional.<SessionState>empty()
            : view.archive().read(user.getAsLong(), session);
    return end.<RuntimeException>map(state -> closed(session, state.end().orElseThrow()))
        .orElseGet(
            () ->
                new NotFoundException(
                    "session", Long.toUnsignedString(session), "start one, or resume another"));
  }

  /// What a session that runs at a time says to a query.
  ///
  /// @throws NotFoundException if there is none
  /// @throws InvalidRequestException `SESSION_CLOSED` if it has ended or expired
  static SessionScope scope(SessionView view, long session, long now) {
    var scope = view.scope(session, now);
    if (scope.isPresent()) {
      return scope.get();
    }
    var state = view.running(session).orElseThrow(() -> gone(view, session));
    var policy = view.terms().policy(state.head().policy()).orElseThrow(() -> gone(view, session));
    throw closed(session, new End(state.expires(policy), SessionEnd.EXPIRED.code()));
  }

  static InvalidRequestException closed(long session, End end) {
    return new InvalidRequestException(
        "SESSION_CLOSED",
        "session has ended: session="
            + Long.toUnsignedString(session)
            + " ended="
            + Timestamp.ofNanos(end.time())
            + " reason="
            + SessionEnd.ofCode(end.reason()).label()
            + "; start another");
  }

  /* --- what the policy takes --- */

  /// Checks that the policy takes a signal, with an annotation or without.
  void signal(Running running, Refusals.Call call, boolean withNote) {
    var policy = running.policy();
    if (!policy.allows(call.signal())) {
      note(RefusalReason.SIGNAL_DENIED, call);
      throw new InvalidRequestException(
          "SIGNAL_DENIED",
          "policy does not take the signal: session="
              + Long.toUnsignedString(call.session())
              + " policy="
              + policy.name()
              + " signal="
              + call.signal()
              + " allowed="
              + policy.allowed().map(Object::toString).orElse("all")
              + " denied="
              + policy.denied());
    }
    if (running.signals() >= policy.maxSignals()) {
      note(RefusalReason.SIGNAL_QUOTA, call);
      throw quota("maxSignals", policy.maxSignals(), running.signals() + 1, running);
    }
    if (withNote) {
      annotation(running, call);
    }
  }

  /// Checks that the policy takes one more annotation.
  void annotation(Running running, Refusals.Call call) {
    var policy = running.policy();
    if (running.annotations() >= policy.maxAnnotations()) {
      note(RefusalReason.ANNOTATION_QUOTA, call);
      throw quota("maxAnnotations", policy.maxAnnotations(), running.annotations() + 1, running);
    }
  }

  private static LimitExceededException quota(
      String name, long limit, long actual, Running running) {
    return new LimitExceededException(
        name,
        limit,
        actual,
        "session="
            + Long.toUnsignedString(running.head().session())
            + " policy="
            + running.policy().name());
  }

  /// Takes a token from the session's and the agent's bucket, where they have a rate.
  void rate(Running running, Refusals.Call call, java.util.Optional<Rate> agentRate) {
    var rates = pending.rates();
    long now = scene.receiveNanos();
    var bySession = running.policy().rate();
    if (bySession.isPresent()) {
      await(RefusalReason.SESSION_RATE, rates.session(call.session()), bySession.get(), call);
    }
    if (agentRate.isPresent()) {
      var bucket = rates.agent(running.head().agent());
      await(RefusalReason.AGENT_RATE, bucket, agentRate.get(), call);
      rates.take(bucket, agentRate.get(), now);
    }
    if (bySession.isPresent()) {
      rates.take(rates.session(call.session()), bySession.get(), now);
    }
  }

  private void await(RefusalReason reason, AtomicLong bucket, Rate rate, Refusals.Call call) {
    long wait = RateLimits.waitNanos(bucket, rate, scene.receiveNanos());
    if (wait > 0) {
      note(reason, call);
      throw new RateLimitedException(
          reason,
          rate,
          Duration.ofNanos(wait),
          "session="
              + Long.toUnsignedString(call.session())
              + " signal="
              + call.signal()
              + " entity="
              + EntityId.of(call.entity()));
    }
  }

  private void note(RefusalReason reason, Refusals.Call call) {
    pending.refusals().note(reason, call, logged(call.session(), reason), scene.receiveNanos());
  }

  /// How many refusals of a reason the log holds or is about to hold.
  long logged(long session, RefusalReason reason) {
    return pending.of(session).refusals(reason.code())
        + view.running(session).map(state -> state.refusals(reason.code())).orElse(0L);
  }

  /// Appends what the log does not hold of a session's refusals; how many events.
  int logRefusals(long session) {
    var events = pending.refusals().unlogged(session, reason -> logged(session, reason));
    for (var event : events) {
      var _ = scene.append(event);
    }
    return events.size();
  }
}
