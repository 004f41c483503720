package io.tidaldb.engine;

import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.SessionEvent.SessionAnnotated;
import io.tidaldb.log.SessionEvent.SessionClosed;
import io.tidaldb.log.SessionEvent.SessionStarted;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.SessionPolicy.Rate;
import io.tidaldb.session.SessionState;
import io.tidaldb.session.SessionView;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The writes of sessions, checked for form, to be resolved by the writer.
final class SessionDrafts {

  /// Sessions or refusals that one draft logs, so that a frame stays small.
  static final int PER_DRAFT = 1_000;

  private static final int EVENT_BYTES = 96;

  private SessionDrafts() {}

  /// A session to start; the writer gives its id and leaves it in `session`.
  record Start(
      long user,
      String agent,
      String policy,
      SortedMap<String, String> metadata,
      EngineOptions.Sessions limits,
      AtomicLong session,
      @Nullable IdempotencyKey key)
      implements Draft.SurfaceDraft {

    @Override
    public int sizeBytes() {
      int texts = 3 * (agent.length() + policy.length());
      for (var entry : metadata.entrySet()) {
        texts += 8 + 3 * (entry.getKey().length() + entry.getValue().length());
      }
      return EVENT_BYTES + texts;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var view = scene.views().sessions();
      var pending = scene.pending().sessions();
      var _ = new SessionRules(scene).policy(policy);
      long now = scene.receiveNanos();
      int all = view.count() + pending.balance();
      if (all >= limits.active() && all - expired(view, now) >= limits.active()) {
        throw new LimitExceededException("activeSessions", limits.active(), all + 1L, "");
      }
      long own = liveOf(view, now) + pending.balance(user);
      if (own >= limits.perUser()) {
        throw new LimitExceededException(
            "activeSessionsPerUser", limits.perUser(), own + 1, "user=" + EntityId.of(user));
      }
      long id = Math.max(view.nextId(), pending.lastId() + 1);
      session.set(id);
      return scene.append(new SessionStarted(now, user, id, policy, agent, metadata, key));
    }

    private long liveOf(SessionView view, long now) {
      long live = 0;
      for (long id : view.active(user)) {
        live += view.scope(id, now).isPresent() ? 1 : 0;
      }
      return live;
    }

    private static long expired(SessionView view, long now) {
      return view.running().stream()
          .filter(state -> view.scope(state.head().session(), now).isEmpty())
          .count();
    }

    @Override
    public void repeated(long original, Scene scene) {
      var inFlight = scene.pending().sessions().startedAt(original);
      session.set(
          (inFlight.isPresent() ? inFlight : scene.views().sessions().startedAt(user, original))
              .orElse(0));
    }
  }

  /// A signal in a session.
  ///
  /// @param signal with neither session nor, unless given, user
  /// @param name the signal's name
  /// @param note an annotation in the same unit
  record InSession(
      long session,
      String name,
      SignalRecorded signal,
      Optional<String> note,
      Optional<Rate> agentRate)
      implements Draft.SurfaceDraft {

    @Override
    public @Nullable IdempotencyKey key() {
      return signal.key();
    }

    @Override
    public int sizeBytes() {
      return EVENT_BYTES + note.map(text -> EVENT_BYTES + 3 * text.length()).orElse(0);
    }

    @Override
    public Receipt resolve(Scene scene) {
      var rules = new SessionRules(scene);
      var running = rules.running(session);
      long user = running.head().user();
      if (signal.hasUser() && signal.user() != user) {
        throw new InvalidRequestException(
            "SESSION_USER",
            "a signal in a session is its user's: session="
                + Long.toUnsignedString(session)
                + " given="
                + EntityId.of(signal.user()));
      }
      boolean isItem = signal.kind() == EntityKind.ITEM;
      var call = new Refusals.Call(session, user, name, isItem ? signal.entity() : 0);
      rules.signal(running, call, note.isPresent());
      var event = scene.signal(ofSession(user));
      rules.rate(running, call, agentRate);
      var receipt = scene.append(event);
      if (note.isPresent()) {
        var _ =
            scene.append(
                new SessionAnnotated(
                    event.time(),
                    user,
                    session,
                    isItem,
                    isItem ? signal.kind() : EntityKind.ITEM,
                    isItem ? signal.entity() : 0,
                    note.get(),
                    null));
      }
      return receipt;
    }

    private SignalRecorded ofSession(long user) {
      return new SignalRecorded(
          signal.time(),
          signal.type(),
          signal.kind(),
          signal.entity(),
          signal.weight(),
          signal.flags() | SignalRecorded.USER | SignalRecorded.SESSION,
          user,
          0,
          session,
          signal.key());
    }
  }

