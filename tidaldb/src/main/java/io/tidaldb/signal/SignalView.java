package io.tidaldb.signal;

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
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.Event.EntityDeleted;
import io.tidaldb.log.Event.SchemaChanged;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SignalType;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The view of signals: decayed scores, windowed counts and velocities of every entity, folded from
/// the log.
///
/// **Threads.** One writer applies, publishes and freezes; any thread opens readers, which never
/// lock the writer out.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `ledgers` | writer | volatile | volatile | types of an older schema |
/// | `newest` | writer | release | acquire | an older limit for reads; checked again after a read of buckets |
public final class SignalView implements PageView {

  /// Whose numbers a view keeps.
  private enum Subject {
    /// Those of the entity that a signal happens to.
    ENTITY,

    /// Those of the creator of the item that a signal happens to: the *roll-up*.
    CREATOR
  }

  private static final PageKey HEADER = new PageKey(0, 0, 0);
  private static final VarHandle NEWEST;

  static {
    try {
      NEWEST = MethodHandles.lookup().findVarHandle(SignalView.class, "newest", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Subject subject;
  private final Slots slots;
  private final CrashInjector injector;
  private final int headCapacity;
  private final List<PageKey> gone = new ArrayList<>();
  private final List<FrozenLedgers.Ready> early = new ArrayList<>();
  private volatile Ledgers ledgers = Ledgers.EMPTY;
  private long newest;
  private boolean headerDirty;
  private boolean headerLoaded;
  private long loadedPosition;
  private @Nullable FrozenLedgers outstanding;

  /// @param slots the entities' dense slots, folded before this view
  /// @param injector called between the update of a score and of its buckets
  /// @param headCapacity members of a type's head, 0 for none
  public SignalView(Slots slots, CrashInjector injector, int headCapacity) {
    this(Subject.ENTITY, slots, injector, headCapacity);
  }

  /// The view of creators: a signal on an item is also one on its creator, as of the moment of the
  /// signal. Its types are those of items, on creators.
  ///
  /// @param slots the entities' dense slots, folded before this view
  /// @param headCapacity members of a type's head, 0 for none
  public static SignalView ofCreators(Slots slots, int headCapacity) {
    return new SignalView(Subject.CREATOR, slots, CrashInjector.NONE, headCapacity);
  }

  private SignalView(Subject subject, Slots slots, CrashInjector injector, int headCapacity) {
    if (!"64".equals(System.getProperty("sun.arch.data.model", "64"))) {
      // Kernels read doubles without a mode, which only 64-bit machines never tear.
      throw new IllegalStateException("the signal view needs a 64-bit virtual machine");
    }
    if (headCapacity < 0) {
      throw new IllegalArgumentException("head capacity is negative: given=" + headCapacity);
    }
    this.subject = subject;
    this.slots = slots;
    this.injector = injector;
    this.headCapacity = headCapacity;
  }

  @Override
  public String name() {
    return switch (subject) {
      case ENTITY -> "signal";
      case CREATOR -> "creator signal";
    };
  }

  @Override
  public Tag tag() {
    return switch (subject) {
      case ENTITY -> Tag.SIG;
      case CREATOR -> Tag.ROLLUP;
    };
  }

  /* --- reading --- */

  /// Opens a reader at a time. Any thread.
  ///
  /// @param at nanoseconds since 1970; how far back each reading may go is checked by the reading
  public SignalReader reader(long at) {
    return new MomentReader(this::newestEventTime, ledgers, slots, at);
  }

  /// Opens a reader of creators at a time: signals on them, and signals on their items. Any thread.
  ///
  /// @param rolledUp the view [#ofCreators]
  public SignalReader creatorReader(SignalView rolledUp, long at) {
    return new MomentReader(
        this::newestEventTime,
        Ledgers.ofKind(EntityKind.CREATOR, List.of(ledgers, rolledUp.ledgers)),
        slots,
        at);
  }

  /// The live type of this name.
  public Optional<SignalType> type(String name) {
    return types().stream().filter(t -> t.name().equals(name)).findFirst();
  }

  /// The live type that has this meaning.
  public Optional<SignalType> type(Meaning meaning) {
    return ledgers.type(meaning);
  }

  /// The live types in order of id.
  public List<SignalType> types() {
    return ledgers.types();
  }

  /// The newest event time applied, nanoseconds since 1970; 0 without events.
  public long newestEventTime() {
    return (long) NEWEST.getAcquire(this);
  }

  /// How many pairs of entity and type have events.
  public long pairs() {
    return ledgers.all().stream().filter(l -> !l.isReach()).mapToLong(Ledger::pairs).sum();
  }

  /// Bytes of all arrays.
  public long bytes() {
    return ledgers.all().stream().mapToLong(Ledger::bytes).sum();
  }

  /* --- folding --- */

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case SignalRecorded signal -> record(signal);
      case EntityDeleted deleted -> delete(deleted.kind(), deleted.id());
      case Event.UserErased erased -> delete(EntityKind.USER, erased.user());
      case SchemaChanged changed ->
          declare(Schema.parse(changed.canonical()).withIds(changed.ids()).signals());
      case Event.Blank _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          RelationEvent _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  @Override
  public void publish(long position) {
    for (var ledger : ledgers.all()) {
      ledger.publish();
    }
  }

  /// These are the types from here on: new ones begin empty, missing ones lose their state. Writer.
  void declare(Collection<SignalType> given) {
    var types = subject == Subject.ENTITY ? given : SignalType.rolledUp(given);
    keepFrozenParts();
    var before = ledgers;
    var declared = new ArrayList<Ledger>();
    for (var type : types) {
      var known = before.get(type.id().value());
      var ledger = known == null ? new Ledger(type, false, slots, headCapacity) : known;
      ledger.declare(type, type.meaning().equals(Optional.of(Meaning.COMPLETION)));
      ledger.keepPulse(newest);
      declared.add(ledger);
    }
    var view =
        types.stream().filter(t -> t.meaning().equals(Optional.of(Meaning.VIEW))).findFirst();
    var after = new Ledgers(declared, view.map(t -> reachLedger(before.reach(), t)).orElse(null));
    for (var ledger : before.all()) {
      if (after.get(Ledgers.pageType(ledger)) != ledger) {
        forgetPages(ledger);
      }
    }
    ledgers = after;
    headerDirty = true;
  }

  private Ledger reachLedger(@Nullable Ledger before, SignalType view) {
    var ledger =
        before != null && before.type().id().equals(view.id())
            ? before
            : new Ledger(view, true, slots, headCapacity);
    ledger.declare(view, false);
    ledger.keepPulse(newest);
    return ledger;
  }

  private void record(SignalRecorded signal) {
    var now = ledgers;
    var ledger = now.get(signal.type());
    if (ledger == null || signal.type() == Ledgers.REACH) {
      return;
    }
    int slot = slot(ledger, signal);
    if (slot < 0) {
      return;
    }
    if (signal.time() > newest) {
      NEWEST.setRelease(this, signal.time());
    }
    headerDirty = true;
    ledger.apply(slot, signal.time(), signal.weight(), newest, injector);
    var reach = now.reach();
    if (reach != null && signal.firstView() && reach.type().id().value() == signal.type()) {
      reach.apply(slot, signal.time(), 1, newest, CrashInjector.NONE);
    }
  }

  private int slot(Ledger ledger, SignalRecorded signal) {
    return switch (subject) {
      case ENTITY ->
          ledger.type().target() == signal.kind() ? slots.slot(signal.kind(), signal.entity()) : -1;
      case CREATOR ->
          signal.kind() == EntityKind.ITEM && signal.hasCreator()
              ? slots.slot(EntityKind.CREATOR, signal.creator())
              : -1;
    };
  }

  /// Counts and scores of other entities stay: they are sums without names.
  private void delete(EntityKind kind, long id) {
    int slot = slots.slot(kind, id);
    if (slot < 0) {
      return;
    }
    for (var ledger : ledgers.all()) {
      if (ledger.type().target() == kind) {
        ledger.clear(slot);
      }
    }
  }

  @Override
  public long countOf(long user) {
    int slot = slots.slot(EntityKind.USER, user);
    return slot < 0
        ? 0
        : ledgers.all().stream()
            .filter(l -> !l.isReach() && l.type().target() == EntityKind.USER && l.has(slot))
            .count();
  }

  /* --- saving --- */

  @Override
  public FrozenPages freeze(boolean all) {
    markFailedAgain();
    var ready = new ArrayList<FrozenLedgers.Ready>();
    var parts = new ArrayList<FrozenPart>();
    if (all || headerDirty) {
      ready.add(new FrozenLedgers.Ready(HEADER, new HeaderCodec().encode(ledgers, newest)));
      headerDirty = false;
    }
    for (var key : gone) {
      ready.add(new FrozenLedgers.Ready(key, new byte[0]));
    }
    gone.clear();
    for (var ledger : ledgers.all()) {
      freeze(ledger, all, parts);
    }
    var frozen = new FrozenLedgers(ready, parts);
    outstanding = frozen;
    return frozen;
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(HEADER)) {
      new HeaderCodec()
          .decode(
              content,
              this::loadedLedger,
              (loaded, time) -> {
                ledgers = loaded;
                newest = time;
              });
      headerLoaded = true;
      early.forEach(page -> loadPart(page.key(), page.content()));
      early.clear();
    } else if (headerLoaded) {
      loadPart(key, content);
    } else {
      early.add(new FrozenLedgers.Ready(key, content));
    }
  }

  @Override
  public void loaded(long position) {
    if (!early.isEmpty()) {
      throw new IllegalArgumentException(
          "signal pages without a header page: pages=" + early.size());
    }
    loadedPosition = position;
    for (var ledger : ledgers.all()) {
      var head = ledger.head();
      if (head != null) {
        head.rebuild();
      }
      ledger.keepPulse(newest);
    }
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void clear() {
    keepFrozenParts();
    ledgers = Ledgers.EMPTY;
    NEWEST.setRelease(this, 0L);
    gone.clear();
    early.clear();
    outstanding = null;
    headerDirty = false;
    headerLoaded = false;
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    new LedgerAudit(slots, newest).digest(name(), ledgers, sink);
  }

  @Override
  public List<String> verify() {
    return new LedgerAudit(slots, newest).verify(ledgers);
  }

  private Ledger loadedLedger(SignalType type, boolean reach) {
    var ledger = new Ledger(type, reach, slots, headCapacity);
    ledger.declare(type, !reach && type.meaning().equals(Optional.of(Meaning.COMPLETION)));
    return ledger;
  }

  private void loadPart(PageKey key, byte[] content) {
    var ledger = ledgers.get(key.type());
    if (ledger == null || key.column() != 1) {
      throw new IllegalArgumentException("signal page of no known type: key=" + key);
    }
    new PairCodec().decode(content, ledger, key.page());
  }

  private void freeze(Ledger ledger, boolean all, List<FrozenPart> parts) {
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      var page = pages[p];
      for (int part = 0; page != null && part < PairPage.PARTS; part++) {
        if (page.dirty[part] || (all && occupied(page, part))) {
          page.dirty[part] = false;
          long number = (long) p * PairPage.PARTS + part;
          var key = new PageKey(number, Ledgers.pageType(ledger), 1);
          int firstSlot = p << PairPage.SHIFT | part << PairPage.PART_SHIFT;
          var frozen = new FrozenPart(ledger, key, PairCodec::encode, firstSlot, newest);
          page.frozen[part] = frozen;
          parts.add(frozen);
        }
      }
    }
  }

  private static boolean occupied(PairPage page, int part) {
    int first = part << PairPage.PART_SHIFT;
    for (int i = first; i < first + PairPage.PART_SLOTS; i++) {
      if (page.counts[i] > 0) {
        return true;
      }
    }
    return false;
  }

  /// What the last checkpoint did not hold is dirty again; what it froze is nobody's any more.
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
          .filter(k -> !k.equals(HEADER))
          .forEach(gone::add);
    }
  }

  private void keepFrozenParts() {
    if (outstanding != null) {
      outstanding.parts().forEach(FrozenPart::preserve);
    }
  }

  private void forgetPages(Ledger ledger) {
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      for (int part = 0; pages[p] != null && part < PairPage.PARTS; part++) {
        gone.add(new PageKey((long) p * PairPage.PARTS + part, Ledgers.pageType(ledger), 1));
      }
    }
  }
}
