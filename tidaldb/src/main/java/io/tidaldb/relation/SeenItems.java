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
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.UserState;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// For each user, the items that the user has seen, completed, or finds of no interest, as sets of
/// item slots, for ever.
///
/// Users with few items share pages, 64 to a page, or a store of many users would be a store of
/// many tiny pages; see [SeenCodec] for the bytes. The column says which set: 0 viewed, 1 completed
/// in some part without a view before, 2 completed, 3 not of interest. *Seen* is 0 and 1 together:
/// only a view of what was not *viewed* is a first view.
///
/// | Page | Type | Holds |
/// |---|---|---|
/// | user slot / 64 | 0 | the whole sets of those of 64 users that have at most 8,192 items |
/// | 0 | 1 | the meanings of signal types as text, see [Meanings]; a line end if there are none |
/// | user slot · 65,536 + chunk | 2 | of a user with more: the items in one chunk of 65,536 slots |
///
/// An item that was deleted keeps its slot and its marks: a slot is one life, so a later life of
/// the id begins unseen.
///
/// **Threads.** The writer folds, and asks with what was folded and not yet published. Any thread
/// reads what is published. The checkpointer encodes snapshots, which never change.
public final class SeenItems implements PageView {

  /// A completion of this part counts as completed.
  static final double COMPLETED = 0.9;

  private static final PageKey MEANINGS = new PageKey(0, 1, 0);

  private final Slots slots;
  private final ItemSets viewed = new ItemSets(0);
  private final ItemSets begun = new ItemSets(1);
  private final ItemSets completed = new ItemSets(2);
  private final ItemSets notInterested = new ItemSets(3);
  private final List<ItemSets> sets = List.of(viewed, begun, completed, notInterested);
  private Meanings meanings = Meanings.NONE;
  private boolean meaningsDirty = true;
  private volatile boolean meaningsReturned;
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
  public long countOf(long user) {
    int slot = slots.slot(EntityKind.USER, user);
    return sets.stream().mapToLong(set -> set.items(slot).getLongCardinality()).sum();
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.SignalRecorded signal -> {
        if (signal.hasUser() && signal.kind() == EntityKind.ITEM) {
          signal(signal);
        }
      }
      case RelationEvent.StateCleared cleared -> clear(cleared);
      case Event.UserErased erased -> {
        int user = slots.slot(EntityKind.USER, erased.user());
        sets.forEach(set -> set.removeAll(user));
      }
      case Event.SchemaChanged changed -> {
        var after = Meanings.of(changed);
        meaningsDirty |= !after.text().equals(meanings.text());
        meanings = after;
      }
      case Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.EntityDeleted _,
          Event.Blank _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          RelationEvent.RelationSet _,
          RelationEvent.RelationRemoved _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  private void signal(Event.SignalRecorded signal) {
    var meaning = meanings.of(signal.type());
    if (meaning == null) {
      return;
    }
    switch (meaning) {
      case VIEW -> add(viewed, signal);
      case COMPLETION -> {
        if (!viewed.holds(user(signal), item(signal))) {
          add(begun, signal);
        }
        if (signal.weight() >= COMPLETED) {
          add(completed, signal);
        }
      }
      case NOT_INTERESTED -> add(notInterested, signal);
      case IMPRESSION,
          LIKE,
          DISLIKE,
          SHARE,
          COMMENT,
          SAVE,
          PURCHASE,
          SKIP,
          HIDE,
          REPORT,
          NOTIFIED,
          UNLIKE,
          UNSAVE -> {}
    }
  }

  private void add(ItemSets set, Event.SignalRecorded signal) {
    set.add(user(signal), item(signal));
  }

  private int user(Event.SignalRecorded signal) {
    return slots.slot(EntityKind.USER, signal.user());
  }

  private int item(Event.SignalRecorded signal) {
    return slots.slot(EntityKind.ITEM, signal.entity());
  }

  private void clear(RelationEvent.StateCleared cleared) {
    for (var set : setsOf(cleared.state())) {
      int user = slots.slot(EntityKind.USER, cleared.user());
      if (cleared.all()) {
        set.removeAll(user);
      } else {
        set.remove(user, slots.slot(EntityKind.ITEM, cleared.item()));
      }
    }
  }

  /// The sets that make a state; none if it is kept elsewhere.
  private List<ItemSets> setsOf(UserState state) {
    return switch (state) {
      case SEEN -> List.of(viewed, begun);
      case COMPLETED -> List.of(completed);
      case NOT_INTERESTED -> List.of(notInterested);
      case LIKED, DISLIKED, SAVED, SHOWN, IN_PROGRESS, HISTORY -> List.of();
    };
  }

  @Override
  public void publish(long position) {
    sets.forEach(ItemSets::publish);
  }

  /// Whether a user has viewed an item, as the writer sees it: with what was folded but not
  /// published. Writer only.
  public boolean seen(int userSlot, int itemSlot) {
    return viewed.holds(userSlot, itemSlot);
  }

  /// The items that a user has viewed, as published, the caller's own. Any thread.
  public RoaringBitmap items(int userSlot) {
    return viewed.items(userSlot);
  }

  /// The items to which a user stands in a state that is kept here, as published, the caller's own.
  /// Any thread.
  RoaringBitmap items(UserState state, int userSlot) {
    var items = new RoaringBitmap();
    for (var set : setsOf(state)) {
      items.or(set.items(userSlot));
    }
    return items;
  }

  /// Whether a user stands in a state that is kept here to an item, as published. Any thread.
  boolean holds(UserState state, int userSlot, int itemSlot) {
    for (var set : setsOf(state)) {
      if (set.contains(userSlot, itemSlot)) {
        return true;
      }
    }
    return false;
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    var pages = new TreeMap<PageKey, Supplier<byte[]>>();
    List<Runnable> whenAbandoned = new ArrayList<>();
    for (var set : sets) {
      whenAbandoned.add(set.freeze(all, pages));
    }
    boolean withMeanings = meaningsDirty || meaningsReturned || all;
    meaningsDirty = false;
    meaningsReturned = false;
    if (withMeanings) {
      byte[] content = (meanings.text() + "\n").getBytes(StandardCharsets.UTF_8);
      pages.put(MEANINGS, () -> content);
    }
    return new FrozenSeen(
        pages,
        () -> {
          whenAbandoned.forEach(Runnable::run);
          meaningsReturned |= withMeanings;
        });
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(MEANINGS)) {
      meanings = Meanings.parse(new String(content, StandardCharsets.UTF_8).stripTrailing());
      meaningsDirty = false;
      return;
    }
    if (key.column() >= sets.size()) {
      throw new IllegalArgumentException("not a page of seen items: key=" + key);
    }
    sets.get(key.column()).load(key, content);
  }

