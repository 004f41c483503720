package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// For each user, the items that the user has viewed, as sets of item slots.
///
/// A page holds the part of one user's set that lies in one chunk of 65,536 item slots; its number
/// is user slot · 65,536 + chunk, type and column are 0. Its content, big-endian, is the low 16
/// bits of each slot, rising, or 8,192 bytes of bits if there are more than 4,095:
///
/// ```
///  0        2        4
/// +--------+--------+---- ...      or      8,192 bytes, bit i % 8 of byte i / 8 is slot i
/// | slot   | slot   |
/// +--------+--------+---- ...
/// ```
///
/// The page with type 1 holds the id of the signal type that means *view*, as i32; −1 if there is
/// none.
///
/// An item that was deleted keeps its slot and its marks: a slot is one life, so a later life of
/// the id begins unseen.
///
/// **Threads.**
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `users` | writer | volatile | volatile | a user that has just viewed the first item has none |
/// | a set | writer | at [#publish], see [SlotSet] | snapshot | one frame late |
public final class SeenItems implements PageView {

  private static final PageKey VIEW_TYPE = new PageKey(0, 1, 0);
  private static final int ARRAY_MAX = 4_095;
  private static final int BITS_BYTES = SlotSet.CHUNK_SLOTS / 8;

  private final Slots slots;
  private volatile @Nullable SlotSet[] users = new SlotSet[0];
  private final List<SlotSet> touched = new ArrayList<>();
  private final Set<Long> dirty = new HashSet<>();
  private final ConcurrentLinkedQueue<Long> returned = new ConcurrentLinkedQueue<>();
  private int viewType = -1;
  private boolean viewTypeDirty = true;
  private volatile boolean viewTypeReturned;
  private long loadedPosition;

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
        if (signal.type() == viewType && signal.hasUser() && signal.kind() == EntityKind.ITEM) {
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
    }
  }

  private void see(int user, int item) {
    if (user < 0 || item < 0) {
      return;
    }
    var set = set(user);
    if (set.holds(item)) {
      return;
    }
    if (set.add(item)) {
      touched.add(set);
    }
    dirty.add(page(user, item >>> 16));
  }

  private SlotSet set(int user) {
    var now = users;
    if (user >= now.length) {
      now = Arrays.copyOf(now, Math.max(user + 1, now.length * 2));
    }
    var set = now[user];
    if (set == null) {
      set = new SlotSet();
      now[user] = set;
    }
    // Also after writing an element: readers that take the array see it.
    users = now;
    return set;
  }

  private static long page(int user, int chunk) {
    return ((long) user << 16) | chunk;
  }

  @Override
  public void publish(long position) {
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

  /// The items that a user has viewed, the caller's own. Any thread.
  public RoaringBitmap items(int userSlot) {
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
    for (Long page = returned.poll(); page != null; page = returned.poll()) {
      dirty.add(page);
    }
    var now = users;
    if (all) {
      for (int user = 0; user < now.length; user++) {
        var set = now[user];
        if (set != null) {
          for (int item : set.snapshot().bitmap()) {
            dirty.add(page(user, item >>> 16));
          }
        }
      }
    }
    List<FrozenSeen.Page> pages = new ArrayList<>();
    for (long page : new TreeSet<>(dirty)) {
      var set = now[(int) (page >>> 16)];
      if (set == null) {
        throw new IllegalStateException("a changed page has no user: page=" + page);
      }
      pages.add(new FrozenSeen.Page(page, set.snapshot()));
    }
    dirty.clear();
    boolean withType = viewTypeDirty || viewTypeReturned || all;
    viewTypeDirty = false;
    viewTypeReturned = false;
    return new FrozenSeen(
        pages,
        withType ? ByteBuffer.allocate(4).putInt(viewType).array() : null,
        () -> {
          pages.forEach(page -> returned.add(page.number()));
          viewTypeReturned |= withType;
        });
  }

  static byte[] encode(RoaringBitmap chunk) {
    if (chunk.getCardinality() <= ARRAY_MAX) {
      var out = ByteBuffer.allocate(2 * chunk.getCardinality());
      chunk.forEach((int slot) -> out.putShort((short) slot));
      return out.array();
    }
    byte[] bits = new byte[BITS_BYTES];
    chunk.forEach((int slot) -> bits[(slot & 0xFFFF) >> 3] |= (byte) (1 << (slot & 7)));
    return bits;
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
    long user = key.page() >>> 16;
    if (user > Integer.MAX_VALUE || key.type() != 0 || key.column() != 0) {
      throw new IllegalArgumentException("not a page of seen items: key=" + key);
    }
    if (content.length == 0 || content.length % 2 != 0 || content.length > BITS_BYTES) {
      throw new IllegalArgumentException("not a set of slots: bytes=" + content.length);
    }
    var set = set((int) user);
    int base = (int) (key.page() & 0xFFFF) << 16;
    if (content.length == BITS_BYTES) {
      loadBits(set, base, content);
    } else {
      loadArray(set, base, content);
    }
    set.publish();
  }

  private static void loadBits(SlotSet set, int base, byte[] content) {
    for (int i = 0; i < SlotSet.CHUNK_SLOTS; i++) {
      if ((content[i >> 3] & (1 << (i & 7))) != 0) {
        var _ = set.add(base + i);
      }
    }
  }

  private static void loadArray(SlotSet set, int base, byte[] content) {
    var in = ByteBuffer.wrap(content);
    int last = -1;
    while (in.hasRemaining()) {
      int slot = in.getShort() & 0xFFFF;
      if (slot <= last) {
        throw new IllegalArgumentException("slots do not rise: slot=" + slot);
      }
      var _ = set.add(base + slot);
      last = slot;
    }
  }

  @Override
  public void loaded(long position) {
    loadedPosition = position;
  }

  @Override
  public void clear() {
    users = new SlotSet[0];
    touched.clear();
    dirty.clear();
    returned.clear();
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
