package io.tidaldb.cohort;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.ledger.Ledgers;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.log.CohortEvent.CohortBackfilled;
import io.tidaldb.log.CohortEvent.CohortDefined;
import io.tidaldb.log.CohortEvent.CohortDropped;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.Event.EntityDeleted;
import io.tidaldb.log.Event.EntityWritten;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.TidalException;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/// The view of cohorts: who is defined to be in them, who is, and what their members do.
///
/// A signal of a user is counted in every cohort that the user is in given all events before; only
/// then it becomes part of what the user did. So an attribute that changes moves the user at once,
/// and what was counted stays.
///
/// **Threads.** One writer applies and freezes; any thread reads. Each user's attributes and groups
/// are read whole; the list of cohorts is one volatile reference.
public final class CohortView implements PageView {

  private final Slots slots;
  private final CrashInjector injector;
  private final Users users;
  private final Membership membership;
  private final CohortLedgers ledgers;
  private final Definitions definitions = new Definitions();
  private final UserFacts facts;
  private Map<String, SignalType> types = Map.of();
  private long loadedPosition;
  private long attributions;

  /// @param slots the entities' dense slots, folded before this view
  /// @param injector called when the global signal view has folded a user's signal and this has not
  public CohortView(Slots slots, CrashInjector injector) {
    this.slots = slots;
    this.injector = injector;
    users = new Users(slots);
    membership = new Membership(users.marks);
    ledgers = new CohortLedgers(slots, UnaryOperator.identity());
    facts = new UserFacts(users, null);
  }

  @Override
  public String name() {
    return "cohort";
  }

