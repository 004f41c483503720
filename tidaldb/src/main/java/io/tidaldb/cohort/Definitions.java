package io.tidaldb.cohort;

import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CohortInfo;
import io.tidaldb.schema.Predicate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// The cohorts that are defined, by name and number, and their conditions.
///
/// | Page | Type, column | Holds |
/// |---|---|---|
/// | 0 | 0, 2 | the greatest number ever given, and the fields of interest |
/// | number | 0, 2 | a definition and its progress |
/// | number · 2^32 + chunk | 0, 9 | while earlier signals are counted: the members at the definition among 65,536 slots |
///
/// **Threads.** One writer; readers take the present [Catalog].
public final class Definitions {

  private static final int COLUMN = 2;
  private static final int MEMBERS_COLUMN = 9;
  private static final int VERSION = 1;
  private static final int CHUNK_SHIFT = 16;
  private static final PageKey LAST = new PageKey(0, 0, COLUMN);

  /// All cohorts at a moment. Immutable.
  private record Catalog(
      SortedMap<Integer, Cohort> byNumber,
      Map<String, Cohort> byName,
      List<Membership.Rule> behaving) {}

  private final Map<Integer, Condition> conditions = new HashMap<>();
  private final Map<Integer, RoaringBitmap> members = new ConcurrentHashMap<>();
  private final Set<PageKey> dirty = new HashSet<>();
  private final ConcurrentLinkedQueue<Set<PageKey>> returned = new ConcurrentLinkedQueue<>();
  private volatile Catalog catalog = new Catalog(new TreeMap<>(), Map.of(), List.of());
  private int lastNumber;
  private List<String> interestFields = List.of();

  /* --- any thread --- */

  /// Every cohort in order of definition.
  public List<Cohort> all() {
    return List.copyOf(catalog.byNumber.values());
  }

  /// How many there are.
  public int count() {
    return catalog.byNumber.size();
  }

  /// The cohort of this name.
  public Optional<Cohort> find(String name) {
    return Optional.ofNullable(catalog.byName.get(name));
  }

  /// The cohort of this number.
  public Optional<Cohort> find(int number) {
    return Optional.ofNullable(catalog.byNumber.get(number));
  }

  /// The users that were in a cohort at its definition, by slot, while earlier signals are counted;
  /// else nobody. Never changes.
  public RoaringBitmap members(int number) {
    return members.getOrDefault(number, new RoaringBitmap());
  }

  /// Cohorts whose members change by what they do.
  List<Membership.Rule> behaving() {
    return catalog.behaving;
  }

  /* --- writer --- */

  /// The greatest number ever given.
  public int lastNumber() {
    return lastNumber;
  }

  List<String> interestFields() {
    return interestFields;
  }

  void interests(List<String> fields) {
    if (!fields.equals(interestFields)) {
      interestFields = List.copyOf(fields);
      dirty.add(LAST);
    }
  }

  /// Cohorts whose members change by their attributes alone.
  List<Membership.Rule> steady() {
    return rules(catalog.byNumber.values(), false);
  }

  void add(Cohort cohort, Condition condition) {
    lastNumber = cohort.number();
    dirty.add(LAST);
    conditions.put(cohort.number(), condition);
    replace(cohort);
  }

  void replace(Cohort cohort) {
    var all = new TreeMap<>(catalog.byNumber);
    all.put(cohort.number(), cohort);
    publish(all);
    dirty.add(page(cohort.number()));
    if (!cohort.isRunning()) {
      forgetMembers(cohort.number());
    }
  }

  boolean remove(int number) {
    var all = new TreeMap<>(catalog.byNumber);
    if (all.remove(number) == null) {
      return false;
    }
    conditions.remove(number);
    publish(all);
    dirty.add(page(number));
    forgetMembers(number);
    return true;
  }

  void members(int number, RoaringBitmap users) {
    members.put(number, users);
    markMembers(number, users);
  }

  void removeMember(int user) {
    for (var entry : members.entrySet()) {
      if (entry.getValue().contains(user)) {
        var less = entry.getValue().clone();
        less.remove(user);
        entry.setValue(less);
        dirty.add(membersPage(entry.getKey(), user >>> CHUNK_SHIFT));
      }
    }
  }

  /// Makes every condition anew.
  void compile(Function<Predicate, Condition> compiler) {
    conditions.clear();
    for (var cohort : catalog.byNumber.values()) {
      conditions.put(cohort.number(), compiler.apply(cohort.definition().predicate()));
    }
    publish(catalog.byNumber);
  }

  private void forgetMembers(int number) {
    var users = members.remove(number);
    if (users != null) {
      markMembers(number, users);
    }
  }

  private void markMembers(int number, RoaringBitmap users) {
    users.forEach((int user) -> dirty.add(membersPage(number, user >>> CHUNK_SHIFT)));
  }

  private void publish(SortedMap<Integer, Cohort> all) {
    var byName = new HashMap<String, Cohort>();
    all.values().forEach(cohort -> byName.put(cohort.name(), cohort));
    catalog = new Catalog(all, Map.copyOf(byName), rules(all.values(), true));
  }

