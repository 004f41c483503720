package io.tidaldb.testing;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Random scripts over all surfaces: the same seed gives the same steps. Few ids, so that steps
/// meet; the ends of the id space among them. Every step is one that the database answers.
///
/// It folds what it gives into a [ModelWorld], so it knows which collections and sessions there
/// are. Times of signals are never equal, so that of contradicting ones one wins.
public final class Scripts {

  /// Items that scripts write, delete and speak of.
  public static final List<Long> ITEMS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 0L, -1L);

  /// Users.
  public static final List<Long> USERS = List.of(1L, 2L, 3L, 0L, -1L);

  /// Creators; no user has such an id.
  public static final List<Long> CREATORS = List.of(1_001L, 1_002L, 1_003L);

  /// Names of cohorts.
  public static final List<String> COHORTS = List.of("english", "fans", "young");

  /// When scripts begin.
  public static final long START = 1_767_225_600_000_000_000L; // 2026-01-01T00:00:00Z

  /// Capacity of co-engagement: small, so that edges leave.
  public static final int EDGES = 12;

  private static final List<String> CATEGORIES = List.of("jazz", "folk", "Klassik");
  private static final List<String> LANGUAGES = List.of("en", "de");
  private static final List<String> SIGNALS =
      List.of("view", "view", "view", "like", "like", "save", "share", "unlike", "unsave", "hide");
  private static final List<String> TEXTS =
      List.of("good recommendation", "less jazz", "mehr Klassik, weniger Folk", "wow");
  private static final long LATE_MAX = Duration.ofDays(5).toNanos();

  private final SplittableRandom random;
  private final ModelWorld world;
  private final long keysFrom;
  private long count;

  /// The first step of this script is the next one.
  public Scripts(Schema schema, long seed) {
    this(new ModelWorld(schema, EDGES, START), seed, 1);
  }

  /// Steps that go on where a world is.
  ///
  /// @param keysFrom numbers of keys from here on are free
  public Scripts(ModelWorld world, long seed, long keysFrom) {
    this.random = new SplittableRandom(seed);
    this.world = world;
    this.keysFrom = keysFrom;
  }

  /// The world after all steps given.
  public ModelWorld world() {
    return world;
  }

  private Step give(Step step) {
    var _ = world.apply(step);
    return step;
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private long number() {
    return keysFrom + count++;
  }

  private Step keyed(Step step) {
    return random.nextInt(4) == 0 || !step.takesKey() ? step : new Step.Keyed(number(), step);
  }

  /// A time now or before that no other step has.
  private long time() {
    long late = random.nextInt(5) == 0 ? random.nextLong(LATE_MAX) / 1_000_000 * 1_000_000 : 0;
    return world.now() - late - number() % 1_000_000;
  }

  /// Steps after which every surface has something to lose.
  public List<Step> opening() {
    var steps = new ArrayList<Step>();
    steps.add(new Step.Define("english", new Rule.Speaks("en")));
    steps.add(new Step.User(1, "en", 20));
    steps.add(new Step.User(2, "de", 40));
    for (long item = 1; item <= 4; item++) {
      steps.add(new Step.Item(item, "Item " + item, "jazz", CREATORS.get((int) item % 3)));
    }
    steps.add(new Step.Create(1, "favorites", Visibility.PRIVATE));
    steps.add(new Step.Add(1, 1, -1));
    steps.add(new Step.Start(1, "test-agent", "default", "calm"));
    var given = new ArrayList<Step>();
    steps.forEach(step -> given.add(give(step)));
    given.add(give(new Step.Gave(1, "like", 1, 1, time())));
    given.add(give(new Step.Gave(1, "like", 2, 1, time())));
    given.add(give(new Step.Told(1, "view", 3, 1, time())));
    given.add(give(new Step.Say(1, 1, "good recommendation")));
    given.add(give(new Step.Gave(1, "hide", 4, 1, time())));
    given.add(give(new Step.Relate(2, RelationType.BLOCK, EntityKind.CREATOR, 1_003, world.now())));
    return given;
  }

  /// Steps that write to every surface, whatever is there.
  public List<Step> progress() {
    var given = new ArrayList<Step>();
    long user = 1;
    long collection = world.collections().nextId();
    long session = world.sessions().nextId();
    given.add(give(keyed(new Step.User(user, "en", 20))));
    if (!world.cohorts().rules().containsKey("english")) {
      given.add(give(keyed(new Step.Define("english", new Rule.Speaks("en")))));
    }
    given.add(give(keyed(item(8))));
    given.add(give(keyed(item(9))));
    given.add(give(keyed(new Step.Create(user, "list " + number(), Visibility.UNLISTED))));
    given.add(give(keyed(new Step.Add(collection, 8, -1))));
    given.add(give(keyed(new Step.Gave(user, "like", 8, 1, time()))));
    given.add(give(keyed(new Step.Gave(user, "like", 9, 1, time()))));
    given.add(give(keyed(new Step.Gave(user, "hide", 7, 1, time()))));
    given.add(
        give(
            keyed(
                new Step.Relate(user, RelationType.MUTE, EntityKind.CREATOR, 1_002, world.now()))));
    given.add(give(keyed(new Step.Start(user, "agent 0", "default", "calm"))));
    given.add(give(keyed(new Step.Told(session, "view", 9, 1, time()))));
    given.add(give(keyed(new Step.Say(session, 9, "good recommendation"))));
    return given;
  }

  /// The next step, whatever it is.
  public Step next() {
    int what = random.nextInt(100);
    if (what < 36) {
      return mixed();
    }
    if (what < 40) {
      return give(new Step.Tick(random.nextLong(1, 60_000_000_000L)));
    }
    if (what < 44) {
      return new Step.Checkpoint();
    }
    return give(keyed(single(what)));
  }

  /// A checkpoint.
  public Step checkpoint() {
    return new Step.Checkpoint();
  }

  /// One unit that touches as many surfaces as it can.
  public Step mixed() {
    var parts = new ArrayList<Step>();
    long item = any(ITEMS);
    parts.add(keyed(item(item)));
    parts.add(keyed(new Step.Gave(any(USERS), any(SIGNALS), any(ITEMS), 1, time())));
    var member = member();
    parts.add(keyed(new Step.Gave(member, "like", fresh(member), 1, time())));
    parts.add(keyed(relate()));
    var shelves = world.collections().all();
    if (!shelves.isEmpty()) {
      parts.add(keyed(new Step.Add(any(shelves).id(), item, -1)));
    }
    var talks = running();
    if (!talks.isEmpty()) {
      var talk = any(talks);
      parts.add(
          random.nextBoolean()
              ? keyed(new Step.Told(talk.id(), "view", any(ITEMS), 1, time()))
              : keyed(new Step.Say(talk.id(), item, any(TEXTS))));
    }
    return give(new Step.Batch(parts));
  }

  /// A user who is in a cohort, if there is one.
  private long member() {
    var members =
        USERS.stream()
            .filter(user -> !world.cohorts().cohortsOf(user, world.now()).isEmpty())
            .toList();
    return members.isEmpty() ? any(USERS) : any(members);
  }

  /// An item that is not among a user's latest positives, if there is one.
  private long fresh(long user) {
    var recent = Set.copyOf(world.coEngagement().positives(user));
    var others = ITEMS.stream().filter(item -> !recent.contains(item)).toList();
    return others.isEmpty() ? any(ITEMS) : any(others);
  }

  private List<ModelSessions.Talk> running() {
    return world.sessions().all().stream().filter(talk -> talk.closed().isEmpty()).toList();
  }

  private Step single(int what) {
    if (what < 54) {
      return random.nextInt(4) == 0
          ? new Step.Happened(any(SIGNALS), any(ITEMS), weight(), time())
          : new Step.Gave(any(USERS), any(SIGNALS), any(ITEMS), weight(), time());
    }
    if (what < 64) {
      return entity();
    }
    if (what < 82) {
      return collection();
    }
    if (what < 88) {
      return relate();
    }
    if (what < 96) {
      return session();
    }
    return cohort();
  }

  private double weight() {
    return random.nextInt(3) == 0 ? 2.0 : 1.0;
  }

  private Step item(long item) {
    return new Step.Item(item, "Item " + number(), any(CATEGORIES), any(CREATORS));
  }

  private Step entity() {
    long item = any(ITEMS);
    boolean isLive = world.entities().entities(EntityKind.ITEM).containsKey(EntityId.of(item));
    return switch (random.nextInt(10)) {
      case 8 -> isLive ? new Step.Counted(item, random.nextInt(500), time()) : item(item);
      case 9 -> aged(any(USERS));
      case 0, 1, 2 -> new Step.User(any(USERS), any(LANGUAGES), 10 + random.nextInt(40));
      case 3 -> new Step.Delete(item);
      case 4 -> random.nextInt(6) == 0 ? new Step.Erase(any(USERS)) : item(item);
      default -> isLive ? new Step.Recategorize(item, any(CATEGORIES)) : item(item);
    };
  }

  private Step aged(long user) {
    int age = 10 + random.nextInt(40);
    return world.entities().entities(EntityKind.USER).containsKey(EntityId.of(user))
        ? new Step.Birthday(user, age)
        : new Step.User(user, any(LANGUAGES), age);
  }

  private Step collection() {
    var shelves = world.collections().all();
    if (shelves.isEmpty() || (shelves.size() < 5 && random.nextInt(4) == 0)) {
      return new Step.Create(any(USERS), "list " + number(), any(List.of(Visibility.values())));
    }
    var shelf = any(shelves);
    var live = List.copyOf(world.entities().entities(EntityKind.ITEM).keySet());
    int size = shelf.members().size();
    if (live.isEmpty() || size == 0 || random.nextInt(3) == 0) {
      return live.isEmpty()
          ? new Step.Rename(shelf.id(), "list " + number())
          : new Step.Add(shelf.id(), any(live).value(), random.nextInt(size + 2) - 1);
    }
    long member = any(shelf.items());
    return switch (random.nextInt(10)) {
      case 0 -> new Step.DropCollection(shelf.id());
      case 1 -> new Step.Rename(shelf.id(), "list " + number());
      case 2 -> new Step.Show(shelf.id(), any(List.of(Visibility.values())));
      case 3 -> new Step.Share(shelf.id(), any(USERS), random.nextBoolean());
      case 4, 5 -> new Step.Remove(shelf.id(), member);
      default -> new Step.Move(shelf.id(), member, random.nextInt(size));
    };
  }

  private Step relate() {
    long user = any(USERS);
    long creator = any(CREATORS);
    long time = time();
    return switch (random.nextInt(10)) {
      case 0, 1 -> new Step.Relate(user, RelationType.BLOCK, EntityKind.CREATOR, creator, time);
      case 2 -> new Step.Unrelate(user, RelationType.BLOCK, EntityKind.CREATOR, creator, time);
      case 3 -> new Step.Relate(creator, RelationType.BLOCK, EntityKind.USER, user, time);
      case 4 -> new Step.Unrelate(creator, RelationType.BLOCK, EntityKind.USER, user, time);
      case 5 -> new Step.Relate(user, RelationType.HIDE, EntityKind.ITEM, any(ITEMS), time);
      case 6 -> new Step.Unrelate(user, RelationType.HIDE, EntityKind.ITEM, any(ITEMS), time);
      case 7 -> new Step.Clear(user, any(List.of(UserState.LIKED, UserState.SAVED)), any(ITEMS));
      default ->
          world.relations().blocked(user, creator)
              ? new Step.Relate(user, RelationType.MUTE, EntityKind.CREATOR, creator, time)
              : new Step.Relate(user, RelationType.FOLLOW, EntityKind.CREATOR, creator, time);
    };
  }

  private Step session() {
    var talks = running();
    if (talks.isEmpty() || (talks.size() < 4 && random.nextInt(4) == 0)) {
      return new Step.Start(any(USERS), "agent " + random.nextInt(2), "default", "");
    }
    var talk = any(talks);
    return switch (random.nextInt(6)) {
      case 0 -> new Step.Close(talk.id());
      case 1, 2 -> {
        var live = List.copyOf(world.entities().entities(EntityKind.ITEM).keySet());
        yield live.isEmpty()
            ? new Step.Close(talk.id())
            : new Step.Say(talk.id(), any(live).value(), any(TEXTS));
      }
      default -> new Step.Told(talk.id(), any(SIGNALS), any(ITEMS), weight(), time());
    };
  }

  private Step cohort() {
    var rules =
        List.of(
            new Rule.Speaks("en"), new Rule.Did("view", Window.ALL_TIME, 3), new Rule.Aged(10, 29));
    int which = random.nextInt(COHORTS.size());
    var name = COHORTS.get(which);
    return world.cohorts().rules().containsKey(name) && random.nextInt(4) == 0
        ? new Step.DropCohort(name)
        : new Step.Define(name, rules.get(which));
  }
}
