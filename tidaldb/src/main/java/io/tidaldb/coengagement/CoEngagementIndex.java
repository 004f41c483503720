package io.tidaldb.coengagement;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.schema.CoEngagement;
import io.tidaldb.schema.CoEngagementRule;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.StorageBackend;
import java.util.List;
import java.util.Optional;

/// Co-engagement without engine and log: the rules of the view, fed by calls. *Now* is the newest
/// time recorded.
///
/// **Threads.** One thread writes; any number read.
public final class CoEngagementIndex implements CoEngagement {

  private final int capacity;
  private final CrashInjector injector;
  private volatile Evidence evidence;

  private CoEngagementIndex(int capacity, CrashInjector injector) {
    this.capacity = capacity;
    this.injector = injector;
    this.evidence = empty();
  }

  /// An empty index.
  ///
  /// @param capacity 1 … 16,777,216 edges
  public static CoEngagementIndex withCapacity(int capacity) {
    return withCapacity(capacity, CrashInjector.NONE);
  }

  /// An empty index that calls an injector at its crash points.
  public static CoEngagementIndex withCapacity(int capacity, CrashInjector injector) {
    if (capacity < 1 || capacity > CoEngagementRule.CAPACITY_MAX) {
      throw new InvalidRequestException(
          "CAPACITY_OUT_OF_RANGE",
          "capacity out of range: given="
              + capacity
              + " allowed=1…"
              + CoEngagementRule.CAPACITY_MAX);
    }
    return new CoEngagementIndex(capacity, injector);
  }

  private Evidence empty() {
    return new Evidence(new SlotMap(), injector, CoEngagementRule.STANDARD.capacity(capacity));
  }

  /// Sets the strength of an edge as of now; a full index lets its least edge go first.
  ///
  /// @param strength finite, more than 0
  public void insertEdge(long a, long b, double strength) {
    if (a == b) {
      throw new InvalidRequestException(
          "SELF_EDGE", "an item has no edge to itself: item=" + Long.toUnsignedString(a));
    }
    if (!(strength > 0 && strength <= Double.MAX_VALUE)) {
      throw new InvalidRequestException(
          "STRENGTH_OUT_OF_RANGE",
          "strength out of range: given=" + strength + " allowed=finite, more than 0");
    }
    var now = evidence;
    now.insert(
        now.slots().assign(EntityKind.ITEM, a), now.slots().assign(EntityKind.ITEM, b), strength);
  }

  /// A user engages positively with an item: ties it to the user's other recent ones.
  public void recordPositive(long user, long item, Timestamp at) {
    var now = evidence;
    now.positive(
        now.slots().assign(EntityKind.USER, user),
        now.slots().assign(EntityKind.ITEM, item),
        at.nanos());
  }

  @Override
  public int edgeCount() {
    return evidence.edges().count();
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public double strength(EntityId a, EntityId b) {
    var now = evidence;
    return now.asOfNewest(at -> now.strength(a, b, at));
  }

  @Override
  public double strength(EntityId a, EntityId b, Timestamp at) {
    return evidence.strength(a, b, at.nanos());
  }

  @Override
  public List<ScoredEntity> neighbours(EntityId item, int k) {
    var now = evidence;
    return now.asOfNewest(at -> now.neighbours(item, k, at));
  }

  /// Saves everything, so that the storage holds the image before or this one, never a mixture.
  public void checkpoint(StorageBackend storage) {
    IndexImage.save(evidence, storage, injector);
  }

  /// Replaces the content by the saved one; of more edges than fit the least are left out.
  ///
  /// @return what was saved; empty, and nothing changes, if the storage has no checkpoint
  /// @throws io.tidaldb.schema.CorruptionException if a bit differs; nothing changes
  public Optional<CheckpointMeta> restore(StorageBackend storage) {
    var found = IndexImage.find(storage);
    if (found.isPresent()) {
      var restored = empty();
      found.get().fill(restored);
      evidence = restored;
    }
    return found.map(IndexImage::meta);
  }
}
