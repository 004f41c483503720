package io.tidaldb.coengagement;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.CoEngagementRule;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The view of items that the same users engage with positively. Items and users stand by slot, so
/// a new life of an id begins without edges.
///
/// Its pages:
///
/// | Page | Type | Content |
/// |---|---|---|
/// | 0 | 0 | [ViewHead] |
/// | n | 1 | edges 1,024 · n … 1,024 · n + 1,023, each as [EdgeRecords] says; zeros where none is |
/// | user slot ÷ 64 | 2 | [FrozenWindows] of 64 users |
/// | n | 3 | [Nearness] of edges 2,048 · n … 2,048 · n + 2,047 |
/// | n | 4 | [Crowds] of item slots 2,048 · n … 2,048 · n + 2,047, f64 each |
///
/// **Threads.** The writer folds; any thread reads what is behind some event, never half of one.
/// The checkpointer encodes frozen pages.
public final class CoEngagementView implements PageView {

  static final PageKey HEAD = new PageKey(0, 0, 0);
  static final int EDGES = 1;
  static final int WINDOWS = 2;
  static final int NEARNESS = 3;
  static final int CROWDS = 4;

  private final SlotMap slots;
  private final CrashInjector injector;
  private Evidence evidence;
  private CoEngagementRule rule = CoEngagementRule.STANDARD;
  private SortedMap<Integer, Meaning> meanings = new TreeMap<>();
  private final BitSet dirty = new BitSet();
  private final Map<Integer, FrozenWindows> frozen = new HashMap<>();
  private final ConcurrentLinkedQueue<BitSet> returned = new ConcurrentLinkedQueue<>();
  private long loadedPosition;

  /// No edges.
  ///
  /// @param slots folded before this view sees an event
  public CoEngagementView(SlotMap slots, CrashInjector injector) {
    this.slots = slots;
    this.injector = injector;
    this.evidence = empty();
  }

  private Evidence empty() {
    var fresh = new Evidence(slots, injector, rule);
    fresh.positives().onChange(this::changing);
    return fresh;
  }

  /// The windows of a group are about to change: a checkpoint that wants them takes them now.
  private void changing(int group) {
    dirty.set(group);
    if (!frozen.isEmpty()) {
      var wanted = frozen.remove(group);
      if (wanted != null) {
        wanted.preserve();
      }
    }
  }

  @Override
  public String name() {
    return "co-engagement";
  }

