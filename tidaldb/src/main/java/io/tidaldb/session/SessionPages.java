package io.tidaldb.session;

import io.tidaldb.log.PageView.PageKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which pages of sessions must be saved, and what was saved before.
///
/// | Page key | Content, beside what [SessionCodec] names |
/// |---|---|
/// | (0, 0, 0) | next session id i64; count, policies ever used |
/// | (0, 1, 0) | schema: canonical text; count, (name, id u32) … |
///
/// A page of signals that is full is written once.
///
/// **Threads.** The writer; a failed checkpoint hands its pages back from any thread.
final class SessionPages {

  private static final PageKey COUNTER = new PageKey(0, 0, 0);
  private static final PageKey TERMS = new PageKey(0, 1, 0);
  private static final byte[] GONE = new byte[0];

  private Set<SessionMemory> dirty = new LinkedHashSet<>();
  private List<PageKey> gone = new ArrayList<>();
  private boolean counterDirty = true;
  private boolean termsDirty = true;
  private final ConcurrentLinkedQueue<Runnable> returned = new ConcurrentLinkedQueue<>();
  private final Map<PageKey, byte[]> loading = new HashMap<>();

  void counterChanged() {
    counterDirty = true;
  }

  void termsChanged() {
    termsDirty = true;
  }

  void changed(SessionMemory memory) {
    var _ = dirty.add(memory);
  }

  void changedWhole(SessionMemory memory) {
    memory.cleanSignals = 0;
    memory.cleanNotes = 0;
    changed(memory);
  }

  /// An ended session's pages go.
  void ended(SessionMemory memory) {
    var _ = dirty.remove(memory);
    if (memory.saved) {
      gone.addAll(savedKeys(memory));
    }
  }

  private static List<PageKey> savedKeys(SessionMemory memory) {
    long session = memory.head.session();
    var keys = new ArrayList<PageKey>();
    keys.add(new PageKey(session, 0, 0));
    for (int chunk = 0; chunk < memory.savedSignals; chunk++) {
      keys.add(new PageKey(session, chunk, SessionCodec.SIGNALS));
    }
    for (int chunk = 0; chunk < memory.savedNotes; chunk++) {
      keys.add(new PageKey(session, chunk, SessionCodec.NOTES));
    }
    return keys;
  }

  /* --- saving --- */

  FrozenSessions freeze(boolean all, long nextId, Set<String> policiesUsed, SessionTerms terms) {
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      back.run();
    }
    var pages = new TreeMap<PageKey, Supplier<byte[]>>();
    var undo = new ArrayList<Runnable>();
    if (counterDirty || all) {
      byte[] content = counter(nextId, policiesUsed);
      pages.put(COUNTER, () -> content);
      undo.add(this::counterChanged);
    }
    if (termsDirty || all) {
      pages.put(TERMS, () -> terms(terms));
      undo.add(this::termsChanged);
    }
    for (var key : gone) {
      pages.put(key, () -> GONE);
    }
    var removed = gone;
    undo.add(() -> gone.addAll(removed));
    for (var memory : dirty) {
      undo.add(freeze(memory, pages));
    }
    counterDirty = false;
    termsDirty = false;
    gone = new ArrayList<>();
    dirty = new LinkedHashSet<>();
    return new FrozenSessions(pages, () -> returned.add(() -> undo.forEach(Runnable::run)));
  }

  /// Adds a session's pages; gives what makes them dirty again.
  private Runnable freeze(SessionMemory memory, Map<PageKey, Supplier<byte[]>> pages) {
    var state = memory.published;
    if (state == null) {
      throw new IllegalStateException("not published: session=" + memory.head.session());
    }
    long session = memory.head.session();
    int signalChunks = state.signals.chunkCount();
    int noteChunks = SessionCodec.noteChunks(state.noteCount());
    pages.put(new PageKey(session, 0, 0), () -> SessionCodec.head(state));
    for (int i = memory.cleanSignals; i < signalChunks; i++) {
      int chunk = i;
      pages.put(
          new PageKey(session, chunk, SessionCodec.SIGNALS),
          () -> SessionCodec.signals(state, chunk));
    }
    for (int i = memory.cleanNotes; i < noteChunks; i++) {
      int chunk = i;
      pages.put(
          new PageKey(session, chunk, SessionCodec.NOTES), () -> SessionCodec.notes(state, chunk));
    }
    int signalsBefore = memory.cleanSignals;
    int notesBefore = memory.cleanNotes;
    memory.cleanSignals = state.signalCount() / SignalRows.CHUNK;
    memory.cleanNotes = state.noteCount() / SessionCodec.NOTES_CHUNK;
    memory.savedSignals = Math.max(memory.savedSignals, signalChunks);
    memory.savedNotes = Math.max(memory.savedNotes, noteChunks);
    memory.saved = true;
    return () -> {
      memory.cleanSignals = Math.min(memory.cleanSignals, signalsBefore);
      memory.cleanNotes = Math.min(memory.cleanNotes, notesBefore);
      if (!memory.ended) {
        changed(memory);
      }
    };
  }

  private static byte[] counter(long nextId, Set<String> policiesUsed) {
    var out = new Bytes().i64(nextId).i32(policiesUsed.size());
    for (var name : policiesUsed) {
      out = out.text(name);
    }
    return out.toArray();
  }

  private static byte[] terms(SessionTerms terms) {
    var out = new Bytes();
    terms.put(out);
    return out.toArray();
  }

  /* --- loading --- */

  /// What the pages hold.
  record Saved(
      long nextId, Set<String> policiesUsed, SessionTerms terms, List<SessionState> sessions) {}

  void load(PageKey key, byte[] content) {
    if (key.column() > SessionCodec.NOTES) {
      throw new IllegalArgumentException("not a page of sessions: key=" + key);
    }
    loading.put(key, content);
  }

  Saved loaded() {
    long nextId = 1;
    var used = new TreeSet<String>();
    byte[] counter = loading.remove(COUNTER);
    if (counter != null) {
      var in = new Bytes.In(counter);
      nextId = in.i64();
      for (int i = in.count(4); i > 0; i--) {
        used.add(in.text());
      }
      in.end();
      counterDirty = false;
    }
    byte[] text = loading.remove(TERMS);
    var terms = text == null ? SessionTerms.NONE : SessionTerms.get(new Bytes.In(text));
    termsDirty = text == null;
    var sessions = new ArrayList<SessionState>();
    for (var key : heads(loading.keySet())) {
      sessions.add(session(key));
    }
    if (!loading.isEmpty()) {
      throw new IllegalArgumentException("pages without a session: " + loading.keySet());
    }
    return new Saved(nextId, used, terms, sessions);
  }

  private static List<PageKey> heads(Collection<PageKey> keys) {
    return keys.stream().filter(key -> key.column() == 0).sorted().toList();
  }

  private SessionState session(PageKey key) {
    long session = key.page();
    var read = SessionCodec.readHead(session, page(key));
    return read.state(
        chunk -> page(new PageKey(session, chunk, SessionCodec.SIGNALS)),
        chunk -> page(new PageKey(session, chunk, SessionCodec.NOTES)));
  }

  private byte[] page(PageKey key) {
    byte @Nullable [] content = loading.remove(key);
    if (content == null) {
      throw new IllegalArgumentException("a page of a session is missing: key=" + key);
    }
    return content;
  }

  void clear() {
    dirty = new LinkedHashSet<>();
    gone = new ArrayList<>();
    counterDirty = true;
    termsDirty = true;
    returned.clear();
    loading.clear();
  }
}
