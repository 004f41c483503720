package io.tidaldb.cohort;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.ledger.FrozenLedgers;
import io.tidaldb.ledger.FrozenPart;
import io.tidaldb.ledger.HeaderCodec;
import io.tidaldb.ledger.Ledger;
import io.tidaldb.ledger.LedgerAudit;
import io.tidaldb.ledger.Ledgers;
import io.tidaldb.ledger.MomentReader;
import io.tidaldb.ledger.PairCodec;
import io.tidaldb.ledger.PairPage;
import io.tidaldb.ledger.WindowRange;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.SignalTypeId;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How often each user did what: counts and windows by the slot of the acting user, per signal type
/// and for all types together. Impressions and notices are nothing that a user did.
///
/// **Threads.** One writer, any number of readers, see [Ledger].
final class Activity {

  /// The column of its pages; the header has the next one.
  static final int COLUMN = 3;

  /// Stands in the place of first views.
  private static final int EVERYTHING = Ledgers.REACH;

  private static final SignalType ALL_TYPES =
      new SignalType(
          "everything",
          SignalTypeId.of(0),
          EntityKind.USER,
          Decay.permanent(),
          EnumSet.of(Window.THIRTY_DAYS, Window.ALL_TIME),
          false,
          false,
          Optional.empty());
  private static final PageKey HEADER = new PageKey(0, 0, COLUMN + 1);

  private final Slots slots;
  private final EnumMap<Window, WindowRange> ranges = new EnumMap<>(Window.class);
  private final EnumMap<Window, Long> granules = new EnumMap<>(Window.class);
  private final List<PageKey> gone = new ArrayList<>();
  private final List<FrozenLedgers.Ready> early = new ArrayList<>();
  private volatile Ledgers ledgers;
  private boolean headerDirty = true;
  private boolean headerLoaded;
  private @Nullable FrozenLedgers outstanding;

  Activity(Slots slots) {
    this.slots = slots;
    ledgers = new Ledgers(List.of(), Ledger.ofCounts(ALL_TYPES, true, slots));
  }

  private Ledger ledger(SignalType type) {
    return Ledger.ofCounts(counted(type), false, slots);
  }

  /// What is kept of a type: how often, not how much.
  private static SignalType counted(SignalType type) {
    return new SignalType(
        type.name(),
        type.id(),
        EntityKind.USER,
        Decay.permanent(),
        type.windows(),
        false,
        true,
        Optional.empty());
  }

  /// Whether a signal of this type is something that its user did.
  private static boolean isDone(SignalType type) {
    return type.meaning().filter(m -> m == Meaning.IMPRESSION || m == Meaning.NOTIFIED).isEmpty();
  }

  /// These are the types from here on. Writer.
  void declare(Collection<SignalType> types) {
    if (outstanding != null) {
      outstanding.parts().forEach(FrozenPart::preserve);
    }
    var before = ledgers;
    var declared = new ArrayList<Ledger>();
    for (var type : types) {
      if (isDone(type)) {
        var known = before.get(type.id().value());
        var ledger = known == null ? ledger(type) : known;
        ledger.declare(counted(type), false);
        declared.add(ledger);
      }
    }
    var after = new Ledgers(declared, before.reach());
    for (var ledger : before.all()) {
      if (after.get(Ledgers.pageType(ledger)) == null) {
        forEachPart(ledger, (key, first) -> gone.add(key));
      }
    }
    ledgers = after;
    headerDirty = true;
  }

  /// The user did something. Writer.
  ///
  /// @return whether it counts as activity
  boolean record(int user, int type, long time, long newest) {
    var ledger = ledgers.get(type);
    var all = ledgers.get(EVERYTHING);
    if (ledger == null || all == null) {
      return false;
    }
    ledger.apply(user, time, 0, newest, CrashInjector.NONE);
    all.apply(user, time, 0, newest, CrashInjector.NONE);
    return true;
  }

  /// Forgets a user. Writer.
  void forget(int user) {
    ledgers.all().forEach(ledger -> ledger.clear(user));
  }

  /// How many types of things a user did. Writer.
  long count(int user) {
    long types = 0;
    for (var ledger : ledgers.all()) {
      var page = ledger.page(user);
      types += page != null && page.counts[user & PairPage.MASK] > 0 ? 1 : 0;
    }
    return types;
  }

  /// How often a user did something, for the writer.
  long count(int user, int type, Window window, long at) {
    var ledger = ledgers.get(type);
    var page = ledger == null ? null : ledger.page(user);
    if (ledger == null || page == null) {
      return 0;
    }
    int index = user & PairPage.MASK;
    return window.isFinite()
        ? ledger.windows().sum(page, index, range(window, at))
        : page.countOpaque(index);
  }

  /// Events of all types in 30 days, for the writer.
  long recent(int user, long at) {
    return count(user, EVERYTHING, Window.THIRTY_DAYS, at);
  }

