package io.tidaldb.benchmarks.endtoend;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The platform that is measured: items with category, tags, duration and creator; four signals;
/// popularity by Zipf(1.0).
final class Scenario {

  static final String[] SIGNALS = {"view", "like", "share", "completion"};
  private static final int BATCH = 1_000;
  private static final int CREATORS = 10_000;
  private static final int CATEGORIES = 20;

  private final int items;
  private final Zipf zipf;
  private final SplittableRandom random;

  Scenario(int items, long seed) {
    this.items = items;
    this.random = new SplittableRandom(seed);
    this.zipf = new Zipf(items);
  }

  static Schema schema() {
    var week = Decay.exponential(Duration.ofDays(7));
    var builder = new SchemaBuilder();
    for (var name : SIGNALS) {
      builder.signal(name, EntityKind.ITEM, week).windows(Window.values()).velocity(true).add();
    }
    return builder.field(EntityKind.ITEM, "price", FieldType.NUMBER).build();
  }

  /// Writes every item, created evenly over the last 400 days.
  void writeItems(TidalDb db, Timestamp now) {
    var batch = new ArrayList<Write>(BATCH);
    for (int i = 0; i < items; i++) {
      batch.add(item(i, now));
      if (batch.size() == BATCH || i == items - 1) {
        db.write(batch);
        batch.clear();
      }
    }
  }

  private Write item(int id, Timestamp now) {
    long age = random.nextLong(Duration.ofDays(400).toNanos());
    return Write.item(
        EntityId.of(id),
        Map.of(
            "title",
            "Item " + Integer.toString(id, 36),
            "category",
            "category" + random.nextInt(CATEGORIES),
            "tags",
            List.of("tag" + random.nextInt(200), "tag" + random.nextInt(200)),
            "creator_id",
            EntityId.of(random.nextInt(CREATORS)),
            "duration",
            Duration.ofSeconds(30 + random.nextInt(3_600)),
            "price",
            random.nextDouble() * 100,
            "created_at",
            Timestamp.ofNanos(now.nanos() - age)));
  }

  /// Writes signals over the last 30 days in time order.
  void writeSignals(TidalDb db, int count, Timestamp now) {
    var batch = new ArrayList<Write>(BATCH);
    long span = Duration.ofDays(30).toNanos();
    for (int i = 0; i < count; i++) {
      batch.add(signal(Timestamp.ofNanos(now.nanos() - span + span / count * i)));
      if (batch.size() == BATCH || i == count - 1) {
        db.write(batch);
        batch.clear();
      }
    }
  }

  /// One signal by one of 100,000 users: mostly views.
  Write signal(Timestamp at) {
    int dice = random.nextInt(100);
    var name = dice < 70 ? "view" : dice < 85 ? "like" : dice < 92 ? "share" : "completion";
    return Write.signal(
        name, EntityId.of(zipf.next(random)), Signal.by(random.nextInt(100_000)).at(at));
  }

  SplittableRandom random() {
    return random;
  }
}
