package io.tidaldb.relation;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Meaning;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What each user did lately (shown, in progress, history, positives, notices) and how much each
/// engages with creators.
///
/// | Page | Type | Holds |
/// |---|---|---|
/// | user slot / 8 | 0 | of each of 8 users with at most 8 KiB: number u8, length i32, bytes of [UserMemory] |
/// | user slot | 1 | of a user with more: bytes of [UserMemory] |
/// | 0 | 2 | the newest event time, i64, and the text of [Rules] |
///
/// An item that was deleted keeps its slot: its entries are passed over, and leave when their room
/// is needed.
///
/// **Threads.** The writer folds; any thread reads, see [Sequence]. While a freeze is saved, the
/// writer encodes a user that the freeze has not before it changes it.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `users` | writer | volatile | volatile | the newest users are missing: nothing is known of them |
/// | an element of `users` | writer | release | acquire | a user without states |
/// | `rules` | writer | volatile | volatile | what held a moment ago |
/// | `newest` | writer | volatile | volatile | the newest event time a moment ago |
/// | `freeze` | writer sets, whoever saves clears | volatile | volatile | a user is encoded in vain |
public final class UserStates implements PageView {

  static final long SHOWN_NANOS = RelationFold.MARK_NANOS;
  static final long NOTICE_NANOS = 25L * 3_600 * 1_000_000_000;

  private static final PageKey COMMON = new PageKey(0, 2, 0);
  private static final int GROUP_SHIFT = 3;
  static final int GROUP_USERS = 1 << GROUP_SHIFT;
  private static final int HEAVY_BYTES = 8_192;
  private static final VarHandle USER = MethodHandles.arrayElementVarHandle(UserMemory[].class);

  private final Slots slots;
  private volatile @Nullable UserMemory[] users = new UserMemory[0];
  private final BitSet dirty = new BitSet();
  private final BitSet heavy = new BitSet();
  private final ConcurrentLinkedQueue<BitSet> returned = new ConcurrentLinkedQueue<>();
  private volatile @Nullable FrozenUsers freeze;
  private volatile Rules rules = Rules.NONE;
  private volatile long newest;
  private long deletions;
  private long loadedPosition;

  /// Nobody did anything.
  ///
  /// @param slots folded before this view sees an event
  public UserStates(Slots slots) {
    this.slots = slots;
  }

  @Override
  public String name() {
    return "user states";
  }

