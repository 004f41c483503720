package io.tidaldb.testing;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A naive database: plain maps, every signal kept as it came, every number computed anew from all
/// of them. Slow and obviously right; what a real one is compared with. Single-threaded.
///
/// It is written from the specification, not from the engine: closed forms instead of forward
/// decay, a walk over all events instead of buckets.
public final class ModelDb {

  /// A signal as it was recorded.
  ///
  /// @param firstView whether it counts as reach
  public record Happening(long time, double weight, Optional<EntityId> user, boolean firstView) {}

  /// A written entity.
  ///
  /// @param created `created_at`, else when its first write was received
  public record Life(Metadata metadata, long created) {}

  /// For what time an entity's numbers were said: with the last whole write, or later.
  private record Numbers(long writtenAt, Map<String, Long> since) {}

  private record Pair(EntityKind kind, EntityId entity, String signal) {}

  private final Schema schema;
  private final Map<Pair, List<Happening>> signals = new HashMap<>();
  private final Map<EntityKind, SortedMap<EntityId, Life>> entities = new HashMap<>();
  private final Map<EntityKind, Map<EntityId, Long>> firstReceived = new HashMap<>();
  private final Map<EntityKind, Map<EntityId, Numbers>> numbers = new HashMap<>();
  private final Set<IdempotencyKey> keys = new HashSet<>();
  private final List<Write> operations = new ArrayList<>();
  private long newestTime = -1;

  /// An empty database with this schema.
  public ModelDb(Schema schema) {
    this.schema = schema;
    for (var kind : EntityKind.values()) {
      entities.put(kind, new TreeMap<>());
      firstReceived.put(kind, new HashMap<>());
      numbers.put(kind, new HashMap<>());
    }
  }

  /// Everything that took effect, folded again into another model.
  public ModelDb copy() {
    var copy = new ModelDb(schema);
    signals.forEach((pair, list) -> copy.signals.put(pair, new ArrayList<>(list)));
    entities.forEach((kind, lives) -> copy.entities.get(kind).putAll(lives));
    firstReceived.forEach((kind, times) -> copy.firstReceived.get(kind).putAll(times));
    numbers.forEach((kind, times) -> copy.numbers.get(kind).putAll(times));
    copy.keys.addAll(keys);
    copy.operations.addAll(operations);
    copy.newestTime = newestTime;
    return copy;
  }

  /// Does a write; false if it was a repeat and changed nothing.
  ///
  /// @throws NotFoundException if it updates what was not written
  public boolean apply(Write write, long receiveNanos) {
    var key = write.key();
    if (key.isPresent() && keys.contains(key.get())) {
      return false;
    }
    var took =
        switch (write) {
          case Write.SignalWrite signal -> signal(signal, receiveNanos);
          case Write.EntityWrite entity ->
              put(
                  entity.kind(),
                  entity.id(),
                  Metadata.parse(schema, entity.kind(), entity.id(), entity.metadata()),
                  receiveNanos);
          case Write.EntityUpdate update -> update(update, receiveNanos);
          case Write.EntityDelete delete -> delete(delete.kind(), delete.id());
          default -> throw new IllegalArgumentException("of another model: " + write);
        };
    if (took) {
      key.ifPresent(keys::add);
      operations.add(write);
    }
    return took;
  }

  private boolean signal(Write.SignalWrite write, long receiveNanos) {
    var type = type(write.name());
    long given = write.signal().at().map(at -> at.nanos()).orElse(receiveNanos);
    long time = Math.min(given, receiveNanos);
    var list =
        signals.computeIfAbsent(
            new Pair(type.target(), write.entity(), type.name()), pair -> new ArrayList<>());
    var user = write.signal().user();
    boolean firstView =
        type.meaning().equals(Optional.of(Meaning.VIEW))
            && (user.isEmpty() || list.stream().noneMatch(h -> h.user().equals(user)));
    list.add(new Happening(time, write.signal().weight(), user, firstView));
    newestTime = Math.max(newestTime, time);
    return true;
  }

  private boolean put(EntityKind kind, EntityId id, Metadata metadata, long receiveNanos) {
    long first = firstReceived.get(kind).computeIfAbsent(id, absent -> receiveNanos);
    numbers.get(kind).put(id, new Numbers(receiveNanos, Map.of()));
    return keep(kind, id, metadata, first);
  }

  private boolean keep(EntityKind kind, EntityId id, Metadata metadata, long first) {
    long created = metadata.time("created_at").map(time -> time.nanos()).orElse(first);
    entities.get(kind).put(id, new Life(metadata, created));
    return true;
  }

