package io.tidaldb.benchmarks.endtoend;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.VectorWrite;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// A platform with tastes: items in clusters of vectors, users who like what is near to what they
/// liked, popularity by Zipf(1.0), ten signals an item over 30 days.
final class PersonalData {

  /// Users who are known well: 500 positives, 50 follows, 2,000 seen.
  static final int WARM = 20;

  /// Nobody has done anything under an id from here on.
  static final long NOBODY = 1L << 40;

  static final int CATEGORIES = 20;

  private static final String[] SIGNALS = {"view", "like", "share", "completion", "skip"};
  private static final int BATCH = 1_000;
  private static final int CREATORS = 10_000;
  private static final int CLUSTERS = 1_000;
  private static final int TASTES = 5;
  private static final int POSITIVES = 500;
  private static final int SEEN = 2_000;
  private static final int FOLLOWS = 50;
  private static final double SPREAD = 0.6;

  private final int items;
  private final int dimensions;
  private final int users;
  private final Zipf zipf;
  private final SplittableRandom random = new SplittableRandom(29);
  private final float[][] middles;
  private final int[] clusters;

  PersonalData(int items, int dimensions) {
    this.items = items;
    this.dimensions = dimensions;
    this.users = Math.max(1_000, items / 10);
    this.zipf = new Zipf(items);
    this.middles = new float[CLUSTERS][dimensions];
    this.clusters = new int[items];
    for (float[] middle : middles) {
      for (int i = 0; i < dimensions; i++) {
        middle[i] = (float) random.nextGaussian();
      }
    }
  }

  Schema schema() {
    var week = Decay.exponential(Duration.ofDays(7));
    var builder = new SchemaBuilder();
    for (var name : SIGNALS) {
      builder.signal(name, EntityKind.ITEM, week).windows(Window.values()).velocity(true).add();
    }
    return builder.embeddingSlot("content", dimensions).build();
  }

  /// Items with a vector, created evenly over the last 400 days; a tenth of the users is young.
  void writeEntities(TidalDb db, Timestamp now) {
    var batch = new ArrayList<Write>(2 * BATCH);
    for (int i = 0; i < items; i++) {
      clusters[i] = random.nextInt(CLUSTERS);
      var id = EntityId.of(i);
      batch.add(item(id, clusters[i], now));
      batch.add(VectorWrite.embedding(EntityKind.ITEM, id, "content", vector(clusters[i])));
      flush(db, batch, i == items - 1);
    }
    for (int i = 0; i < users; i++) {
      Map<String, ?> age = Map.of("age", 10 + i % 10);
      batch.add(Write.entity(EntityKind.USER, EntityId.of(i), age, Optional.empty()));
      flush(db, batch, i == users - 1);
    }
    db.defineCohort("young", "age BETWEEN 10 AND 10");
  }

  private Write item(EntityId id, int cluster, Timestamp now) {
    long age = random.nextLong(Duration.ofDays(400).toNanos());
    return Write.item(
        id,
        Map.of(
            "title",
            "Item " + Long.toString(id.value(), 36),
            "category",
            "category" + cluster % CATEGORIES,
            "format",
            "format" + random.nextInt(4),
            "tags",
            List.of("tag" + random.nextInt(200)),
            "creator_id",
            EntityId.of(random.nextInt(CREATORS)),
            "duration",
            Duration.ofSeconds(30 + random.nextInt(3_600)),
            "created_at",
            Timestamp.ofNanos(now.nanos() - age)));
  }

  private float[] vector(int cluster) {
    float[] vector = middles[cluster].clone();
    for (int i = 0; i < dimensions; i++) {
      vector[i] += (float) (SPREAD * random.nextGaussian());
    }
    return vector;
  }

  /// Signals of the crowd over the last 30 days, in time order.
  void writeSignals(TidalDb db, int count, Timestamp now) {
    var batch = new ArrayList<Write>(BATCH);
    long span = Duration.ofDays(30).toNanos();
    for (int i = 0; i < count; i++) {
      batch.add(signal(Timestamp.ofNanos(now.nanos() - span + span / count * i)));
      flush(db, batch, i == count - 1);
    }
  }

  /// One signal of the crowd: mostly views.
  Write signal(Timestamp at) {
    int dice = random.nextInt(100);
    var name =
        dice < 70
            ? "view"
            : dice < 80 ? "like" : dice < 87 ? "share" : dice < 97 ? "completion" : "skip";
    return Write.signal(
        name, EntityId.of(zipf.next(random)), Signal.by(random.nextInt(users)).at(at));
  }

  /// The warm users' own signals, within the last day.
  void writeWarm(TidalDb db, Timestamp now) {
    for (int user = 0; user < WARM; user++) {
      var by = EntityId.of(warm(user));
      int[] tastes = random.ints(TASTES, 0, CLUSTERS).toArray();
      var batch = new ArrayList<Write>(SEEN + POSITIVES + FOLLOWS);
      for (int i = 0; i < SEEN; i++) {
        var item = EntityId.of(i < POSITIVES ? near(tastes) : zipf.next(random));
        var at = Timestamp.ofNanos(now.nanos() - Duration.ofSeconds(40L * (SEEN - i)).toNanos());
        batch.add(Write.signal("view", item, Signal.by(by).at(at)));
        if (i < POSITIVES) {
          var name = i % 5 == 0 ? "share" : "like";
          batch.add(Write.signal(name, item, Signal.by(by).at(at)));
        }
      }
      for (int i = 0; i < FOLLOWS; i++) {
        batch.add(RelationWrite.follow(by, EntityId.of(random.nextInt(CREATORS))));
      }
      db.write(batch);
    }
  }

  /// An item of one of these clusters, if a few tries find one.
  private int near(int[] tastes) {
    int taste = tastes[random.nextInt(tastes.length)];
    int item = random.nextInt(items);
    for (int tries = 0; tries < 4 * CLUSTERS && clusters[item] != taste; tries++) {
      item = (item + 1) % items;
    }
    return item;
  }

  /// The id of a warm user.
  long warm(int number) {
    return NOBODY / 2 + number;
  }

  /// An item as popular as those that are signalled.
  EntityId popular() {
    return EntityId.of(zipf.next(random));
  }

  private static void flush(TidalDb db, List<Write> batch, boolean last) {
    if (batch.size() >= BATCH || (last && !batch.isEmpty())) {
      db.write(batch);
      batch.clear();
    }
  }
}