  @Override
  public Tag tag() {
    return Tag.STATE;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public long countOf(long user) {
    var memory = memory(slots.slot(EntityKind.USER, user));
    return memory == null ? 0 : memory.entries();
  }

  /* --- folding --- */

  @Override
  public void apply(long position, Event event) {
    if (event.time() > newest) {
      newest = event.time();
    }
    switch (event) {
      case Event.SignalRecorded signal -> {
        if (signal.hasUser() && signal.kind() == EntityKind.ITEM) {
          signal(signal);
        }
      }
      case RelationEvent.RelationSet set -> set(set);
      case RelationEvent.RelationRemoved removed -> removed(removed);
      case RelationEvent.StateCleared cleared -> clear(cleared);
      case Event.EntityDeleted deleted -> deletions += deleted.kind() == EntityKind.ITEM ? 1 : 0;
      case Event.UserErased erased -> forget(slots.slot(EntityKind.USER, erased.user()));
      case Event.SchemaChanged changed -> rules = rules.with(Meanings.of(changed));
      case RankingEvent.FeedbackPolicySaved saved -> follow(saved);
      case Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.Blank _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent.ExperimentSaved _,
          RankingEvent.ExperimentDropped _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  /// Another policy holds from here on. A new half-life keeps every affinity as it is at the
  /// event's time; that looks at each user once.
  private void follow(RankingEvent.FeedbackPolicySaved saved) {
    var before = rules;
    rules = before.with(saved);
    if (rules.decaysAs(before)) {
      return;
    }
    var now = users;
    for (int user = 0; user < now.length; user++) {
      if (now[user] != null) {
        var memory = begin(user);
        memory.affinities.change(rules.decay(), saved.time());
        memory.end();
      }
    }
  }

  private void signal(Event.SignalRecorded signal) {
    var known = rules;
    var meaning = known.meanings().of(signal.type());
    int user = slots.slot(EntityKind.USER, signal.user());
    int item = slots.slot(EntityKind.ITEM, signal.entity());
    if (meaning == null || user < 0 || item < 0) {
      return;
    }
    boolean hasCreator = (signal.flags() & Event.SignalRecorded.CREATOR) != 0;
    double delta = hasCreator ? known.policy().affinity(meaning, signal.weight()) : 0;
    if (delta == 0 && !changesLists(meaning)) {
      return;
    }
    var memory = begin(user);
    if (delta != 0) {
      memory.affinities.add(signal.creator(), delta, signal.time());
    }
    if (meaning.isPositive(signal.weight())) {
      memory.positives.add(item, slots);
    }
    long time = signal.time();
    switch (meaning) {
      case IMPRESSION -> {
        if (time >= newest - SHOWN_NANOS) {
          memory.shown.add(item, time);
        }
      }
      case NOTIFIED -> {
        if (time >= newest - NOTICE_NANOS) {
          memory.notices.add(item, time, hasCreator, signal.creator());
        }
      }
      case VIEW -> memory.history.view(item, time, slots, deletions);
      case COMPLETION ->
          memory.complete(
              item,
              time,
              signal.weight(),
              slots,
              new UserMemory.Moment(newest - RelationFold.MARK_NANOS, deletions));
      case LIKE,
          DISLIKE,
          SHARE,
          COMMENT,
          SAVE,
          PURCHASE,
          SKIP,
          NOT_INTERESTED,
          HIDE,
          REPORT,
          UNLIKE,
          UNSAVE -> {}
    }
    memory.end();
  }

  private static boolean changesLists(Meaning meaning) {
    return switch (meaning) {
      case IMPRESSION, NOTIFIED, VIEW, COMPLETION, LIKE, SAVE, SHARE, COMMENT, PURCHASE -> true;
      case DISLIKE, SKIP, NOT_INTERESTED, HIDE, REPORT, UNLIKE, UNSAVE -> false;
    };
  }

  private void set(RelationEvent.RelationSet set) {
    int user = slots.slot(EntityKind.USER, set.user());
    if (user < 0) {
      return;
    }
    switch (set.type()) {
      case AFFINITY -> {
        if (set.kind() == EntityKind.CREATOR) {
          var memory = begin(user);
          memory.affinities.set(set.target(), set.weight(), set.time());
          memory.end();
        }
      }
      case FOLLOW -> followed(user, set.kind(), set.target(), set.begins() ? 1 : 0, set.time());
      case BLOCK -> unlike(user, set.target());
      case HIDE, MUTE -> {}
    }
  }

  private void removed(RelationEvent.RelationRemoved removed) {
    int user = slots.slot(EntityKind.USER, removed.user());
    switch (removed.type()) {
      case AFFINITY -> unlike(user, removed.target());
      case FOLLOW ->
          followed(user, removed.kind(), removed.target(), removed.ends() ? -1 : 0, removed.time());
      case BLOCK, HIDE, MUTE -> {}
    }
  }

  private void followed(int user, EntityKind kind, long target, int sign, long time) {
    if (user >= 0 && kind == EntityKind.CREATOR && sign != 0) {
      var memory = begin(user);
      memory.affinities.add(target, sign * rules.policy().follow().affinity(), time);
      memory.end();
    }
  }

  /// W ← 0.
  private void unlike(int user, long creator) {
    if (memory(user) != null) {
      var memory = begin(user);
      memory.affinities.remove(creator);
      memory.end();
    }
  }

  private void clear(RelationEvent.StateCleared cleared) {
    int user = slots.slot(EntityKind.USER, cleared.user());
    if (memory(user) == null) {
      return;
    }
    var memory = begin(user);
    if (cleared.all()) {
      memory.clear(cleared.state());
    } else {
      memory.clear(cleared.state(), slots.slot(EntityKind.ITEM, cleared.item()));
    }
    memory.end();
  }

  private void forget(int user) {
    if (memory(user) != null) {
      touch(user);
      USER.setRelease(users, user, null);
    }
  }

  /// The memory of a user, to be changed and then `end`ed.
  private UserMemory begin(int user) {
    touch(user);
    var now = users;
    var known = user < now.length ? now[user] : null;
    if (known == null) {
      known = create(user);
    }
    known.begin();
    return known;
  }

  private UserMemory create(int user) {
    var now = users;
    if (user >= now.length) {
      now = Arrays.copyOf(now, Math.max(user + 1, now.length * 2));
    }
    var memory = new UserMemory(rules.decay());
    USER.setRelease(now, user, memory);
    users = now;
    return memory;
  }

  private void touch(int user) {
    dirty.set(user);
    var saving = freeze;
    if (saving != null) {
      saving.beforeChange(user, memory(user));
    }
  }

  /* --- reading, any thread --- */

  /// A user's memory, to be copied under its sequence; null if nothing is known.
  @Nullable UserMemory memory(int user) {
    var now = users;
    return user >= 0 && user < now.length ? (UserMemory) USER.getAcquire(now, user) : null;
  }

  /// What signals teach about users. Any thread.
  public FeedbackPolicy policy() {
    return rules.policy();
  }

  /// The newest event time.
  public long newest() {
    return newest;
  }

  Slots slots() {
    return slots;
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    if (freeze != null) {
      throw new IllegalStateException("the previous freeze is neither committed nor abandoned");
    }
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      dirty.or(back);
    }
    var now = users;
    if (all) {
      for (int user = 0; user < now.length; user++) {
        dirty.set(user, dirty.get(user) || now[user] != null);
      }
    }
    var taken = (BitSet) dirty.clone();
    dirty.clear();
    var pages = new TreeMap<PageKey, int[]>();
    taken.stream().forEach(user -> addPages(user, pages));
    byte[] common = common();
    var frozen =
        new FrozenUsers(this::memory, pages, COMMON, common) {
          @Override
          void done(boolean saved) {
            if (!saved) {
              returned.add(taken);
            }
            freeze = null;
          }
        };
    freeze = frozen;
    return frozen;
  }

  private void addPages(int user, Map<PageKey, int[]> pages) {
    var memory = memory(user);
    boolean wasHeavy = heavy.get(user);
    if (!wasHeavy && memory != null && memory.sizeBytes() > HEAVY_BYTES) {
      heavy.set(user);
    }
    if (heavy.get(user)) {
      pages.put(new PageKey(user, 1, 0), new int[] {user});
    }
    if (!wasHeavy) {
      // Also when it has just become heavy: its group is written once more, without it.
      int first = user >>> GROUP_SHIFT << GROUP_SHIFT;
      int[] light =
          IntStream.range(first, first + GROUP_USERS)
              .filter(member -> !heavy.get(member))
              .toArray();
      pages.put(new PageKey(user >>> GROUP_SHIFT, 0, 0), light);
    }
  }

  private byte[] common() {
    byte[] text = rules.text().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length).putLong(newest).put(text).array();
  }

  @Override
  public void load(PageKey key, byte[] content) {
    var in = ByteBuffer.wrap(content);
    try {
      if (key.equals(COMMON)) {
        newest = in.getLong();
        rules = Rules.parse(StandardCharsets.UTF_8.decode(in).toString());
      } else if (key.type() == 1 && key.page() == (int) key.page() && key.page() >= 0) {
        heavy.set((int) key.page());
        create((int) key.page()).decode(in);
      } else if (key.type() == 0 && key.page() >= 0 && key.page() <= groupMax()) {
        loadGroup((int) key.page() << GROUP_SHIFT, in);
      } else {
        throw new IllegalArgumentException("not a page of user states: key=" + key);
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a page ends early: key=" + key, e);
    }
  }

  private static int groupMax() {
    return Integer.MAX_VALUE >> GROUP_SHIFT;
  }

  private void loadGroup(int first, ByteBuffer in) {
    int last = -1;
    while (in.hasRemaining()) {
      int member = in.get();
      int length = in.getInt();
      if (member <= last || member >= 1 << GROUP_SHIFT || length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException(
            "a group's users do not rise: user=" + member + " length=" + length);
      }
      last = member;
      create(first + member).decode(in.slice(in.position(), length));
      in.position(in.position() + length);
    }
  }

  @Override
  public void loaded(long position) {
    loadedPosition = position;
    // Users may have come before the policy that they were saved under.
    for (var memory : users) {
      if (memory != null) {
        memory.affinities.use(rules.decay());
      }
    }
  }

  @Override
  public void clear() {
    users = new UserMemory[0];
    dirty.clear();
    heavy.clear();
    returned.clear();
    freeze = null;
    rules = Rules.NONE;
    newest = 0;
    deletions = 0;
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    sink.entry("user states", "newest").value("time", newest);
    sink.entry("user states", "meanings").value("types", rules.text());
    var now = users;
    for (int user = 0; user < now.length; user++) {
      var memory = now[user];
      if (memory != null && memory.entries() > 0) {
        new UserDigest(slots, newest).write(sink, slots.id(EntityKind.USER, user), memory);
      }
    }
  }

  @Override
  public List<String> verify() {
    List<String> findings = new ArrayList<>();
    var now = users;
    for (int user = 0; user < now.length; user++) {
      var memory = now[user];
      if (memory == null) {
        continue;
      }
      if (user >= slots.count(EntityKind.USER)) {
        findings.add("a slot without a user has states: slot=" + user);
      }
      var wrong = memory.wrong(slots.count(EntityKind.ITEM));
      if (!wrong.isEmpty()) {
        findings.add(wrong + " user slot=" + user);
      }
    }
    return findings;
  }
}