  private boolean update(Write.EntityUpdate update, long receiveNanos) {
    var current = entities.get(update.kind()).get(update.id());
    if (current == null) {
      throw new NotFoundException("entity", update.id().toString(), "write it first");
    }
    var changes = MetadataChanges.parse(schema, update.kind(), update.id(), update.changes());
    long time = Math.min(receiveNanos, update.at().map(at -> at.nanos()).orElse(receiveNanos));
    var values = new TreeMap<>(current.metadata().values());
    var before = numbers.get(update.kind()).get(update.id());
    var since = new HashMap<>(before.since());
    for (var key : update.changes().keySet()) {
      boolean isNumber = changes.numeric().contains(key);
      if (isNumber && time < since.getOrDefault(key, before.writtenAt())) {
        continue;
      }
      if (isNumber) {
        since.put(key, time);
      }
      if (changes.removed().contains(key)) {
        values.remove(key);
      } else {
        values.put(key, changes.set().get(key));
      }
    }
    numbers.get(update.kind()).put(update.id(), new Numbers(before.writtenAt(), since));
    long first = firstReceived.get(update.kind()).get(update.id());
    return keep(update.kind(), update.id(), Metadata.of(values), first);
  }

  private boolean delete(EntityKind kind, EntityId id) {
    if (entities.get(kind).remove(id) == null) {
      return false;
    }
    firstReceived.get(kind).remove(id);
    signals.keySet().removeIf(pair -> pair.kind() == kind && pair.entity().equals(id));
    return true;
  }

  private SignalType type(String name) {
    return schema.signal(name).orElseThrow();
  }

  /* --- reading --- */

  /// The schema.
  public Schema schema() {
    return schema;
  }

  /// Every write that took effect, in order.
  public List<Write> operations() {
    return List.copyOf(operations);
  }

  /// The time of the newest signal, or −1.
  public long newestTime() {
    return newestTime;
  }

  /// Written and not deleted, in unsigned id order.
  public SortedMap<EntityId, Life> entities(EntityKind kind) {
    return entities.get(kind);
  }

  /// Everything that ever happened to an entity in this life, in order of arrival.
  public List<Happening> happenings(EntityId id, String signal) {
    return signals.getOrDefault(new Pair(type(signal).target(), id, signal), List.of());
  }

  /// The sum of the values of a signal's events at a time, smallest first.
  public double decayScore(EntityId id, String signal, long at) {
    var decay = type(signal).decay();
    return happenings(id, signal).stream()
        .mapToDouble(h -> h.weight() * share(decay, at - h.time()))
        .boxed()
        .sorted(Comparator.comparingDouble(Math::abs))
        .mapToDouble(value -> value)
        .reduce(0, Double::sum);
  }

  private static double share(Decay decay, long age) {
    return switch (decay) {
      case Decay.Exponential exponential ->
          Math.pow(2, -((double) age / exponential.halfLife().toNanos()));
      case Decay.Linear linear ->
          Math.max(0, 1 - Math.max(0, (double) age) / linear.lifetime().toNanos());
      case Decay.Permanent() -> 1;
    };
  }

  /// The events of a signal with B(at) − n < B(t) ≤ B(at).
  public long count(EntityId id, String signal, Window window, long at) {
    return happenings(id, signal).stream().filter(h -> isIn(window, h.time(), at)).count();
  }

  /// As [#count], first views only.
  public long reach(EntityId id, String view, Window window, long at) {
    return happenings(id, view).stream()
        .filter(h -> h.firstView() && isIn(window, h.time(), at))
        .count();
  }

  /// As [#count], of all entities together; with `reach`, first views only.
  public long totalCount(String signal, Window window, long at, boolean reach) {
    return signals.entrySet().stream()
        .filter(entry -> entry.getKey().signal().equals(signal))
        .flatMap(entry -> entry.getValue().stream())
        .filter(h -> (!reach || h.firstView()) && isIn(window, h.time(), at))
        .count();
  }

  /// The sum of all weights.
  public double weightSum(EntityId id, String signal) {
    return happenings(id, signal).stream().mapToDouble(Happening::weight).sum();
  }

  /// Whether a window, read at a time, holds an event.
  public static boolean isIn(Window window, long time, long at) {
    if (!window.isFinite()) {
      return true;
    }
    long bucket = Math.floorDiv(time, window.granuleNanos());
    long last = Math.floorDiv(at, window.granuleNanos());
    return last - window.buckets() < bucket && bucket <= last;
  }
}
