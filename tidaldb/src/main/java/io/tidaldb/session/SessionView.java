package io.tidaldb.session;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.SessionEnd;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.session.SessionState.End;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/// The view of sessions: the running ones whole and in memory, the ended ones in its
/// [SessionArchive].
///
/// It is saved as pages, and what ends a session writes rows. Rows may be ahead of the pages; the
/// fold then goes on from the pages and writes the same rows again, because a row follows from the
/// session's own events alone.
///
/// **Threads.** The writer folds; [#running], [#active], [#scope], [#terms] and the archive's reads
/// belong to any thread and show what is published; the rest is the writer's.
public final class SessionView implements PageView {

  private static final long FIRST_ID = 1;
  private static final long[] NONE = new long[0];

  private final Slots slots;
  private final SessionArchive archive;
  private final ConcurrentHashMap<Long, SessionMemory> sessions = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, long[]> byUser = new ConcurrentHashMap<>();
  private final List<SessionMemory> touched = new ArrayList<>();
  private final ExpiryOrder order = new ExpiryOrder();
  private final SessionPages pages = new SessionPages();
  private Set<String> policiesUsed = new TreeSet<>();
  private final AtomicLongArray endedEver = new AtomicLongArray(SessionEnd.values().length);
  private long nextId = FIRST_ID;
  private long loadedPosition;

  private volatile SessionTerms terms = SessionTerms.NONE;

  /// No sessions.
  ///
  /// @param slots folded before this view sees an event
  /// @param storage takes the rows of ended sessions
  public SessionView(Slots slots, StorageBackend storage) {
    this.slots = slots;
    this.archive = new SessionArchive(storage);
  }

  @Override
  public String name() {
    return "session";
  }