  /// Something said in a session.
  record Annotate(long session, Optional<EntityId> item, String text, @Nullable IdempotencyKey key)
      implements Draft.SurfaceDraft {

    @Override
    public int sizeBytes() {
      return EVENT_BYTES + 3 * text.length();
    }

    @Override
    public Receipt resolve(Scene scene) {
      var rules = new SessionRules(scene);
      var running = rules.running(session);
      long user = running.head().user();
      long entity = item.map(EntityId::value).orElse(0L);
      rules.annotation(running, new Refusals.Call(session, user, "", entity));
      return scene.append(
          new SessionAnnotated(
              scene.receiveNanos(),
              user,
              session,
              item.isPresent(),
              EntityKind.ITEM,
              entity,
              text,
              key));
    }
  }

  /// The end of a session by its caller. One that has ended stays as it is; one that has expired
  /// ends as expired.
  record Close(long session) implements Draft.SurfaceDraft {

    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }

    @Override
    public int sizeBytes() {
      return EVENT_BYTES;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var change = scene.pending().sessions().of(session);
      if (change.end().isPresent() || isArchived(scene, change)) {
        return Scene.nothing();
      }
      var rules = new SessionRules(scene);
      var running = rules.notEnded(session);
      boolean expired = scene.receiveNanos() >= running.expires();
      var _ = rules.logRefusals(session);
      return scene.append(
          new SessionClosed(
              expired ? running.expires() : scene.receiveNanos(),
              running.head().user(),
              session,
              expired ? SessionEvent.CLOSED_EXPIRED : SessionEvent.CLOSED_BY_CALLER,
              null));
    }

    private boolean isArchived(Scene scene, PendingSessions.Change change) {
      var view = scene.views().sessions();
      return change.head().isEmpty()
          && view.running(session).isEmpty()
          && view.archive().user(session).isPresent();
    }
  }

  /// Logs refused calls that the log does not hold; leaves in `logged` how many events it took.
  record LogRefusals(AtomicInteger logged) implements Draft.SurfaceDraft {

    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }

    @Override
    public int sizeBytes() {
      return EVENT_BYTES;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var rules = new SessionRules(scene);
      var pending = scene.pending().sessions();
      int count = 0;
      for (long session : pending.refusals().sessions()) {
        if (scene.views().sessions().running(session).isPresent()
            && pending.of(session).end().isEmpty()) {
          count += rules.logRefusals(session);
        }
        if (count >= PER_DRAFT) {
          break;
        }
      }
      logged.set(count);
      return Scene.nothing();
    }
  }

  /// Ends sessions that have expired and drops archived ones whose time is over; leaves in
  /// `expired` and `cut` how many of each.
  record Sweep(AtomicInteger expired, AtomicInteger cut) implements Draft.SurfaceDraft {

    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }

    @Override
    public int sizeBytes() {
      return EVENT_BYTES;
    }

    /// Everything before it is applied: what is due is what the view says.
    @Override
    public boolean settled() {
      return true;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var view = scene.views().sessions();
      var rules = new SessionRules(scene);
      long now = scene.receiveNanos();
      var due = view.due(now, PER_DRAFT);
      for (SessionState state : due) {
        long session = state.head().session();
        var _ = rules.logRefusals(session);
        var _ =
            scene.append(
                new SessionClosed(
                    state.expires(rules.policy(state.head().policy())),
                    state.head().user(),
                    session,
                    SessionEvent.CLOSED_EXPIRED,
                    null));
      }
      expired.set(due.size());
      cut.set(cutArchive(scene, now));
      scene.pending().sessions().forget(session -> view.running(session).isPresent(), now);
      return Scene.nothing();
    }

    private static int cutArchive(Scene scene, long now) {
      var view = scene.views().sessions();
      int count = 0;
      for (var name : new TreeSet<>(view.policiesUsed())) {
        var policy = view.terms().policy(name).orElse(SessionPolicy.DEFAULT);
        long until = now - policy.archiveFor().toNanos();
        var first = view.archive().firstEnd(name);
        if (first.isPresent() && first.getAsLong() <= until) {
          var _ = scene.append(new SessionEvent.ArchiveCut(now, name, until));
          count++;
        }
      }
      return count;
    }
  }
}