  @Override
  public Tag tag() {
    return Tag.COENG;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public long countOf(long user) {
    return recentPositives(slots.slot(EntityKind.USER, user), new int[evidence.window()]);
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.SignalRecorded signal -> signal(signal);
      case Event.EntityDeleted deleted -> {
        int slot = slots.slot(deleted.kind(), deleted.id());
        if (deleted.kind() == EntityKind.ITEM && slot >= 0) {
          evidence.edges().removeItem(slot);
        }
      }
      case Event.UserErased erased -> {
        int slot = slots.slot(EntityKind.USER, erased.user());
        if (slot >= 0) {
          evidence.positives().remove(slot);
        }
      }
      case Event.SchemaChanged changed -> {
        var schema = Schema.parse(changed.canonical()).withIds(changed.ids());
        meanings = ViewHead.meanings(schema);
        rule = schema.coEngagement();
        evidence.rule(rule);
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
      case SessionEvent session -> {}
      case VectorEvent vector -> {}
    }
  }

  private void signal(Event.SignalRecorded signal) {
    if (!signal.hasUser() || signal.kind() != EntityKind.ITEM) {
      return;
    }
    var meaning = meanings.get(signal.type());
    if (meaning == null || !meaning.isPositive(signal.weight())) {
      return;
    }
    int user = slots.slot(EntityKind.USER, signal.user());
    int item = slots.slot(EntityKind.ITEM, signal.entity());
    if (user >= 0 && item >= 0) {
      evidence.positive(user, item, signal.time());
    }
  }

  /* --- reading, any thread --- */

  /// Edges that exist; never more than [#capacity()].
  public int edgeCount() {
    return evidence.edges().count();
  }

  /// How many edges are kept.
  public int capacity() {
    return evidence.edges().capacity();
  }

  /// Edges that had to leave since the database was opened.
  public long evictions() {
    return evidence.edges().evictions();
  }

  /// The strength of the edge between two items at a time, in nanoseconds since 1970.
  public double strength(EntityId a, EntityId b, long at) {
    return evidence.strength(a, b, at);
  }

  /// The strength of the edge between the items in two slots at a time.
  public double strength(int a, int b, long at) {
    return evidence.edges().strength(a, b, at);
  }

  /// The strongest neighbours of an item at a time, strongest first, ties by id.
  ///
  /// @param k 1 … 1,000
  public List<ScoredEntity> neighbours(EntityId item, int k, long at) {
    return evidence.neighbours(item, k, at);
  }

  /// The strongest neighbours of the item in a slot at a time, strongest first, ties by id.
  ///
  /// @param at in nanoseconds since 1970
  /// @param neighbours takes their slots
  /// @param strengths takes their strengths
  /// @return how many there are, at most as many as fit
  public int strongest(int item, long at, int[] neighbours, double[] strengths) {
    return evidence.edges().strongest(item, at, neighbours, strengths);
  }

  /// What users engage with after the item in a slot, as of a time in nanoseconds since 1970.
  ///
  /// @param row takes the item's neighbours, in no order
  public void following(int item, long at, Following row) {
    evidence.edges().following(item, at, row);
  }

  /// The items that the user in a slot last engaged with positively, newest first.
  ///
  /// @param items takes their slots
  /// @return how many there are, at most as many as fit and as the window holds
  public int recentPositives(int user, int[] items) {
    return evidence.positives().recent(user, items);
  }

  /// Bytes of all arrays. Writer.
  public long bytes() {
    return evidence.bytes();
  }

  /// Bytes of the arrays that hold crowds. Writer.
  long crowdBytes() {
    return evidence.edges().crowds().bytes();
  }

  /// Bytes of the arrays that hold edges. Writer.
  long edgeBytes() {
    return evidence.edges().bytes();
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      dirty.or(back);
    }
    if (all) {
      dirty.or(evidence.positives().groups());
    }
    var head =
        new ViewHead(evidence.edges().landmark(), evidence.newest(), evidence.rule(), meanings);
    frozen.clear();
    dirty.stream()
        .forEach(group -> frozen.put(group, new FrozenWindows(evidence.positives(), group)));
    var taken = (BitSet) dirty.clone();
    dirty.clear();
    return new FrozenEvidence(
        head.encode(),
        new TreeMap<>(
            Map.of(
                EDGES, evidence.edges().records().saved.freeze(all),
                NEARNESS, evidence.edges().records().nearness.freeze(all),
                CROWDS, evidence.edges().crowds().pages().freeze(all))),
        List.copyOf(frozen.entrySet()),
        () -> returned.add(taken));
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(HEAD)) {
      var head = ViewHead.decode(content);
      meanings = head.meanings();
      rule = head.rule();
      evidence.startFrom(head.landmark(), head.newest(), rule);
      return;
    }
    int page = (int) key.page();
    if (page != key.page() || page < 0 || key.column() != 0) {
      throw new IllegalArgumentException("not a page of co-engagement: key=" + key);
    }
    switch (key.type()) {
      case EDGES -> evidence.edges().records().saved.load(page, content);
      case NEARNESS -> evidence.edges().records().nearness.load(page, content);
      case CROWDS -> evidence.edges().crowds().pages().load(page, content);
      case WINDOWS -> {
        if (page > Integer.MAX_VALUE >> Positives.GROUP_SHIFT) {
          throw new IllegalArgumentException("no such group of users: key=" + key);
        }
        FrozenWindows.decode(content, page, evidence.positives());
      }
      default -> throw new IllegalArgumentException("not a page of co-engagement: key=" + key);
    }
  }

  @Override
  public void loaded(long position) {
    evidence.edges().loaded();
    var wrong = new ArrayList<>(windowFindings());
    wrong.addAll(crowdFindings());
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(wrong.getFirst());
    }
    loadedPosition = position;
  }

  @Override
  public void clear() {
    rule = CoEngagementRule.STANDARD;
    meanings = new TreeMap<>();
    evidence = empty();
    dirty.clear();
    frozen.clear();
    returned.clear();
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    var edges = evidence.edges();
    sink.entry("co-engagement", "state")
        .value("landmark", edges.landmark())
        .value("newest", evidence.newest())
        .value("rule", evidence.rule().toString())
        .value("meanings", meanings.toString());
    for (long pair : edges.pairs()) {
      String ends = item(EdgeRecords.lesser(pair)) + " " + item(EdgeRecords.greater(pair));
      sink.entry("edge", ends)
          .value("sum", edges.sum(pair))
          .value("nearness", edges.nearness(pair));
    }
    int end = edges.crowds().end();
    for (int item = 0; item < end; item++) {
      if (edges.crowds().sum(item) != 0) {
        sink.entry("crowd", "ITEM " + item(item)).value("sum", edges.crowds().sum(item));
      }
    }
    int[] items = new int[evidence.window()];
    for (int user = 0; user < evidence.positives().users(); user++) {
      int count = recentPositives(user, items);
      if (count > 0) {
        var id = EntityId.of(slots.id(EntityKind.USER, user));
        var entry = sink.entry("positives", "USER " + id);
        for (int i = 0; i < count; i++) {
          entry.value("item", slots.id(EntityKind.ITEM, items[i]));
        }
      }
    }
  }

  private EntityId item(int slot) {
    return EntityId.of(slots.id(EntityKind.ITEM, slot));
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<>(evidence.edges().verify());
    findings.addAll(windowFindings());
    findings.addAll(crowdFindings());
    return findings;
  }

  private List<String> crowdFindings() {
    var findings = new ArrayList<String>();
    var crowds = evidence.edges().crowds();
    int end = crowds.end();
    for (int item = 0; item < end; item++) {
      double sum = crowds.sum(item);
      boolean living = item < slots.count(EntityKind.ITEM) && !slots.isDead(EntityKind.ITEM, item);
      if (!(sum >= 0 && sum <= Double.MAX_VALUE) || (sum > 0 && !living)) {
        findings.add("nothing has this crowd: item slot=" + item + " sum=" + sum);
      }
    }
    return findings;
  }

  private List<String> windowFindings() {
    var findings = new ArrayList<String>();
    var positives = evidence.positives();
    int itemCount = slots.count(EntityKind.ITEM);
    for (int user = 0; user < positives.users(); user++) {
      int[] window = positives.window(user);
      int size = Positives.size(window);
      var distinct = new HashSet<Integer>();
      for (int i = 0; i < size; i++) {
        if (window[i] < 0 || window[i] >= itemCount || !distinct.add(window[i])) {
          findings.add("a window holds no item, or one twice: user slot=" + user);
        }
      }
      if (size > evidence.window()) {
        findings.add("a window is too long: user slot=" + user + " items=" + size);
      }
      if (size > 0
          && (user >= slots.count(EntityKind.USER) || slots.isDead(EntityKind.USER, user))) {
        findings.add("nobody has this window: user slot=" + user);
      }
    }
    return findings;
  }
}