  private List<Membership.Rule> rules(Collection<Cohort> cohorts, boolean behaving) {
    var rules = new ArrayList<Membership.Rule>();
    for (var cohort : cohorts) {
      var condition = conditions.get(cohort.number());
      if (condition != null && condition.behaves() == behaving) {
        rules.add(new Membership.Rule(cohort.number(), condition));
      }
    }
    return List.copyOf(rules);
  }

  /* --- pages --- */

  private static PageKey page(int number) {
    return new PageKey(number, 0, COLUMN);
  }

  private static PageKey membersPage(int number, int chunk) {
    return new PageKey((long) number << 32 | chunk, 0, MEMBERS_COLUMN);
  }

  Runnable freeze(boolean all, Map<PageKey, Supplier<byte[]>> pages) {
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      dirty.addAll(back);
    }
    if (all) {
      dirty.add(LAST);
      catalog.byNumber.keySet().forEach(number -> dirty.add(page(number)));
      members.forEach(this::markMembers);
    }
    var taken = Set.copyOf(dirty);
    dirty.clear();
    for (var key : taken) {
      byte[] content = encode(key);
      pages.put(key, () -> content);
    }
    return () -> returned.add(taken);
  }

  private byte[] encode(PageKey key) {
    if (key.equals(LAST)) {
      var out = new PageWriter().u8(VERSION).varint(lastNumber).varint(interestFields.size());
      interestFields.forEach(out::text);
      return out.toBytes();
    }
    if (key.column() == MEMBERS_COLUMN) {
      long from = (key.page() & 0xFFFF_FFFFL) << CHUNK_SHIFT;
      var users = members((int) (key.page() >>> 32)).clone();
      users.and(RoaringBitmap.bitmapOfRange(from, from + (1L << CHUNK_SHIFT)));
      if (users.isEmpty()) {
        return new byte[0];
      }
      var out = ByteBuffer.allocate(users.serializedSizeInBytes());
      users.serialize(out);
      return out.array();
    }
    return find((int) key.page()).map(Definitions::encode).orElse(new byte[0]);
  }

  private static byte[] encode(Cohort cohort) {
    var progress = cohort.progress();
    return new PageWriter()
        .u8(VERSION)
        .text(cohort.name())
        .text(cohort.definition().predicate().toString())
        .u8(cohort.definition().backfill() ? 1 : 0)
        .i64(cohort.position())
        .i64(cohort.since())
        .text(progress.state().name())
        .varint(progress.parts())
        .varint(progress.reached())
        .varint(progress.from())
        .varint(cohort.lives().items())
        .varint(cohort.lives().users())
        .varint(cohort.lives().creators())
        .toBytes();
  }

  /// Loads a page if it is one of these.
  boolean load(PageKey key, byte[] content) {
    if (key.column() == MEMBERS_COLUMN) {
      loadMembers(key, content);
      return true;
    }
    if (key.column() != COLUMN) {
      return false;
    }
    var in = new PageSource(content);
    if (in.u8() != VERSION) {
      throw new IllegalArgumentException("page version not known: key=" + key);
    }
    if (key.equals(LAST)) {
      lastNumber = in.count(0xFFFF);
      var fields = new ArrayList<String>();
      for (int i = in.count(1 << 8); i > 0; i--) {
        fields.add(in.text());
      }
      interestFields = List.copyOf(fields);
    } else {
      var all = new TreeMap<>(catalog.byNumber);
      all.put((int) key.page(), decode((int) key.page(), in));
      publish(all);
    }
    in.end();
    return true;
  }

  private static Cohort decode(int number, PageSource in) {
    var name = in.text();
    CohortDefinition definition;
    try {
      definition = new CohortDefinition(name, Predicate.parse(in.text()), in.u8() == 1);
    } catch (io.tidaldb.schema.TidalException e) {
      throw new IllegalArgumentException("not a definition: number=" + number, e);
    }
    long position = in.i64();
    long since = in.i64();
    var state = CohortInfo.Backfill.valueOf(in.text());
    var progress =
        new Cohort.Progress(state, in.count(Integer.MAX_VALUE), in.varint(), in.varint());
    var lives =
        new Cohort.Lives(
            in.count(Integer.MAX_VALUE), in.count(Integer.MAX_VALUE), in.count(Integer.MAX_VALUE));
    return new Cohort(number, definition, position, since, progress, lives);
  }

  private void loadMembers(PageKey key, byte[] content) {
    var users = new RoaringBitmap();
    try {
      users.deserialize(ByteBuffer.wrap(content));
    } catch (java.io.IOException | RuntimeException e) {
      throw new IllegalArgumentException("not a set of users: key=" + key, e);
    }
    members.merge((int) (key.page() >>> 32), users, (a, b) -> RoaringBitmap.or(a, b));
  }

  void clear() {
    conditions.clear();
    members.clear();
    dirty.clear();
    returned.clear();
    lastNumber = 0;
    interestFields = List.of();
    publish(new TreeMap<>());
  }

  void digest(Cohort cohort, StateSink sink) {
    var entry =
        sink.entry("cohort", cohort.name())
            .value("number", cohort.number())
            .value("predicate", cohort.definition().predicate().toString())
            .value("position", cohort.position())
            .value("since", cohort.since())
            .value("backfill", cohort.progress().state().name())
            .value("parts", cohort.progress().parts())
            .value("reached", cohort.progress().reached())
            .value("from", cohort.progress().from());
    members(cohort.number()).forEach((int user) -> entry.value("member", user));
  }
}
