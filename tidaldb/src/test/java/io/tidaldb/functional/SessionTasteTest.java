package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.SessionHandle;
import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Part;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is liked in a session pulls its feed toward what is like it, and no other feed.
class SessionTasteTest {

  private static final EntityId ME = EntityId.of(42);

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private TidalDb open() {
    var schema = new SchemaBuilder();
    for (var signal : List.of("like", "dislike", "skip")) {
      schema =
          schema
              .signal(signal, EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
              .windows(Window.ALL_TIME)
              .add();
    }
    return TidalDb.builder()
        .dataDirectory(folder.resolve("db"))
        .schema(schema.embeddingSlot("content", 2).build())
        .clock(clock)
        .open();
  }

  private static void fill(TidalDb db) {
    float[][] vectors = {{1, 0}, {0, 1}, {1, 1}, {-1, 0}, {4, 3}};
    for (int i = 0; i < vectors.length; i++) {
      db.writeItem(EntityId.of(i + 1), Map.of("title", "t" + i), vectors[i]);
    }
    db.writeItem(EntityId.of(9), Map.of("title", "no vector"));
    db.saveProfile(Profile.named("fresh").term(new Feature.Random(), 1).build());
  }

  private static Retrieve feed() {
    return Retrieve.items().profile("fresh").seed(7).limit(50);
  }

  private static Map<Long, Double> scores(Results results) {
    var scores = new TreeMap<Long, Double>();
    results.hits().forEach(hit -> scores.put(hit.id().value(), hit.score()));
    return scores;
  }

  private void like(SessionHandle session, String signal, long item) {
    clock.advance(Duration.ofSeconds(1));
    session.signal(signal, EntityId.of(item), 1.0, Timestamp.of(clock.instant()));
  }

  private static void check(TidalDb db, SessionId session, double x, double y) {
    var plain = scores(db.retrieve(feed()));
    var inside = db.retrieve(feed().forSession(session));
    double[][] vectors = {{1, 0}, {0, 1}, {1, 1}, {-1, 0}, {4, 3}};
    for (Hit hit : inside) {
      int item = (int) hit.id().value();
      double cosine = 0;
      if (item <= vectors.length) {
        double[] v = vectors[item - 1];
        cosine = Math.max(0, (x * v[0] + y * v[1]) / Math.hypot(x, y) / Math.hypot(v[0], v[1]));
      }
      double before = plain.get((long) item);
      assertThat(hit.score())
          .as("item %d", item)
          .isCloseTo(before + 0.3 * (0.7 * cosine - before), within(1e-6));
      double sum = 0;
      for (Part part : hit.explanation().children()) {
        sum += part.contribution();
      }
      assertThat(sum).isEqualTo(hit.score());
    }
  }

  @Test
  void aLikePullsTowardWhatIsLikeIt() {
    SessionId id;
    try (var db = open()) {
      fill(db);
      var session = db.startSession(ME, "agent", "default");
      var other = db.startSession(ME, "agent", "default");
      id = session.sessionId();
      check(db, id, 0, -1);
      like(session, "like", 1);
      check(db, id, 1, 0);
      // 3η of a like is 0.3, of a dislike −0.3.
      like(session, "like", 2);
      check(db, id, 0.7, 0.3);
      double length = Math.hypot(0.7, 0.3);
      like(session, "dislike", 1);
      check(db, id, 0.7 / length - 0.3, 0.3 / length);
      assertThat(scores(db.retrieve(feed().forSession(other.sessionId()))).get(2L))
          .isEqualTo(0.7 * scores(db.retrieve(feed())).get(2L), within(1e-9));
    }
    try (var db = open()) {
      double length = Math.hypot(0.7, 0.3);
      check(db, id, 0.7 / length - 0.3, 0.3 / length);
    }
  }
}