  private WindowRange range(Window window, long at) {
    long granule = at / window.granuleNanos();
    var known = granules.get(window);
    var range = ranges.get(window);
    if (range == null || known == null || known != granule) {
      range = WindowRange.of(window, at);
      ranges.put(window, range);
      granules.put(window, granule);
    }
    return range;
  }

  /// Opens a reader at a time. Any thread.
  MomentReader reader(LongSupplier newest, long at) {
    return new MomentReader(newest, ledgers, slots, at);
  }

  /// Events of all types in 30 days.
  static long recent(MomentReader reader, int user) {
    return reader.windowedCount(EVERYTHING, Window.THIRTY_DAYS, user);
  }

  /// Whether a type is kept. Any thread.
  boolean keeps(int type) {
    return type != EVERYTHING && ledgers.get(type) != null;
  }

  /// Bytes of all arrays.
  long bytes() {
    return ledgers.all().stream().mapToLong(Ledger::bytes).sum();
  }

  /* --- pages --- */

  /// Takes what changed since the last freeze that was committed. Writer.
  FrozenLedgers freeze(boolean all, long newest) {
    markFailedAgain();
    var ready = new ArrayList<FrozenLedgers.Ready>();
    var parts = new ArrayList<FrozenPart>();
    if (all || headerDirty) {
      // Times of activity are those of the cohorts' header.
      ready.add(new FrozenLedgers.Ready(HEADER, new HeaderCodec().encode(ledgers, 0)));
      headerDirty = false;
    }
    gone.forEach(key -> ready.add(new FrozenLedgers.Ready(key, new byte[0])));
    gone.clear();
    for (var ledger : ledgers.all()) {
      forEachPart(
          ledger,
          (key, first) -> {
            var page = ledger.pageForWrite(first);
            int part = (first & PairPage.MASK) >>> PairPage.PART_SHIFT;
            if (page.dirty[part] || (all && isOccupied(page, part))) {
              page.dirty[part] = false;
              var frozen = new FrozenPart(ledger, key, PairCodec::encode, first, newest);
              page.frozen[part] = frozen;
              parts.add(frozen);
            }
          });
    }
    var frozen = new FrozenLedgers(ready, parts);
    outstanding = frozen;
    return frozen;
  }

  private static boolean isOccupied(PairPage page, int part) {
    int first = part << PairPage.PART_SHIFT;
    for (int i = first; i < first + PairPage.PART_SLOTS; i++) {
      if (page.counts[i] > 0) {
        return true;
      }
    }
    return false;
  }

  /// Does something with a part.
  private interface PartStep {
    void part(PageKey key, int firstSlot);
  }

  private static void forEachPart(Ledger ledger, PartStep step) {
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      for (int part = 0; pages[p] != null && part < PairPage.PARTS; part++) {
        long number = (long) p * PairPage.PARTS + part;
        step.part(
            new PageKey(number, Ledgers.pageType(ledger), COLUMN),
            (int) number << PairPage.PART_SHIFT);
      }
    }
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

  /// Loads the header or a part, in any order.
  void load(PageKey key, byte[] content) {
    if (key.equals(HEADER)) {
      new HeaderCodec()
          .decode(
              content,
              (type, reach) -> {
                var ledger = Ledger.ofCounts(type, reach, slots);
                ledger.declare(type, false);
                return ledger;
              },
              (loaded, time) -> ledgers = loaded);
      headerLoaded = true;
      headerDirty = false;
      early.forEach(page -> loadPart(page.key(), page.content()));
      early.clear();
    } else if (headerLoaded) {
      loadPart(key, content);
    } else {
      early.add(new FrozenLedgers.Ready(key, content));
    }
  }

  private void loadPart(PageKey key, byte[] content) {
    var ledger = ledgers.get(key.type());
    if (ledger == null || key.column() != COLUMN) {
      throw new IllegalArgumentException("page of activity of no known type: key=" + key);
    }
    new PairCodec().decode(content, ledger, key.page());
  }

  void loaded() {
    if (!early.isEmpty()) {
      throw new IllegalArgumentException(
          "pages of activity without a header page: pages=" + early.size());
    }
  }

  void clear() {
    if (outstanding != null) {
      outstanding.parts().forEach(FrozenPart::preserve);
    }
    ledgers = new Ledgers(List.of(), Ledger.ofCounts(ALL_TYPES, true, slots));
    gone.clear();
    early.clear();
    outstanding = null;
    headerDirty = true;
    headerLoaded = false;
  }

  /* --- checking --- */

  void digest(StateSink sink, long newest) {
    for (var ledger : ledgers.all()) {
      var pages = ledger.pages();
      for (int p = 0; p < pages.length; p++) {
        for (int i = 0; pages[p] != null && i < PairPage.SLOTS; i++) {
          int slot = p << PairPage.SHIFT | i;
          if (pages[p].counts[i] > 0) {
            sink.entry(
                "activity",
                ledger.type().name()
                    + "/"
                    + Long.toUnsignedString(slots.id(EntityKind.USER, slot)));
            new LedgerAudit(slots, newest).digest(ledger, slot, sink);
          }
        }
      }
    }
  }
}