  @Override
  public Tag tag() {
    return Tag.COHORT;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  /* --- reading; any thread --- */

  /// The cohorts that are defined.
  public Definitions definitions() {
    return definitions;
  }

  /// Opens a reader of one cohort's signals at a time.
  public SignalReader reader(int cohort, long at) {
    return ledgers.reader(cohort, at);
  }

  /// Who is in the cohorts.
  public Members members() {
    return new Members(users, membership, definitions, slots, ledgers::newestEventTime);
  }

  /// The slots of entities of a kind with events in a cohort; the caller's own.
  public RoaringBitmap active(int cohort, EntityKind kind) {
    return ledgers.active(cohort, kind);
  }

  /// Pairs of cohort, entity and signal type that have events.
  public long pairs() {
    return ledgers.pairs();
  }

  /// Those of one cohort.
  public long pairs(int cohort) {
    return ledgers.pairs(cohort);
  }

  /// Bytes of one cohort's counts, about.
  public long bytes(int cohort) {
    return ledgers.bytes(cohort);
  }

  /// Bytes of all arrays of counts.
  public long bytes() {
    return ledgers.bytes() + users.bytes();
  }

  /// Events counted in some cohort since this view was opened.
  public long attributions() {
    return attributions;
  }

  /// Whether counting a user's signal now would need a pair that is not there. Writer.
  public boolean needsPairs(SignalRecorded signal) {
    int user = slots.slot(EntityKind.USER, signal.user());
    int target = slots.slot(signal.kind(), signal.entity());
    var cells = ledgers.types().get(signal.type());
    if (cells == null) {
      return false;
    }
    for (int cohort : membership.group(user).numbers()) {
      if (target < 0 || cells.cell(cohort, target) < 0) {
        return true;
      }
    }
    facts.of(user, Math.max(ledgers.newestEventTime(), signal.time()));
    for (var rule : definitions.behaving()) {
      if ((target < 0 || cells.cell(rule.number(), target) < 0)
          && rule.condition().test().holds(facts)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long countOf(long user) {
    int slot = slots.slot(EntityKind.USER, user);
    return slot < 0 ? 0 : users.count(slot);
  }

  /* --- folding --- */

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case SignalRecorded signal -> signal(signal);
      case EntityWritten written -> {
        int slot = slots.slot(written.kind(), written.id());
        if (written.kind() == EntityKind.USER && slot >= 0) {
          membership.changed(slot, users.wrote(slot, written.metadata()));
        } else if (written.kind() == EntityKind.ITEM && slot >= 0) {
          users.wroteItem(slot, written.metadata());
        }
      }
      case Event.NumbersWritten written -> {
        int slot = slots.slot(written.kind(), written.id());
        if (written.kind() == EntityKind.USER && slot >= 0) {
          membership.changed(slot, users.wrote(slot, written.changes()));
        }
      }
      case EntityDeleted deleted -> {
        int slot = slots.slot(deleted.kind(), deleted.id());
        if (slot >= 0) {
          ledgers.forget(deleted.kind(), slot);
        }
        if (deleted.kind() == EntityKind.ITEM && slot >= 0) {
          users.forgetItem(slot);
        }
      }
      case Event.UserErased erased -> erase(slots.slot(EntityKind.USER, erased.user()));
      case Event.SchemaChanged changed ->
          declare(Schema.parse(changed.canonical()).withIds(changed.ids()));
      case CohortDefined defined -> define(position, defined);
      case CohortDropped dropped -> drop(dropped.cohort());
      case CohortBackfilled part -> backfill(part);
      case Event.Blank _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          RelationEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  private void signal(SignalRecorded signal) {
    if (signal.hasUser()) {
      injector.reached(CrashPoint.COHORT_LEDGER_UPDATE);
    }
    var cells = ledgers.types().get(signal.type());
    if (cells == null
        || signal.type() == Ledgers.REACH
        || cells.ledger().type().target() != signal.kind()) {
      return;
    }
    int target = slots.slot(signal.kind(), signal.entity());
    if (target < 0) {
      return;
    }
    ledgers.advance(signal.time());
    int user = signal.hasUser() ? slots.slot(EntityKind.USER, signal.user()) : -1;
    if (user < 0) {
      return;
    }
    for (int cohort : membership.group(user).numbers()) {
      count(cohort, signal, target);
    }
    facts.of(user, ledgers.newestEventTime());
    for (var rule : definitions.behaving()) {
      if (rule.condition().test().holds(facts)) {
        count(rule.number(), signal, target);
      }
    }
    if (users.did(user, cells.ledger().type(), signal, ledgers.newestEventTime())) {
      membership.acted(user);
    }
  }

  private void count(int cohort, SignalRecorded signal, int target) {
    attributions++;
    ledgers.record(cohort, signal.type(), target, signal.weight(), signal.time());
    var reach = ledgers.types().reach();
    if (reach != null
        && signal.firstView()
        && reach.ledger().type().id().value() == signal.type()) {
      ledgers.record(cohort, Ledgers.REACH, target, 1, signal.time());
    }
  }

  private void erase(int user) {
    if (user >= 0) {
      membership.forget(user);
      users.forget(user);
      definitions.removeMember(user);
      ledgers.forget(EntityKind.USER, user);
    }
  }

  private void declare(Schema schema) {
    ledgers.declare(schema.signals(), true);
    users.declare(schema.signals(), schema.interestFields());
    definitions.interests(schema.interestFields());
    types = byName(schema.signals());
    definitions.compile(this::condition);
    membership.rebuild(definitions.steady());
  }

  private static Map<String, SignalType> byName(List<SignalType> types) {
    return types.stream().collect(Collectors.toMap(SignalType::name, type -> type));
  }

  private Condition condition(Predicate predicate) {
    return Condition.of(predicate, users.words, types);
  }

  private void define(long position, CohortDefined event) {
    CohortDefinition definition;
    try {
      definition =
          new CohortDefinition(event.name(), Predicate.parse(event.predicate()), event.backfill());
    } catch (TidalException e) {
      // The writer has checked the text: only a hand-made log can hold another.
      return;
    }
    if (event.cohort() <= definitions.lastNumber() || definitions.find(event.name()).isPresent()) {
      return;
    }
    var condition = condition(definition.predicate());
    var progress = event.backfill() ? Cohort.Progress.BEGUN : Cohort.Progress.NONE;
    var cohort =
        new Cohort(
            event.cohort(), definition, position, event.time(), progress, Cohort.Lives.of(slots));
    definitions.add(cohort, condition);
    if (!condition.behaves()) {
      membership.define(new Membership.Rule(event.cohort(), condition));
    }
    if (event.backfill()) {
      var bitmap = new RoaringBitmap();
      for (int user = 0; user < cohort.lives().users(); user++) {
        facts.of(user, ledgers.newestEventTime());
        if (condition.test().holds(facts)) {
          bitmap.add(user);
        }
      }
      definitions.members(event.cohort(), bitmap);
    }
  }

  private void drop(int number) {
    if (definitions.remove(number)) {
      membership.drop(number);
      ledgers.forget(number);
    }
  }

  private void backfill(CohortBackfilled part) {
    var cohort = definitions.find(part.cohort()).orElse(null);
    if (cohort == null || !cohort.isRunning()) {
      return;
    }
    for (var signal : part.signals()) {
      int slot = slots.slot(signal.kind(), signal.entity());
      var cells = ledgers.types().get(signal.type());
      if (slot >= 0
          && cohort.lives().holds(signal.kind(), slot)
          && cells != null
          && signal.type() != Ledgers.REACH
          && cells.ledger().type().target() == signal.kind()) {
        ledgers.advance(signal.time());
        ledgers.record(part.cohort(), signal.type(), slot, signal.weight(), signal.time());
      }
    }
    definitions.replace(cohort.with(cohort.progress().after(part.reached(), part.last())));
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    var pages = new TreeMap<PageKey, Supplier<byte[]>>();
    var undo = new ArrayList<Runnable>();
    undo.add(definitions.freeze(all, pages));
    long newest = ledgers.newestEventTime();
    var activity = users.freeze(all, newest, pages, undo);
    return new FrozenCohorts(pages, List.of(ledgers.freeze(all), activity), undo);
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(CohortLedgers.HEADER) || key.column() == 1) {
      ledgers.load(key, content);
    } else if (!definitions.load(key, content) && !users.load(key, content)) {
      throw new IllegalArgumentException("not a page of cohorts: key=" + key);
    }
  }

  @Override
  public void loaded(long position) {
    ledgers.loaded();
    users.activity.loaded();
    var declared = ledgers.types().ledgers().types();
    types = byName(declared);
    users.interests(definitions.interestFields());
    users.marks.forEach((user, own) -> membership.acted(user));
    users.firsts.forEach((user, first) -> membership.acted(user));
    definitions.compile(this::condition);
    membership.rebuild(definitions.steady());
    loadedPosition = position;
  }

  @Override
  public void clear() {
    ledgers.clear();
    users.clear();
    membership.clear();
    definitions.clear();
    types = Map.of();
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    long newest = ledgers.newestEventTime();
    sink.entry("cohorts", "").value("newest", newest).value("last", definitions.lastNumber());
    for (var cohort : definitions.all()) {
      definitions.digest(cohort, sink);
      ledgers.digest(cohort.number(), cohort.name(), sink);
    }
    users.digest(sink, newest);
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<String>(ledgers.verify());
    membership.forEachKnown(
        (user, group) -> {
          facts.of(user, 0);
          for (var rule : definitions.steady()) {
            if (rule.condition().test().holds(facts) != group.holds(rule.number())) {
              findings.add("membership differs: slot=" + user + " cohort=" + rule.number());
            }
          }
        });
    return findings;
  }
}
