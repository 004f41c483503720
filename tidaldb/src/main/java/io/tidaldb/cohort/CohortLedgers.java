package io.tidaldb.cohort;

import io.tidaldb.ledger.FrozenLedgers;
import io.tidaldb.ledger.FrozenPart;
import io.tidaldb.ledger.HeaderCodec;
import io.tidaldb.ledger.Ledger;
import io.tidaldb.ledger.LedgerAudit;
import io.tidaldb.ledger.Ledgers;
import io.tidaldb.ledger.PairPage;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.slot.Slots;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What is kept of signals in every cohort: a ledger per type over cells, see [Cells]. Knows
/// cohorts by number (from 1) and entities by slot.
///
/// **Threads.** One writer, any number of readers.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `types` | writer | volatile | volatile | types of an older schema |
/// | `newest` | writer | release | acquire | an older limit for reads; checked again after a read of buckets |
final class CohortLedgers {

  /// The page of types and landmarks.
  static final PageKey HEADER = new PageKey(0, 0, 0);

  /// A sum, a count, a reference to buckets, a key and its place in the table.
  private static final long CELL_BYTES = 8 + 8 + 4 + 4 + 8;

  private static final VarHandle NEWEST;

  static {
    try {
      NEWEST = MethodHandles.lookup().findVarHandle(CohortLedgers.class, "newest", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Slots slots;
  private final UnaryOperator<SignalType> knownAs;
  private final List<PageKey> gone = new ArrayList<>();
  private final List<FrozenLedgers.Ready> early = new ArrayList<>();

  /// Cells by the type id that their pages have.
  private final TreeMap<Integer, Cells> loading = new TreeMap<>();

  private volatile CellTypes types = CellTypes.EMPTY;
  private long newest;
  private boolean headerDirty = true;
  private boolean headerLoaded;
  private @Nullable FrozenLedgers outstanding;

  /// @param knownAs gives a saved type the id that it has now
  CohortLedgers(Slots slots, UnaryOperator<SignalType> knownAs) {
    this.slots = slots;
    this.knownAs = knownAs;
  }

  /* --- reading; any thread --- */

  /// Opens a reader of one cohort.
  ///
  /// @param cohort its number; one without events reads 0
  /// @param at nanoseconds since 1970
  SignalReader reader(int cohort, long at) {
    return new CohortReader(types, this::newestEventTime, slots, cohort, at);
  }

  /// The newest event time recorded; 0 without events.
  long newestEventTime() {
    return (long) NEWEST.getAcquire(this);
  }

  /// The cells of all types.
  CellTypes types() {
    return types;
  }

  /// Pairs of cohort, entity and declared type that have events.
  long pairs() {
    long pairs = 0;
    for (var cells : types.all()) {
      pairs += cells.ledger().isReach() ? 0 : cells.pairs();
    }
    return pairs;
  }

  /// Such pairs of one cohort.
  long pairs(int cohort) {
    long pairs = 0;
    for (var cells : types.all()) {
      pairs += cells.ledger().isReach() ? 0 : cells.pairs(cohort);
    }
    return pairs;
  }

  /// The slots of entities of a kind with events in a cohort; the caller's own.
  RoaringBitmap active(int cohort, EntityKind kind) {
    int[] found = new int[256];
    int size = 0;
    for (var cells : types.all()) {
      var run = cells.run(cohort);
      if (run == null || cells.ledger().type().target() != kind) {
        continue;
      }
      for (int place = 0; place < run.parts() << PairPage.PART_SHIFT; place++) {
        int key = cells.key(run.cell(place));
        if (key >= 0) {
          if (size == found.length) {
            found = Arrays.copyOf(found, 2 * size);
          }
          found[size++] = key;
        }
      }
    }
    return RoaringBitmap.bitmapOfUnordered(Arrays.copyOf(found, size));
  }

  /// Bytes of one cohort's cells, without their buckets of windows.
  long bytes(int cohort) {
    long parts = 0;
    for (var cells : types.all()) {
      var run = cells.run(cohort);
      parts += run == null ? 0 : run.parts();
    }
    return parts * PairPage.PART_SLOTS * CELL_BYTES;
  }

  /// Bytes of all arrays.
  long bytes() {
    return types.all().stream().mapToLong(Cells::bytes).sum();
  }

  /* --- folding; writer --- */

  /// These are the types from here on: new ones begin empty, missing ones lose their state.
  ///
  /// @param withReach whether first views are counted beside views
  void declare(Collection<SignalType> declared, boolean withReach) {
    keepFrozenParts();
    var before = types;
    var ledgers = new ArrayList<Cells>();
    for (var type : declared) {
      var known = before.get(type.id().value());
      var cells = known == null ? new Cells(Ledger.ofScopes(type, false, slots)) : known;
      cells.ledger().declare(type, type.meaning().equals(Optional.of(Meaning.COMPLETION)));
      ledgers.add(cells);
    }
    var view =
        declared.stream().filter(t -> t.meaning().equals(Optional.of(Meaning.VIEW))).findFirst();
    var reach =
        withReach ? view.map(t -> reachCells(before.reach(), t)).orElse(null) : before.reach();
    var after = new CellTypes(ledgers, reach);
    for (var cells : before.all()) {
      if (after.get(Ledgers.pageType(cells.ledger())) != cells) {
        cells.forEachPage(gone::add);
      }
    }
    types = after;
    headerDirty = true;
  }

  private Cells reachCells(@Nullable Cells before, SignalType view) {
    var cells =
        before != null && before.ledger().type().id().equals(view.id())
            ? before
            : new Cells(Ledger.ofScopes(view, true, slots));
    cells.ledger().declare(view, false);
    return cells;
  }

  /// An event of this time is folded: nothing that follows is read earlier.
  void advance(long time) {
    if (time > newest) {
      NEWEST.setRelease(this, time);
      headerDirty = true;
    }
  }

  /// Folds an event into a cohort; time was announced by [#advance].
  ///
  /// @param type a known type, or [Ledgers#REACH]
  void record(int cohort, int type, int slot, double weight, long time) {
    var cells = types.get(type);
    if (cells != null && slot >= 0) {
      headerDirty = true;
      cells.record(cohort, slot, time, weight, newest);
    }
  }

  /// Forgets an entity in every cohort.
  void forget(EntityKind kind, int slot) {
    for (var cells : types.all()) {
      if (cells.ledger().type().target() == kind) {
        cells.forgetEverywhere(slot);
      }
    }
  }

  /// Forgets a cohort.
  void forget(int cohort) {
    keepFrozenParts();
    types.all().forEach(cells -> cells.forget(cohort, gone::add));
  }

  /* --- pages --- */

  /// Takes what changed since the last freeze that was committed.
  FrozenLedgers freeze(boolean all) {
    markFailedAgain();
    var ready = new ArrayList<FrozenLedgers.Ready>();
    var parts = new ArrayList<FrozenPart>();
    if (all || headerDirty) {
      var content = new HeaderCodec().encode(types.ledgers(), newest);
      ready.add(new FrozenLedgers.Ready(HEADER, content));
      headerDirty = false;
    }
    var written = new java.util.HashSet<PageKey>();
    for (var cells : types.all()) {
      cells.freeze(all, newest, parts);
    }
    parts.forEach(part -> written.add(part.key()));
    gone.stream()
        .distinct()
        .filter(key -> !written.contains(key))
        .forEach(key -> ready.add(new FrozenLedgers.Ready(key, new byte[0])));
    gone.clear();
    var frozen = new FrozenLedgers(ready, parts);
    outstanding = frozen;
    return frozen;
  }

  /// Loads the header page or a page of cells, in any order.
  void load(PageKey key, byte[] content) {
    if (key.equals(HEADER)) {
      new HeaderCodec().decode(content, this::loadedLedger, this::loadedHeader);
      headerLoaded = true;
      early.forEach(page -> loadCells(page.key(), page.content()));
      early.clear();
    } else if (headerLoaded) {
      loadCells(key, content);
    } else {
      early.add(new FrozenLedgers.Ready(key, content));
    }
  }

  private Ledger loadedLedger(SignalType type, boolean reach) {
    var ledger = Ledger.ofScopes(knownAs.apply(type), reach, slots);
    ledger.declare(ledger.type(), !reach && type.meaning().equals(Optional.of(Meaning.COMPLETION)));
    loading.put(reach ? Ledgers.REACH : type.id().value(), new Cells(ledger));
    return ledger;
  }

  private void loadedHeader(Ledgers ledgers, long time) {
    var declared = new ArrayList<Cells>();
    Cells reach = null;
    for (var cells : loading.values()) {
      if (cells.ledger().isReach()) {
        reach = cells;
      } else {
        declared.add(cells);
      }
    }
    types = new CellTypes(declared, reach);
    NEWEST.setRelease(this, time);
    headerDirty = false;
  }

  private void loadCells(PageKey key, byte[] content) {
    var cells = loading.get(key.type());
    if (cells == null || key.column() != 1) {
      throw new IllegalArgumentException("page of a cohort of no known type: key=" + key);
    }
    cells.load(key, content);
  }

  /// Every page is loaded.
  ///
  /// @throws IllegalArgumentException if the header is missing
  void loaded() {
    if (!early.isEmpty()) {
      throw new IllegalArgumentException(
          "pages of cohorts without a header page: pages=" + early.size());
    }
    loading.clear();
  }

  /// Forgets everything.
  void clear() {
    keepFrozenParts();
    types = CellTypes.EMPTY;
    NEWEST.setRelease(this, 0L);
    gone.clear();
    early.clear();
    loading.clear();
    outstanding = null;
    headerDirty = true;
    headerLoaded = false;
  }

  private void markFailedAgain() {
    var last = outstanding;
    outstanding = null;
    if (last == null) {
      return;
    }
    for (var part : last.parts()) {
      part.drop();
      part.page().frozen[part.part()] = null;
      part.page().dirty[part.part()] |= !last.isCommitted();
    }
    if (!last.isCommitted()) {
      headerDirty = true;
      last.ready().stream()
          .map(FrozenLedgers.Ready::key)
          .filter(key -> !key.equals(HEADER))
          .forEach(gone::add);
    }
  }

  private void keepFrozenParts() {
    if (outstanding != null) {
      outstanding.parts().forEach(FrozenPart::preserve);
    }
  }

  /* --- checking --- */

  /// Writes one cohort's pairs and totals in order of type and entity.
  void digest(int cohort, String name, StateSink sink) {
    for (var cells : types.all()) {
      var run = cells.run(cohort);
      if (run == null) {
        continue;
      }
      var type = cells.ledger().isReach() ? "reach" : cells.ledger().type().name();
      var kind = cells.ledger().type().target();
      var byId = new TreeMap<Long, Integer>(Long::compareUnsigned);
      for (int place = 0; place < run.parts() << PairPage.PART_SHIFT; place++) {
        int key = cells.key(run.cell(place));
        if (key == Cells.TOTAL) {
          sink.entry("cohort-total", name + "/" + type);
          new LedgerAudit(slots, newest).digest(cells.ledger(), run.cell(place), sink);
        } else if (key >= 0) {
          byId.put(slots.id(kind, key), run.cell(place));
        }
      }
      byId.forEach(
          (id, cell) -> {
            sink.entry("cohort-signal", name + "/" + type + "/" + Long.toUnsignedString(id));
            new LedgerAudit(slots, newest).digest(cells.ledger(), cell, sink);
          });
    }
  }

  /// What is wrong, in words.
  List<String> verify() {
    var findings = new ArrayList<String>();
    for (var cells : types.all()) {
      var audit = new LedgerAudit(slots, newest);
      long found = 0;
      for (int cohort = 1; cohort < cells.cohortsEnd(); cohort++) {
        var run = cells.run(cohort);
        for (int place = 0; run != null && place < run.parts() << PairPage.PART_SHIFT; place++) {
          int cell = run.cell(place);
          int key = cells.key(cell);
          if (key == -1) {
            continue;
          }
          found += key == Cells.TOTAL ? 0 : 1;
          String where = "cohort=" + cohort + " slot=" + key;
          if (cells.cell(cohort, key) != cell) {
            findings.add(cells.ledger().type().name() + ": not found by its key: " + where);
          }
          findings.addAll(audit.verify(cells.ledger(), cell, where));
        }
      }
      if (found != cells.pairs()) {
        findings.add(
            cells.ledger().type().name() + ": pairs counted=" + cells.pairs() + " found=" + found);
      }
    }
    return findings;
  }
}
