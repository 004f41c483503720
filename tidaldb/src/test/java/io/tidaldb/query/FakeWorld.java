package io.tidaldb.query;

import io.tidaldb.coengagement.Following;
import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.ranking.ExperimentCatalog;
import io.tidaldb.ranking.ProfileCatalog;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Explanation;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import io.tidaldb.search.VectorSearch;
import io.tidaldb.slot.Slots;
import io.tidaldb.testing.Schemas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// A small database made of maps: what queries read, without any index.
final class FakeWorld implements Sources, Slots {

  static final long NOW = 1_700_000_000_000_000_000L;
  static final long HOUR = 3_600_000_000_000L;
  static final StoreKey KEY =
      StoreKey.of("sixteen bytes at least".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  private static final List<String> WORDS =
      List.of(
          "river",
          "sea",
          "Sea",
          "délta",
          "storm",
          "storms at night",
          "storms at noon",
          "\uD83C\uDF0A wave",
          "\uFF5Ewave");

  Schema schema = Schemas.video();
  ProfileCatalog profiles = ProfileCatalog.builtInOnly();
  ExperimentCatalog experiments = ExperimentCatalog.empty();
  final List<FakeItem> items = new ArrayList<>();
  final Map<Long, Integer> slots = new HashMap<>();
  final Map<Long, FakeViewer> viewers = new HashMap<>();
  final Map<String, FakeCohort> cohorts = new HashMap<>();
  final Map<Long, FakeSession> sessions = new HashMap<>();
  final Map<Integer, Map<Integer, Double>> edges = new HashMap<>();
  final Map<Integer, Map<Integer, Double>> following = new HashMap<>();
  final Map<Long, List<String>> interests = new HashMap<>();
  final Map<Long, int[]> collections = new HashMap<>();
  final Map<Long, Set<Integer>> owned = new HashMap<>();
  final List<FakeItem> creators = new ArrayList<>();
  final Map<Long, Long> followers = new HashMap<>();
  @Nullable Turning turning;
  LoadLevel level = LoadLevel.FULL;
  long earliest;
  long position = 7;
  boolean hottestAllowed = true;

  /// Answers a request from this world.
  Results ask(Retrieve request) {
    return new QueryEngine(this, this).retrieve(request, NOW, KEY, level);
  }

  /// Answers a request on a clock of its own.
  Results ask(Retrieve request, LongSupplier nanos) {
    return new QueryEngine(this, this, nanos).retrieve(request, NOW, KEY, level);
  }

  /// Explains a request.
  Explanation explain(Explain explain, Retrieve request) {
    return new QueryEngine(this, this).explain(explain, request, NOW, KEY, level);
  }

  /// Answers with a profile that was never saved.
  Results ask(Retrieve request, Profile profile) {
    profiles = io.tidaldb.ranking.Catalogs.with(profile);
    return ask(request.profile(profile.name()));
  }

  FakeItem add(long id, long created) {
    var item = new FakeItem(id, items.size(), created);
    items.add(item);
    slots.put(id, item.slot);
    return item;
  }

  /// A world of items with few different values, so that ties are common, and many absent ones.
  static FakeWorld random(SplittableRandom random, int count) {
    var world = new FakeWorld();
    while (world.items.size() < count) {
      long id = random.nextInt(5) == 0 ? random.nextLong() : random.nextInt(10_000);
      if (!world.slots.containsKey(id)) {
        world.fill(
            world.add(id, NOW - random.nextInt(400) * 24L * HOUR / (1 + random.nextInt(50))),
            random);
      }
    }
    for (long id = 0; id < 6; id++) {
      // Some were never written, and can be followed all the same.
      world.followers.put(id, (long) random.nextInt(4));
      if (random.nextInt(4) > 0) {
        fillCreator(world.addCreator(id, NOW - random.nextInt(4_000) * HOUR), random);
      }
    }
    return world;
  }

  FakeItem addCreator(long id, long created) {
    var creator = new FakeItem(id, creators.size(), created);
    creators.add(creator);
    return creator;
  }

  private static void fillCreator(FakeItem creator, SplittableRandom random) {
    maybe(creator, random, "verified", random.nextBoolean());
    maybe(creator, random, "language", pick(random, "en", "de"));
    maybe(creator, random, "genres", List.of(pick(random, "jazz", "folk"), "live"));
    maybe(creator, random, "prizes", (double) random.nextInt(4));
    maybe(creator, random, "label_id", (long) random.nextInt(3));
    maybe(creator, random, "joined", creator.created - HOUR);
  }

  private void fill(FakeItem item, SplittableRandom random) {
    item.live = random.nextInt(12) > 0;
    maybe(item, random, "category", pick(random, "jazz", "folk", "rock"));
    maybe(item, random, "format", pick(random, "clip", "film"));
    maybe(item, random, "tags", List.of(pick(random, "live", "new"), pick(random, "loud", "soft")));
    maybe(item, random, "price", random.nextInt(10) / 2.0);
    maybe(item, random, "episode", (double) random.nextInt(5));
    maybe(item, random, "duration", 30.0 * random.nextInt(12));
    maybe(item, random, "live_viewer_count", (double) random.nextInt(4));
    maybe(item, random, "subtitled", random.nextBoolean());
    maybe(item, random, "sequel_of", (long) random.nextInt(4));
    maybe(item, random, "creator_id", (long) random.nextInt(6));
    maybe(item, random, "created_at", item.created);
    maybe(item, random, "title", WORDS.get(random.nextInt(WORDS.size())));
    if (random.nextInt(8) == 0) {
      item.fields.put("available_from", NOW + (random.nextInt(3) - 1) * HOUR);
    }
    for (var type : schema.signals()) {
      signals(item, type, random);
    }
    signals(item, "reach", random);
    // Finished at most as often as viewed, mostly.
    item.weights.put("completion", item.count("view", Window.ALL_TIME) * random.nextDouble() * 1.1);
  }

  private static void signals(FakeItem item, SignalType type, SplittableRandom random) {
    signals(item, type.name(), random);
  }

  private static void signals(FakeItem item, String name, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      return;
    }
    var counts = new HashMap<Window, Long>();
    long count = random.nextInt(4);
    for (var window : Window.values()) {
      counts.put(window, count);
      count += random.nextInt(3) * (long) random.nextInt(20);
    }
    item.counts.put(name, counts);
    item.decayed.put(
        name, random.nextInt(3) == 0 ? (double) random.nextInt(3) : random.nextDouble() * 50);
  }

