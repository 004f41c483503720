package io.tidaldb.relation;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.slot.SlotSet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// For each user a set of item slots, saved as pages: users with few items share a page, users with
/// many have pages of their own. [SeenItems] says which.
///
/// **Threads.**
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `users` | writer | volatile | volatile | users without their newest sets |
/// | an element of `users` | writer | release | acquire | a user without a set: nothing |
/// | all else | writer | plain | writer only | – |
final class ItemSets {

  static final int GROUP_SHIFT = 6;
  static final int GROUP_TYPE = 0;
  static final int CHUNK_TYPE = 2;

  /// Users with more items have pages of their own.
  static final int LIGHT_ITEMS_MAX = 8_192;

  private static final int GROUP_USERS = 1 << GROUP_SHIFT;
  private static final VarHandle USER = MethodHandles.arrayElementVarHandle(SlotSet[].class);

  private final int column;
  private volatile @Nullable SlotSet[] users = new SlotSet[0];
  private final List<SlotSet> touched = new ArrayList<>();
  private final Changes changes = new Changes();
  private final ConcurrentLinkedQueue<Changes> returned = new ConcurrentLinkedQueue<>();
  private final BitSet heavy = new BitSet();

  /// What has changed since it was last frozen: users by slot (their group's page), and chunks of
  /// heavy users by page number.
  private static final class Changes {
    private BitSet users = new BitSet();
    private Set<Long> chunks = new HashSet<>();

    void add(Changes other) {
      users.or(other.users);
      chunks.addAll(other.chunks);
    }

    Changes take() {
      var taken = new Changes();
      taken.users = users;
      taken.chunks = chunks;
      users = new BitSet();
      chunks = new HashSet<>();
      return taken;
    }
  }

  /// @param column of its pages' keys
  ItemSets(int column) {
    this.column = column;
  }

  /// Adds an item to a user's set; nothing for slots that are not there.
  void add(int user, int item) {
    if (user < 0 || item < 0 || holds(user, item)) {
      return;
    }
    var set = set(user);
    if (set.add(item)) {
      touched.add(set);
    }
    changed(user, item);
  }

  void remove(int user, int item) {
    if (!holds(user, item)) {
      return;
    }
    var set = set(user);
    if (set.remove(item)) {
      touched.add(set);
    }
    changed(user, item);
  }

  private void changed(int user, int item) {
    if (heavy.get(user)) {
      changes.chunks.add(page(user, item >>> 16));
    } else {
      changes.users.set(user);
    }
  }

  /// Takes every item from a user's set.
  void removeAll(int user) {
    var set = existing(user);
    if (set == null) {
      return;
    }
    set.publish();
    if (heavy.get(user)) {
      addChunks(user, changes);
    } else {
      changes.users.set(user);
    }
    USER.setRelease(users, user, new SlotSet());
  }

  private SlotSet set(int user) {
    var now = users;
    var known = user < now.length ? now[user] : null;
    if (known != null) {
      return known;
    }
    if (user >= now.length) {
      now = Arrays.copyOf(now, Math.max(user + 1, now.length * 2));
    }
    var set = new SlotSet();
    USER.setRelease(now, user, set);
    users = now;
    return set;
  }

  private @Nullable SlotSet existing(int user) {
    var now = users;
    return user >= 0 && user < now.length ? (SlotSet) USER.getAcquire(now, user) : null;
  }

  private static long page(int user, int chunk) {
    return ((long) user << 16) | chunk;
  }

  /// Whether an item is in a user's set as the writer sees it: with what was folded but not
  /// published.
  boolean holds(int user, int item) {
    var set = existing(user);
    return set != null && item >= 0 && set.holds(item);
  }

  /// Makes what was folded visible to readers.
  void publish() {
    touched.forEach(SlotSet::publish);
    touched.clear();
  }

  /// Whether an item is in a user's set as published. Any thread.
  boolean contains(int user, int item) {
    var set = existing(user);
    return set != null && item >= 0 && set.snapshot().contains(item);
  }

  /// A user's set as published, the caller's own. Any thread.
  RoaringBitmap items(int user) {
    var set = existing(user);
    return set == null ? new RoaringBitmap() : set.snapshot().bitmap();
  }

  /// Users by slot are below this.
  int userCount() {
    return users.length;
  }

  /* --- pages --- */

  /// Adds the changed pages, and gives what makes them dirty again.
  Runnable freeze(boolean all, Map<PageKey, Supplier<byte[]>> pages) {
    publish();
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      changes.add(back);
    }
    if (all) {
      changes.add(everything());
    }
    changes.users.stream().filter(this::becomesHeavy).forEach(this::leaveGroup);
    changes.users.stream()
        .map(user -> user >>> GROUP_SHIFT)
        .distinct()
        .forEach(group -> pages.put(new PageKey(group, GROUP_TYPE, column), group(group)));
    for (long page : changes.chunks) {
      pages.put(
          new PageKey(page, CHUNK_TYPE, column), chunk((int) (page >>> 16), (int) page & 0xFFFF));
    }
    var taken = changes.take();
    return () -> returned.add(taken);
  }

  private Changes everything() {
    var every = new Changes();
    var now = users;
    for (int user = 0; user < now.length; user++) {
      if (now[user] != null && heavy.get(user)) {
        addChunks(user, every);
      } else if (now[user] != null) {
        every.users.set(user);
      }
    }
    return every;
  }

  private boolean becomesHeavy(int user) {
    return !heavy.get(user) && set(user).snapshot().count() > LIGHT_ITEMS_MAX;
  }

  /// Its group's page is written once more, without it.
  private void leaveGroup(int user) {
    heavy.set(user);
    addChunks(user, changes);
  }

  private void addChunks(int user, Changes to) {
    for (int chunk : SeenCodec.chunks(items(user))) {
      to.chunks.add(page(user, chunk));
    }
  }

  private Supplier<byte[]> chunk(int user, int chunk) {
    var snapshot = set(user).snapshot();
    return () -> SeenCodec.encodeChunk(snapshot.chunk(chunk));
  }

  /// The light users of a group as they are now, to be encoded later.
  private Supplier<byte[]> group(int group) {
    var snapshots = new SlotSet.@Nullable Snapshot[GROUP_USERS];
    for (int i = 0; i < GROUP_USERS; i++) {
      int user = (group << GROUP_SHIFT) + i;
      var set = existing(user);
      if (set != null && !heavy.get(user)) {
        snapshots[i] = set.snapshot();
      }
    }
    return () -> SeenCodec.encodeGroup(snapshots);
  }

  /// Takes a saved page.
  ///
  /// @throws IllegalArgumentException if it is none of ours
  void load(PageKey key, byte[] content) {
    if (key.type() == GROUP_TYPE && key.page() >= 0 && key.page() <= groupMax()) {
      int first = (int) key.page() << GROUP_SHIFT;
      SeenCodec.decodeGroup(content, (user, items) -> fill(first + user, items));
      return;
    }
    long user = key.page() >>> 16;
    if (key.type() != CHUNK_TYPE || user > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a page of seen items: key=" + key);
    }
    heavy.set((int) user);
    fill((int) user, SeenCodec.decodeChunk(content, (int) (key.page() & 0xFFFF) << 16));
  }

  private static int groupMax() {
    return Integer.MAX_VALUE >> GROUP_SHIFT;
  }

  private void fill(int user, int[] items) {
    var set = set(user);
    for (int item : items) {
      var _ = set.add(item);
    }
    set.publish();
  }

  void clear() {
    users = new SlotSet[0];
    touched.clear();
    var _ = changes.take();
    returned.clear();
    heavy.clear();
  }
}