  @Override
  public void loaded(long position) {
    loadedPosition = position;
  }

  @Override
  public void clear() {
    sets.forEach(ItemSets::clear);
    meanings = Meanings.NONE;
    meaningsDirty = true;
    loadedPosition = 0;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    sink.entry("seen", "meanings").value("types", meanings.text());
    digest(sink, "seen", viewed);
    digest(sink, "begun", begun);
    digest(sink, "completed", completed);
    digest(sink, "not interested", notInterested);
  }

  private void digest(StateSink sink, String what, ItemSets set) {
    for (int user = 0; user < set.userCount(); user++) {
      var items = set.items(user);
      if (!items.isEmpty()) {
        var id = EntityId.of(slots.id(EntityKind.USER, user));
        var entry = sink.entry(what, "USER " + id);
        items.forEach((int item) -> entry.value("item", slots.id(EntityKind.ITEM, item)));
      }
    }
  }

  @Override
  public List<String> verify() {
    List<String> findings = new ArrayList<>();
    int itemCount = slots.count(EntityKind.ITEM);
    for (var set : sets) {
      for (int user = 0; user < set.userCount(); user++) {
        var items = set.items(user);
        if (!items.isEmpty() && user >= slots.count(EntityKind.USER)) {
          findings.add("a slot without a user has seen items: slot=" + user);
        }
        if (!items.isEmpty() && items.last() >= itemCount) {
          findings.add("a user has seen a slot without an item: slot=" + items.last());
        }
      }
    }
    return findings;
  }
}
