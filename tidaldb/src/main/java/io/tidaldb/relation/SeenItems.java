package io.tidaldb.relation;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SignalType;
import io.tidaldb.slot.SlotSet;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// For each user, the items that the user has viewed, as sets of item slots.
///
/// Users with few items share pages, 64 to a page, or a store of many users would be a store of
/// many tiny pages; see [SeenCodec] for the bytes.
///
/// | Page | Type | Holds |
/// |---|---|---|
/// | user slot / 64 | 0 | the whole sets of those of 64 users that have at most 8,192 items |
/// | 0 | 1 | the id of the signal type that means *view*, as i32; −1 if there is none |
/// | user slot · 65,536 + chunk | 2 | of a user with more: the items in one chunk of 65,536 slots |
///
/// An item that was deleted keeps its slot and its marks: a slot is one life, so a later life of
/// the id begins unseen.
///
/// **Threads.** The writer folds and asks, with what was folded and not yet published. Queries do
/// not read it. The checkpointer encodes snapshots, which never change.
public final class SeenItems implements PageView {

  private static final PageKey VIEW_TYPE = new PageKey(0, 1, 0);
  private static final int GROUP_SHIFT = 6;
  private static final int GROUP_USERS = 1 << GROUP_SHIFT;
  private static final int CHUNK_TYPE = 2;

  /// Users with more items have pages of their own.
  static final int LIGHT_ITEMS_MAX = 8_192;

  private final Slots slots;
  private @Nullable SlotSet[] users = new SlotSet[0];
  private final List<SlotSet> touched = new ArrayList<>();
  private final Changes changes = new Changes();
  private final ConcurrentLinkedQueue<Changes> returned = new ConcurrentLinkedQueue<>();
  private final BitSet heavy = new BitSet();
  private int viewType = -1;
  private boolean viewTypeDirty = true;
  private volatile boolean viewTypeReturned;
  private long loadedPosition;

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

  /// Nobody has seen anything.
  ///
  /// @param slots folded before this view sees an event
  public SeenItems(Slots slots) {
    this.slots = slots;
  }

  @Override
  public String name() {
    return "seen items";
  }

