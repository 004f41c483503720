package io.tidaldb.engine;

import io.tidaldb.collection.CollectionView;
import io.tidaldb.collection.Header;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.CollectionEvent.CollectionChanged;
import io.tidaldb.log.CollectionEvent.CollectionCreated;
import io.tidaldb.log.CollectionEvent.CollectionDropped;
import io.tidaldb.log.CollectionEvent.ItemAdded;
import io.tidaldb.log.CollectionEvent.ItemMoved;
import io.tidaldb.log.CollectionEvent.ItemRemoved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collections as they will be when the events that have a place in the log are applied: what is
/// folded already, and over it what those events change.
///
/// **Threads.** The writer only.
final class PendingCollections {

  private final CollectionView folded;
  private final Map<Long, Overlay> overlays = new HashMap<>();
  private final Map<Long, Set<Long>> byOwner = new HashMap<>();
  private final Set<Long> goneItems = new LinkedHashSet<>();
  private final Set<Long> goneUsers = new LinkedHashSet<>();
  private long lastId;

  PendingCollections(CollectionView folded) {
    this.folded = folded;
  }

  void clear() {
    if (!overlays.isEmpty()) {
      overlays.clear();
      byOwner.clear();
    }
    if (!goneItems.isEmpty()) {
      goneItems.clear();
    }
    if (!goneUsers.isEmpty()) {
      goneUsers.clear();
    }
    lastId = 0;
  }

  /* --- events --- */

  void record(long position, CollectionEvent event) {
    var overlay = overlay(event.collection());
    if (event instanceof CollectionCreated created) {
      overlay.header =
          new Header(
              created.user(),
              created.collection(),
              created.name(),
              created.visibility(),
              created.time(),
              created.time(),
              position,
              0,
              List.of());
      owned(created.user()).add(created.collection());
      lastId = Math.max(lastId, created.collection());
      return;
    }
    var header = overlay.header;
    if (header == null) {
      return;
    }
    switch (event) {
      case CollectionCreated _ -> {}
      case CollectionChanged changed -> overlay.header = changed(header, changed);
      case CollectionDropped _ -> overlay.header = null;
      case ItemAdded added -> overlay.enter(header, added.item(), added.index());
      case ItemRemoved removed -> overlay.leave(removed.item());
      case ItemMoved moved -> overlay.change(new Step(moved.item(), moved.index(), true));
    }
  }

  private static Header changed(Header before, CollectionChanged event) {
    var after = event.name().map(before::withName).orElse(before);
    after = event.visibility().map(after::withVisibility).orElse(after);
    if (event.shareAdded().isPresent()) {
      after = after.sharedWith(event.shareAdded().getAsLong());
    }
    if (event.shareRemoved().isPresent()) {
      after = after.notSharedWith(event.shareRemoved().getAsLong());
    }
    return after;
  }

  void itemDeleted(long item) {
    goneItems.add(item);
    overlays.values().forEach(overlay -> overlay.leave(item));
  }

  void userErased(long user) {
    goneUsers.add(user);
    overlays.values().forEach(overlay -> overlay.forget(user));
  }

  /* --- questions --- */

  Optional<Header> header(long collection) {
    return Optional.ofNullable(overlay(collection).header);
  }

  boolean contains(long collection, long item) {
    return overlay(collection).contains(item);
  }

  /// The place of a member, or −1.
  int index(long collection, long item) {
    return overlay(collection).index(item);
  }

  /// The id that a new collection gets.
  long nextId() {
    return Math.max(folded.lastId(), lastId) + 1;
  }

  /// The collection of an owner that has this name.
  OptionalLong named(long owner, String name) {
    var known = folded.names(owner).get(name);
    if (known != null && header(known).filter(header -> header.name().equals(name)).isPresent()) {
      return OptionalLong.of(known);
    }
    return byOwner.getOrDefault(owner, Set.of()).stream()
        .filter(id -> header(id).filter(header -> header.name().equals(name)).isPresent())
        .mapToLong(Long::longValue)
        .findFirst();
  }

  /// How many collections an owner has.
  int count(long owner) {
    int count = goneUsers.contains(owner) ? 0 : folded.names(owner).size();
    for (long id : byOwner.getOrDefault(owner, Set.of())) {
      boolean before = !goneUsers.contains(owner) && folded.header(id).isPresent();
      count += (overlay(id).header != null ? 1 : 0) - (before ? 1 : 0);
    }
    return count;
  }

  /// The collection of an owner that was created at a position.
  OptionalLong createdAt(long owner, long position) {
    Set<Long> ids = new HashSet<>(folded.names(owner).values());
    ids.addAll(byOwner.getOrDefault(owner, Set.of()));
    return ids.stream()
        .filter(id -> header(id).filter(header -> header.position() == position).isPresent())
        .mapToLong(Long::longValue)
        .findFirst();
  }

  private Set<Long> owned(long owner) {
    return byOwner.computeIfAbsent(owner, _ -> new LinkedHashSet<>());
  }

  private Overlay overlay(long collection) {
    var known = overlays.get(collection);
    if (known != null) {
      return known;
    }
    var overlay = new Overlay(collection, folded.header(collection).orElse(null));
    overlays.put(collection, overlay);
    if (overlay.header != null) {
      owned(overlay.header.owner()).add(collection);
    }
    goneUsers.forEach(overlay::forget);
    goneItems.forEach(overlay::leave);
    return overlay;
  }

  /// A change of the order: an item moves or enters at a place, or leaves.
  private record Step(long item, int index, boolean stays) {
    void applyTo(List<Long> sequence) {
      sequence.remove((Long) item);
      if (stays) {
        sequence.add(index < 0 || index > sequence.size() ? sequence.size() : index, item);
      }
    }
  }

  /// One collection.
  private final class Overlay {

    private final long id;
    private @Nullable Header header;
    private final Map<Long, Boolean> members = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();

    /// The members in order, once somebody asked for a place.
    private @Nullable List<Long> sequence;

    Overlay(long id, @Nullable Header header) {
      this.id = id;
      this.header = header;
    }

    boolean contains(long item) {
      var decided = members.get(item);
      return decided != null ? decided : folded.contains(id, item);
    }

    void enter(Header before, long item, int index) {
      members.put(item, true);
      header = before.withCount(before.count() + 1);
      change(new Step(item, index, true));
    }

    void leave(long item) {
      var before = header;
      if (before != null && contains(item)) {
        members.put(item, false);
        header = before.withCount(before.count() - 1);
        change(new Step(item, -1, false));
      }
    }

    void forget(long user) {
      var before = header;
      if (before != null) {
        header = before.owner() == user ? null : before.notSharedWith(user);
      }
    }

    void change(Step step) {
      steps.add(step);
      if (sequence != null) {
        step.applyTo(sequence);
      }
    }

    int index(long item) {
      if (steps.isEmpty()) {
        return folded.index(id, item);
      }
      if (sequence == null) {
        sequence = new ArrayList<>();
        for (long member : folded.items(id)) {
          sequence.add(member);
        }
        for (var step : steps) {
          step.applyTo(sequence);
        }
      }
      return sequence.indexOf(item);
    }
  }
}
