package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Caps and exploration of a real database, before and after it is reopened.
final class CapsTest {

  private static final long ME = 9;

  private final ManualClock clock = new ManualClock();
  private final SimulatedVolume volume = new SimulatedVolume();
  private final InMemoryBackend backend = new InMemoryBackend();

  private static Schema schema() {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.values())
        .add()
        .signal("impression", EntityKind.ITEM, Decay.permanent())
        .windows(Window.ALL_TIME)
        .add()
        .signal("notified", EntityKind.ITEM, Decay.permanent())
        .add()
        .build();
  }

  private TidalDb open() {
    return Doors.on(volume, backend).schema(schema()).clock(clock).open();
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(Hit::id).map(EntityId::value).toList();
  }

  @Test
  void whatWasSentIsTakenOffForADayAndSurvivesReopening() {
    var request = Retrieve.items().forUser(ME).sortBy(Sort.OLD).caps(NotificationCaps.of(2, 3));
    try (var db = open()) {
      for (long item = 1; item <= 6; item++) {
        db.writeItem(EntityId.of(item), Map.of("creator_id", item <= 3 ? 1L : 2L));
        clock.advance(Duration.ofSeconds(1));
      }
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 2L, 4L);
      assertThat(ids(db.retrieve(request.forUser(8)))).containsExactly(1L, 2L, 4L);
      db.signal("notified", EntityId.of(1), Signal.by(EntityId.of(ME)));
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 4L);
      assertThat(ids(db.retrieve(request.forUser(8)))).containsExactly(1L, 2L, 4L);
      db.checkpoint();
    }
    try (var db = open()) {
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 4L);
      db.saveProfile(
          Profile.named("notices").sort(Sort.OLD).caps(NotificationCaps.of(2, 3)).build());
      var byProfile = Retrieve.items().forUser(ME).profile("notices");
      assertThat(ids(db.retrieve(byProfile))).containsExactly(1L, 4L);
      clock.advance(Duration.ofHours(24).minusNanos(1));
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 4L);
      clock.advance(Duration.ofNanos(1));
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 2L, 4L);
      assertThat(ids(db.retrieve(byProfile))).containsExactly(1L, 2L, 4L);
    }
  }

  @Test
  void impressionsTakeAnItemOutOfThePool() {
    try (var db = Doors.ephemeral(clock).schema(schema()).explorationImpressions(3).open()) {
      for (long item = 1; item <= 3; item++) {
        db.writeItem(EntityId.of(item), Map.of());
        clock.advance(Duration.ofHours(13));
      }
      var request = Retrieve.items().forUser(ME).sortBy(Sort.OLD).explore(0.5);
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 3L, 2L);
      for (int i = 0; i < 3; i++) {
        assertThat(db.retrieve(request).hits().get(1).slot()).isEqualTo(Hit.Slot.EXPLORATION);
        db.signal("impression", EntityId.of(3), Signal.anonymous());
      }
      assertThat(ids(db.retrieve(request))).containsExactly(1L, 2L, 3L);
    }
  }
}