  @Override
  public Tag tag() {
    return Tag.SEEN;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.SignalRecorded signal -> {
        // A repeated view changes nothing, and the event says itself that it is one.
        if (signal.firstView()
            && signal.type() == viewType
            && signal.hasUser()
            && signal.kind() == EntityKind.ITEM) {
          see(
              slots.slot(EntityKind.USER, signal.user()),
              slots.slot(EntityKind.ITEM, signal.entity()));
        }
      }
      case Event.SchemaChanged changed -> {
        int after =
            Schema.parse(changed.canonical())
                .withIds(changed.ids())
                .signal(Meaning.VIEW)
                .map(SignalType::id)
                .map(id -> id.value())
                .orElse(-1);
        viewTypeDirty |= after != viewType;
        viewType = after;
      }
      case Event.EntityWritten written -> {}
      case Event.EntityDeleted deleted -> {}
      case Event.Blank blank -> {}
      case Event.ProfileSaved profile -> {}
      case Event.ProfileDropped profile -> {}
      case Event.UserErased erased -> {}
      case RelationEvent relation -> {}
      case CohortEvent cohort -> {}
      case CollectionEvent collection -> {}
      case SessionEvent session -> {}
    }
  }

  private void see(int user, int item) {
    if (user < 0 || item < 0) {
      return;
    }
    var set = set(user);
    if (set.add(item)) {
      touched.add(set);
    }
    if (heavy.get(user)) {
      changes.chunks.add(page(user, item >>> 16));
    } else {
      changes.users.set(user);
    }
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
    now[user] = set;
    users = now;
    return set;
  }

  private static long page(int user, int chunk) {
    return ((long) user << 16) | chunk;
  }

  /// Makes what was folded part of the snapshots. Not at every frame: only the checkpointer reads
  /// snapshots, and a set that was published is copied before it changes again.
  private void publishTouched() {
    touched.forEach(SlotSet::publish);
    touched.clear();
  }

  /// Whether a user has viewed an item, as the writer sees it: with what was folded but not
  /// published. Writer only.
  public boolean seen(int userSlot, int itemSlot) {
    var now = users;
    var set = userSlot >= 0 && userSlot < now.length ? now[userSlot] : null;
    return set != null && itemSlot >= 0 && set.holds(itemSlot);
  }

  /// The items that a user has viewed, the caller's own. Writer only.
  public RoaringBitmap items(int userSlot) {
    publishTouched();
    var now = users;
    var set = userSlot >= 0 && userSlot < now.length ? now[userSlot] : null;
    return set == null ? new RoaringBitmap() : set.snapshot().bitmap();
  }

  /// The type that means *view*, as folded; −1 if there is none. Writer only.
  public int viewType() {
    return viewType;
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    publishTouched();
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      changes.add(back);
    }
    if (all) {
      changes.add(everything());
    }
    changes.users.stream().filter(this::becomesHeavy).forEach(this::leaveGroup);
    var pages = new TreeMap<PageKey, Supplier<byte[]>>();
    changes.users.stream()
        .map(user -> user >>> GROUP_SHIFT)
        .distinct()
        .forEach(group -> pages.put(new PageKey(group, 0, 0), group(group)));
    for (long page : changes.chunks) {
      pages.put(new PageKey(page, CHUNK_TYPE, 0), chunk((int) (page >>> 16), (int) page & 0xFFFF));
    }
    var taken = changes.take();
    boolean withType = viewTypeDirty || viewTypeReturned || all;
    viewTypeDirty = false;
    viewTypeReturned = false;
    if (withType) {
      byte[] content = ByteBuffer.allocate(4).putInt(viewType).array();
      pages.put(VIEW_TYPE, () -> content);
    }
    return new FrozenSeen(
        pages,
        () -> {
          returned.add(taken);
          viewTypeReturned |= withType;
        });
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
    return !heavy.get(user) && existing(user).snapshot().count() > LIGHT_ITEMS_MAX;
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
    var snapshot = existing(user).snapshot();
    return () -> SeenCodec.encodeChunk(snapshot.chunk(chunk));
  }

  private SlotSet existing(int user) {
    var set = users[user];
    if (set == null) {
      throw new IllegalStateException("a changed page has no user: slot=" + user);
    }
    return set;
  }

  /// The light users of a group as they are now, to be encoded later.
  private Supplier<byte[]> group(int group) {
    var now = users;
    var snapshots = new SlotSet.@Nullable Snapshot[GROUP_USERS];
    for (int i = 0; i < GROUP_USERS; i++) {
      int user = (group << GROUP_SHIFT) + i;
      var set = user < now.length ? now[user] : null;
      if (set != null && !heavy.get(user)) {
        snapshots[i] = set.snapshot();
      }
    }
    return () -> SeenCodec.encodeGroup(snapshots);
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(VIEW_TYPE)) {
      if (content.length != 4) {
        throw new IllegalArgumentException("not a signal type: bytes=" + content.length);
      }
      viewType = ByteBuffer.wrap(content).getInt();
      viewTypeDirty = false;
      return;
    }
    if (key.column() != 0 || (key.type() != 0 && key.type() != CHUNK_TYPE)) {
      throw new IllegalArgumentException("not a page of seen items: key=" + key);
    }
    if (key.type() == 0) {
      SeenCodec.decodeGroup(content, (user, items) -> fill(groupUser(key, user), items));
      return;
    }
    long user = key.page() >>> 16;
    if (user > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a page of seen items: key=" + key);
    }
    heavy.set((int) user);
    fill((int) user, SeenCodec.decodeChunk(content, (int) (key.page() & 0xFFFF) << 16));
  }

  private static int groupUser(PageKey key, int user) {
    if (key.page() < 0 || key.page() > Integer.MAX_VALUE >> GROUP_SHIFT) {
      throw new IllegalArgumentException("not a page of seen items: key=" + key);
    }
    return ((int) key.page() << GROUP_SHIFT) + user;
  }

  private void fill(int user, int[] items) {
    var set = set(user);
    for (int item : items) {
      var _ = set.add(item);
    }
    set.publish();
  }

  @Override
  public void loaded(long position) {
    loadedPosition = position;
  }

  @Override
  public void clear() {
    users = new SlotSet[0];
    touched.clear();
    var _ = changes.take();
    returned.clear();
    heavy.clear();
    viewType = -1;
    viewTypeDirty = true;
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    sink.entry("seen", "type").value("view", viewType);
    var now = users;
    for (int user = 0; user < now.length; user++) {
      var items = items(user);
      if (!items.isEmpty()) {
        var id = EntityId.of(slots.id(EntityKind.USER, user));
        var entry = sink.entry("seen", "USER " + id);
        items.forEach((int item) -> entry.value("item", slots.id(EntityKind.ITEM, item)));
      }
    }
  }

  @Override
  public List<String> verify() {
    List<String> findings = new ArrayList<>();
    int itemCount = slots.count(EntityKind.ITEM);
    var now = users;
    for (int user = 0; user < now.length; user++) {
      var items = items(user);
      if (!items.isEmpty() && user >= slots.count(EntityKind.USER)) {
        findings.add("a slot without a user has seen items: slot=" + user);
      }
      if (!items.isEmpty() && items.last() >= itemCount) {
        findings.add("a user has seen a slot without an item: slot=" + items.last());
      }
    }
    return findings;
  }
}