  private static void maybe(FakeItem item, SplittableRandom random, String field, Object value) {
    if (random.nextInt(3) > 0) {
      item.fields.put(field, value);
    }
  }

  static String pick(SplittableRandom random, String... values) {
    return values[random.nextInt(values.length)];
  }

  List<FakeItem> visible() {
    return items.stream()
        .filter(i -> i.live && (long) i.fields.getOrDefault("available_from", 0L) <= NOW)
        .toList();
  }

  long liveItems() {
    return items.stream().filter(i -> i.live).count();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public ProfileCatalog profiles() {
    return profiles;
  }

  @Override
  public ExperimentCatalog experiments() {
    return experiments;
  }

  @Override
  public ExplorationLimits explorationLimits() {
    return ExplorationLimits.DEFAULT;
  }

  @Override
  public EntityReader entities(EntityKind kind, long at) {
    return new FakeItems(kind == EntityKind.CREATOR ? creators : items);
  }

  @Override
  public long followers(long creator) {
    return followers.getOrDefault(creator, 0L);
  }

  @Override
  public RoaringBitmap collectionsOf(EntityId user) {
    var all = new RoaringBitmap();
    owned.getOrDefault(user.value(), Set.of()).forEach(all::add);
    return all;
  }

  @Override
  public SignalReader signals(EntityKind kind, long at) {
    if (at < earliest) {
      throw new InvalidRequestException(
          "READ_TIME_TOO_EARLY", "too early: at=" + at + " earliest=" + earliest);
    }
    return new FakeSignals(this, at);
  }

  @Override
  public Viewer viewer(EntityId user, long at) {
    var viewer = viewers.getOrDefault(user.value(), new FakeViewer());
    if (turning != null && viewer == turning.viewer) {
      return turning.read();
    }
    return viewer;
  }

  @Override
  public Optional<VectorSearch> vectors(EntityKind kind, String slot) {
    return Optional.empty();
  }

  @Override
  public Optional<Preference> preference(EntityId user) {
    return Optional.empty();
  }

  @Override
  public CohortScope cohort(String name) {
    var cohort = cohorts.get(name);
    if (cohort == null) {
      throw new NotFoundException("cohort", name, "define it");
    }
    return cohort;
  }

  @Override
  public SessionScope session(SessionId session, long now) {
    var found = sessions.get(session.value());
    if (found == null) {
      throw new NotFoundException("session", session.toString(), "start it");
    }
    return found;
  }

  @Override
  public FeedbackPolicy feedbackPolicy() {
    return FeedbackPolicy.STANDARD;
  }

  @Override
  public Neighbours neighbours(long at) {
    return new FakeNeighbours();
  }

  private final class FakeNeighbours implements Neighbours {
    @Override
    public int strongest(int slot, int[] into, double[] strengths) {
      var strongest =
          edges.getOrDefault(slot, Map.of()).entrySet().stream()
              .sorted(
                  Comparator.comparingDouble((Map.Entry<Integer, Double> e) -> -e.getValue())
                      .thenComparing(
                          (a, b) ->
                              Long.compareUnsigned(
                                  items.get(a.getKey()).id, items.get(b.getKey()).id)))
              .limit(into.length)
              .toList();
      for (int i = 0; i < strongest.size(); i++) {
        into[i] = strongest.get(i).getKey();
        strengths[i] = strongest.get(i).getValue();
      }
      return strongest.size();
    }

    @Override
    public void following(int slot, Following row) {
      row.clear();
      following.getOrDefault(slot, Map.of()).forEach(row::add);
    }
  }

  @Override
  public List<String> interests(EntityId user) {
    return interests.getOrDefault(user.value(), List.of());
  }

  /// A user who changes after being read once.
  static final class Turning {
    private final FakeViewer viewer;
    private final Consumer<FakeViewer> turn;
    private boolean isRead;

    Turning(FakeViewer viewer, Consumer<FakeViewer> turn) {
      this.viewer = viewer;
      this.turn = turn;
    }

    private FakeViewer read() {
      if (isRead) {
        turn.accept(viewer);
      }
      isRead = true;
      return viewer;
    }
  }

  /// Joins two items.
  void join(FakeItem a, FakeItem b, double strength) {
    edges.computeIfAbsent(a.slot, _ -> new HashMap<>()).put(b.slot, strength);
    edges.computeIfAbsent(b.slot, _ -> new HashMap<>()).put(a.slot, strength);
  }

  @Override
  public RoaringBitmap collection(CollectionId collection, Optional<EntityId> viewer) {
    var members = collections.get(collection.value());
    if (members == null || viewer.filter(EntityId.of(13)::equals).isPresent()) {
      throw new NotFoundException("collection", collection.toString(), "create it");
    }
    return RoaringBitmap.bitmapOf(members);
  }

  @Override
  public int slot(EntityKind kind, long id) {
    if (kind == EntityKind.CREATOR) {
      return creator(id).map(creator -> creator.slot).orElse(-1);
    }
    var slot = slots.get(id);
    return slot == null || !items.get(slot).live ? -1 : slot;
  }

  /// A creator that was written.
  Optional<FakeItem> creator(long id) {
    return creators.stream().filter(creator -> creator.id == id).findFirst();
  }

  @Override
  public long id(EntityKind kind, int slot) {
    return (kind == EntityKind.CREATOR ? creators : items).get(slot).id;
  }

  @Override
  public int count(EntityKind kind) {
    return (kind == EntityKind.CREATOR ? creators : items).size();
  }
}
