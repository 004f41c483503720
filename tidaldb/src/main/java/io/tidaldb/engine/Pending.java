package io.tidaldb.engine;

import io.tidaldb.entity.Image;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What events that have a place in the log, but are not applied yet, will have changed: the state
/// that a later event of the same frame must be resolved against. It is itself a small fold of
/// those events, so dropping a refused call is folding the others again.
///
/// **Threads.** The writer only.
final class Pending {

  private record EntityKey(EntityKind kind, long id) {}

  private record ViewKey(long user, long item) {}

  /// What entities will be; an empty value says that the entity is gone.
  private final Map<EntityKey, Optional<Image>> entities = new HashMap<>();

  /// Items that a pending event deletes, though a later one may write them again: what users did to
  /// the life before no longer counts.
  private final Set<Long> endedItems = new HashSet<>();

  private final Map<IdempotencyKey, Long> keys = new HashMap<>();
  private final Set<ViewKey> views = new HashSet<>();
  private final Map<String, Integer> profileVersions = new HashMap<>();
  private final PendingSessions sessions = new PendingSessions();

  /// What is pending of sessions.
  PendingSessions sessions() {
    return sessions;
  }

  private final Views applied;
  private final PendingCollections collections;
  private final PendingRelations relations;

  Pending(Views views) {
    applied = views;
    collections = new PendingCollections(views.collections());
    relations = new PendingRelations(views);
  }

  void clear() {
    collections.clear();
    relations.clear();
    if (!entities.isEmpty()) {
      entities.clear();
    }
    if (!endedItems.isEmpty()) {
      endedItems.clear();
    }
    if (!keys.isEmpty()) {
      keys.clear();
    }
    if (!views.isEmpty()) {
      views.clear();
    }
    if (!profileVersions.isEmpty()) {
      profileVersions.clear();
    }
    sessions.clear();
  }

  void record(long position, Event event) {
    if (event.key() != null) {
      keys.put(event.key(), position);
    }
    switch (event) {
      case Event.SignalRecorded signal -> {
        if (signal.firstView() && signal.hasUser()) {
          views.add(new ViewKey(signal.user(), signal.entity()));
        }
        sessions.signal(signal);
        relations.record(signal);
      }
      case Event.EntityWritten written -> {
        // A write that replaces everything need not know what it replaces.
        var before = written.merged() ? image(written.kind(), written.id()).orElse(null) : null;
        entities.put(
            new EntityKey(written.kind(), written.id()), Optional.of(Image.after(before, written)));
      }
      case Event.NumbersWritten written ->
          entities.put(
              new EntityKey(written.kind(), written.id()),
              image(written.kind(), written.id()).map(before -> before.with(written)));
      case Event.EntityDeleted deleted -> {
        entities.put(new EntityKey(deleted.kind(), deleted.id()), Optional.empty());
        if (deleted.kind() == EntityKind.ITEM) {
          var _ = endedItems.add(deleted.id());
          collections.itemDeleted(deleted.id());
          views.removeIf(view -> view.item == deleted.id());
        }
      }
      case RelationEvent change -> {
        relations.record(change);
        if (change instanceof RelationEvent.StateCleared cleared) {
          views.removeIf(view -> PendingRelations.forgets(cleared, view.user, view.item));
        }
      }
      case CollectionEvent change -> collections.record(position, change);
      case Event.ProfileSaved saved -> profileVersions.put(saved.name(), saved.version());
      case SessionEvent session -> sessions.record(position, session);
      case Event.UserErased erased -> {
        entities.put(new EntityKey(EntityKind.USER, erased.user()), Optional.empty());
        views.removeIf(view -> view.user == erased.user());
        collections.userErased(erased.user());
        relations.record(erased);
        sessions.erased(erased);
      }
      case Event.ProfileDropped _,
          RankingEvent _,
          Event.SchemaChanged _,
          Event.Blank _,
          CohortEvent _,
          VectorEvent _ -> {}
    }
  }

  /// Relations as they will be.
  PendingRelations relations() {
    return relations;
  }

  /// Collections as they will be.
  PendingCollections collections() {
    return collections;
  }

  /// Whether something is pending that decides what an entity is.
  boolean decides(EntityKind kind, long id) {
    return !entities.isEmpty() && entities.containsKey(new EntityKey(kind, id));
  }

  /// What an entity is that was written and is not about to go, counting what is pending.
  Optional<Image> image(EntityKind kind, long id) {
    return decides(kind, id) ? entity(kind, id) : applied.entityRows().image(kind, id);
  }

  /// What an entity that is decided here will be; empty if the entity is about to go.
  private Optional<Image> entity(EntityKind kind, long id) {
    return entities.getOrDefault(new EntityKey(kind, id), Optional.empty());
  }

  /// Whether the applied life of an item is about to end, whatever follows it.
  boolean endsItem(long id) {
    return !endedItems.isEmpty() && endedItems.contains(id);
  }

  /// The pending position of a key, or −1.
  long position(IdempotencyKey key) {
    return keys.isEmpty() ? -1 : keys.getOrDefault(key, -1L);
  }

  /// Whether a first view of this item by this user is pending.
  boolean viewed(long user, long item) {
    return !views.isEmpty() && views.contains(new ViewKey(user, item));
  }

  /// The highest pending version of a profile, or 0.
  int profileVersion(String name) {
    return profileVersions.getOrDefault(name, 0);
  }
}
