package io.tidaldb.verification;

import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/// The endless calls of one client on items of its own: the same seed and lane give the same calls,
/// so a parent knows what its child does.
///
/// Every write takes effect (what is updated or deleted was written before), so every write is one
/// event. Times are given, so the outcome depends on no clock.
final class Lane {

  /// What every lane writes to.
  static final Schema SCHEMA = Schemas.video();

  private static final int ITEMS = 6;
  private static final long START = Timestamp.of(Instant.parse("2025-01-01T00:00:00Z")).nanos();
  private static final long STEP = Duration.ofSeconds(97).toNanos();
  private static final long LATE_MAX = Duration.ofDays(40).toNanos();
  private static final List<String> SIGNALS =
      List.of("view", "view", "view", "like", "dislike", "share", "comment", "completion", "hide");
  private static final List<String> CATEGORIES = List.of("jazz", "folk", "Klassik", "über");

  private final SplittableRandom random;
  private final int lane;
  private final boolean[] written = new boolean[ITEMS];
  private long calls;
  private long writes;
  private long events;

  /// The first call of this lane is the next one.
  ///
  /// @param lane 0 … 7
  Lane(long seed, int lane) {
    this.random = new SplittableRandom(seed * 8 + lane);
    this.lane = lane;
  }

  /// The items that this lane writes to, ids of the upper half among them.
  List<EntityId> items() {
    return IntStream.range(0, ITEMS).mapToObj(this::id).toList();
  }

  private EntityId id(int item) {
    return EntityId.of(((long) lane << 61) + item + 1);
  }

  /// How many calls were given.
  long calls() {
    return calls;
  }

  /// How many events the writes are that were given: one each, but an update of words and numbers
  /// is two.
  long events() {
    return events;
  }

  /// The next call.
  Call next() {
    int size = random.nextInt(8) == 0 ? random.nextInt(2, 9) : 1;
    List<Write> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(write());
    }
    int level = random.nextInt(10);
    var durability =
        level < 2 ? Durability.IMMEDIATE : level < 7 ? Durability.BATCHED : Durability.RELAXED;
    return new Call(calls++, batch, durability);
  }

  private Write write() {
    writes++;
    events++;
    var key = key();
    int item = random.nextInt(ITEMS);
    int what = random.nextInt(100);
    if (what < 66) {
      return signal(item, key);
    }
    if (what < 80 || !written[item]) {
      written[item] = true;
      return Write.entity(EntityKind.ITEM, id(item), metadata(), key);
    }
    if (what < 93) {
      // Always words and numbers, see changes().
      events++;
      return Write.update(EntityKind.ITEM, id(item), changes(), key);
    }
    written[item] = false;
    return Write.delete(EntityKind.ITEM, id(item), key);
  }

  private Optional<IdempotencyKey> key() {
    return switch (random.nextInt(6)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(IdempotencyKey.of("lane " + lane + " write " + writes));
      case 2 -> Optional.of(IdempotencyKey.of(new UUID(random.nextLong(), random.nextLong())));
      default -> Optional.of(IdempotencyKey.sequence(lane + 1, writes));
    };
  }

  private Write signal(int item, Optional<IdempotencyKey> key) {
    long time = START + writes * STEP;
    if (random.nextInt(5) == 0) {
      time = Math.max(0, time - random.nextLong(LATE_MAX));
    }
    var signal = random.nextInt(3) == 0 ? Signal.anonymous() : Signal.by(1 + random.nextInt(4));
    signal =
        signal.weight(random.nextInt(4) == 0 ? random.nextDouble() : 1).at(Timestamp.ofNanos(time));
    return Write.signal(
        SIGNALS.get(random.nextInt(SIGNALS.size())),
        id(item),
        key.isPresent() ? signal.key(key.get()) : signal);
  }

  private Map<String, Object> metadata() {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("title", "title " + writes);
    metadata.put("category", CATEGORIES.get(random.nextInt(CATEGORIES.size())));
    if (random.nextBoolean()) {
      metadata.put("price", random.nextDouble());
      metadata.put("tags", List.of("a" + random.nextInt(3), "b"));
      metadata.put("created_at", Timestamp.ofNanos(START + writes));
    }
    if (random.nextBoolean()) {
      metadata.put("note", "x".repeat(random.nextInt(200)));
      metadata.put("subtitled", random.nextBoolean());
    }
    return metadata;
  }

  private Map<String, Object> changes() {
    Map<String, Object> changes = new HashMap<>();
    changes.put("episode", random.nextLong());
    changes.put("note", Metadata.REMOVE);
    if (random.nextBoolean()) {
      changes.put("category", CATEGORIES.get(random.nextInt(CATEGORIES.size())));
    }
    return changes;
  }
}