  @Override
  public Tag tag() {
    return Tag.SESS;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  /// Sessions of the user that are kept, ended or not.
  @Override
  public long countOf(long user) {
    return active(user).length + (long) archive.summaries(user, 0, Integer.MAX_VALUE).size();
  }

  /* --- folding --- */

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.SignalRecorded signal -> {
        if ((signal.flags() & Event.SignalRecorded.SESSION) != 0) {
          signal(position, signal);
        }
      }
      case SessionEvent session -> session(position, session);
      case Event.SchemaChanged changed -> learn(position, changed);
      case Event.UserErased erased -> erase(position, erased);
      case Event.EntityDeleted deleted -> {
        // Its slot dies, and nobody asks for a dead slot.
      }
      case Event.EntityWritten written -> {}
      case Event.NumbersWritten written -> {}
      case Event.Blank blank -> {}
      case Event.ProfileSaved profile -> {}
      case Event.ProfileDropped profile -> {}
      case RankingEvent ranking -> {}
      case RelationEvent relation -> {}
      case CohortEvent cohort -> {}
      case CollectionEvent collection -> {}
      case VectorEvent vector -> {}
    }
  }

  private void session(long position, SessionEvent event) {
    switch (event) {
      case SessionEvent.SessionStarted started -> start(position, started);
      case SessionEvent.SessionAnnotated said -> {
        int slot = said.about() ? slots.slot(said.kind(), said.entity()) : -1;
        touch(said.session())
            .ifPresent(
                memory ->
                    memory.note(
                        new Note(
                            position,
                            said.time(),
                            said.about(),
                            said.kind(),
                            said.entity(),
                            slot,
                            said.text())));
      }
      case SessionEvent.SessionRefused refused ->
          touch(refused.session())
              .ifPresent(
                  memory ->
                      memory.refused(
                          new Refused(
                              position,
                              refused.time(),
                              refused.reason(),
                              refused.count(),
                              refused.signal(),
                              refused.entity()),
                          policy(memory).auditEntries()));
      case SessionEvent.SessionClosed closed ->
          touch(closed.session())
              .ifPresent(memory -> end(memory, new End(closed.time(), closed.reason()), position));
      case SessionEvent.ArchiveCut cut -> archive.cut(cut.policy(), cut.closedUntil());
    }
  }

  private void start(long position, SessionEvent.SessionStarted started) {
    nextId = Math.max(nextId, started.session() + 1);
    var _ = policiesUsed.add(started.policy());
    pages.counterChanged();
    var head =
        new SessionHead(
            started.session(),
            started.user(),
            started.agent(),
            started.policy(),
            started.metadata(),
            position,
            started.time());
    var memory = new SessionMemory(head);
    if (sessions.putIfAbsent(started.session(), memory) == null) {
      touch(memory);
      order.add(started.session(), memory.state(Optional.empty()).expires(policy(memory)));
    }
  }

  private void signal(long position, Event.SignalRecorded signal) {
    var memory = sessions.get(signal.session());
    if (memory == null || memory.ended) {
      return;
    }
    touch(memory);
    boolean hasCreator = (signal.flags() & Event.SignalRecorded.CREATOR) != 0;
    memory.signal(
        position,
        new SignalRows.Row(
            position - memory.head.position(),
            signal.time(),
            signal.weight(),
            signal.type(),
            signal.kind(),
            slots.slot(signal.kind(), signal.entity()),
            hasCreator ? slots.slot(EntityKind.CREATOR, signal.creator()) : -1));
  }

  private Optional<SessionMemory> touch(long session) {
    var memory = sessions.get(session);
    if (memory == null || memory.ended) {
      return Optional.empty();
    }
    touch(memory);
    return Optional.of(memory);
  }

  private void touch(SessionMemory memory) {
    if (!memory.touched) {
      memory.touched = true;
      touched.add(memory);
    }
  }

  private void end(SessionMemory memory, End end, long position) {
    archive.put(memory.ended(end, position));
    pages.ended(memory);
    count(end.reason());
  }

  private void count(int reason) {
    if (reason >= 1 && reason <= endedEver.length()) {
      var _ = endedEver.incrementAndGet(reason - 1);
    }
  }

  /// Policies that became tighter hold at once; sessions whose policy is gone end here.
  private void learn(long position, Event.SchemaChanged changed) {
    terms = SessionTerms.of(changed);
    pages.termsChanged();
    order.clear();
    for (long id : SessionMemory.ids(sessions.values())) {
      var memory = sessions.get(id);
      if (memory == null || memory.ended) {
        continue;
      }
      touch(memory);
      var policy = terms.policy(memory.head.policy());
      if (policy.isEmpty()) {
        long time = Math.max(changed.time(), memory.head.started());
        end(memory, new End(time, SessionEnd.POLICY_DROPPED.code()), position);
      } else {
        memory.trimAudit(policy.get().auditEntries());
        order.add(id, memory.state(Optional.empty()).expires(policy.get()));
      }
    }
  }

  private void erase(long position, Event.UserErased erased) {
    for (var memory : sessions.values()) {
      if (memory.head.user() == erased.user() && !memory.ended) {
        touch(memory);
        var _ = memory.ended(new End(erased.time(), SessionEnd.ERASED.code()), position);
        pages.ended(memory);
        count(SessionEnd.ERASED.code());
      }
    }
    var _ = archive.erase(erased.user());
  }

  /// The policy of a running session; there is one, or the session would have ended.
  private SessionPolicy policy(SessionMemory memory) {
    return terms.policy(memory.head.policy()).orElse(SessionPolicy.DEFAULT);
  }

  /// Rows first: an ended session is found in the archive before it stops running.
  @Override
  public void publish(long position) {
    archive.publish();
    if (touched.isEmpty()) {
      return;
    }
    for (var memory : touched) {
      memory.touched = false;
      long user = memory.head.user();
      long session = memory.head.session();
      if (memory.ended) {
        byUser.computeIfPresent(user, (_, ids) -> without(ids, session));
        sessions.remove(session);
        continue;
      }
      boolean isNew = memory.published == null;
      memory.publish();
      if (isNew) {
        byUser.merge(user, new long[] {session}, SessionView::joined);
      }
      pages.changed(memory);
    }
    touched.clear();
  }

  private static long[] joined(long[] ids, long[] more) {
    long[] all = Arrays.copyOf(ids, ids.length + more.length);
    System.arraycopy(more, 0, all, ids.length, more.length);
    Arrays.sort(all);
    return all;
  }

  private static long @org.jspecify.annotations.Nullable [] without(long[] ids, long session) {
    long[] rest = Arrays.stream(ids).filter(id -> id != session).toArray();
    return rest.length == 0 ? null : rest;
  }

  /* --- the writer's questions --- */

  /// The id of the next session to start.
  public long nextId() {
    return nextId;
  }

  /// Sessions that have expired at a time and not ended, at most so many.
  public List<SessionState> due(long now, int limit) {
    var due = new ArrayList<SessionState>();
    for (long session : order.due(now, limit, this::expires)) {
      running(session).ifPresent(due::add);
    }
    return due;
  }

  private long expires(long session) {
    return running(session)
        .map(state -> state.expires(terms.policy(state.head().policy()).orElseThrow()))
        .orElse(ExpiryOrder.ENDED);
  }

  /// Every policy under which a session was ever started.
  public Set<String> policiesUsed() {
    return Set.copyOf(policiesUsed);
  }

  /// The id of the session of a user that was started at a position; empty if it is not known any
  /// more.
  public java.util.OptionalLong startedAt(long user, long position) {
    for (long id : active(user)) {
      if (running(id).filter(state -> state.head().position() == position).isPresent()) {
        return java.util.OptionalLong.of(id);
      }
    }
    return archive.summaries(user, 0, Integer.MAX_VALUE).stream()
        .filter(state -> state.head().position() == position)
        .mapToLong(state -> state.head().session())
        .findFirst();
  }

  /* --- anybody's questions --- */

  /// The policies and names in force.
  public SessionTerms terms() {
    return terms;
  }

  /// Ended sessions.
  public SessionArchive archive() {
    return archive;
  }

  /// A session that has not ended, expired or not.
  public Optional<SessionState> running(long session) {
    return Optional.ofNullable(sessions.get(session)).map(memory -> memory.published);
  }

  /// The ids of a user's sessions that have not ended, expired or not, rising. Not to be changed.
  public long[] active(long user) {
    return byUser.getOrDefault(user, NONE);
  }

  /// How many sessions have not ended, expired or not.
  public int count() {
    return sessions.size();
  }

  /// How many sessions were folded to their end for a reason since this view was made.
  public long endedEver(int reason) {
    return endedEver.get(reason - 1);
  }

  /// Every session that has not ended, expired or not, by id.
  public List<SessionState> running() {
    return sessions.values().stream()
        .flatMap(memory -> Optional.ofNullable(memory.published).stream())
        .sorted((a, b) -> Long.compare(a.head().session(), b.head().session()))
        .toList();
  }

  /// What a session says to a query at a time; empty if it does not run then.
  public Optional<SessionScope> scope(long session, long now) {
    var known = terms;
    return running(session)
        .flatMap(
            state ->
                known
                    .policy(state.head().policy())
                    .filter(policy -> now < state.expires(policy))
                    .map(policy -> new SessionScope(state, policy, known)));
  }

  /// The id of an entity by its slot, and whether that life still lasts.
  public boolean lives(EntityKind kind, int slot) {
    return slot >= 0 && slots.slot(kind, slots.id(kind, slot)) == slot;
  }

  /// The id behind a slot.
  public EntityId id(EntityKind kind, int slot) {
    return EntityId.of(slots.id(kind, slot));
  }

  /// The slot of a living entity; empty without one.
  public OptionalInt slot(EntityKind kind, EntityId id) {
    int slot = slots.slot(kind, id.value());
    return slot < 0 ? OptionalInt.empty() : OptionalInt.of(slot);
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    if (all) {
      sessions.values().forEach(pages::changedWhole);
    }
    return pages.freeze(all, nextId, policiesUsed, terms);
  }

  @Override
  public void load(PageKey key, byte[] content) {
    pages.load(key, content);
  }

  @Override
  public void loaded(long position) {
    loadedPosition = position;
    var saved = pages.loaded();
    nextId = saved.nextId();
    policiesUsed = new TreeSet<>(saved.policiesUsed());
    terms = saved.terms();
    for (var state : saved.sessions()) {
      long id = state.head().session();
      var memory = SessionMemory.loaded(state);
      sessions.put(id, memory);
      byUser.merge(state.head().user(), new long[] {id}, SessionView::joined);
      order.add(id, state.expires(policy(memory)));
    }
  }

  @Override
  public void clear() {
    sessions.clear();
    byUser.clear();
    touched.clear();
    order.clear();
    pages.clear();
    policiesUsed = new TreeSet<>();
    nextId = FIRST_ID;
    terms = SessionTerms.NONE;
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    SessionChecks.digest(sink, nextId, running(), this);
    archive.digest(sink);
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<>(SessionChecks.verify(nextId, running(), this));
    findings.addAll(archive.verify());
    return findings;
  }
}
