package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.disk.Volume;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.QueryStats.InExperiment;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.SimulatedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Experiments at the door.
class ExperimentsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Experiment HOME =
      Experiment.named("home").variant("old", 0.5).variant("new", 1, 0.5).build();

  private final ManualClock clock = new ManualClock(NOW);

  private static void fill(TidalDb db) {
    for (int i = 1; i <= 30; i++) {
      db.writeItem(EntityId.of(i), Map.of("title", "t" + i, "created_at", NOW.minusSeconds(i)));
    }
  }

  private static List<InExperiment> assigned(TidalDb db) {
    var assigned = new ArrayList<InExperiment>();
    for (int user = 0; user < 200; user++) {
      var page = db.retrieve(Retrieve.items().forUser(user).experiment("home").limit(1));
      var part = page.stats().experiment().orElseThrow();
      assertThat(page.stats().profile()).isEqualTo(part.variant() == 0 ? "old@1" : "new@1");
      assigned.add(part);
    }
    return assigned;
  }

  @Test
  void aUserKeepsTheVariantOverAReopen() {
    Volume volume = new SimulatedVolume();
    var backend = new InMemoryBackend();
    List<InExperiment> before;
    try (var db = Doors.on(volume, backend).clock(clock).open()) {
      fill(db);
      assertThat(db.saveExperiment(HOME).variants().getFirst().version()).hasValue(1);
      before = assigned(db);
      assertThat(before).extracting(InExperiment::variant).contains(0, 1);
    }
    try (var db = Doors.on(volume, backend).clock(clock).open()) {
      assertThat(assigned(db)).isEqualTo(before);
      assertThat(db.experiments()).extracting(Experiment::name).containsExactly("home");
      db.dropExperiment("home");
      assertThat(db.experiments()).isEmpty();
      assertThatThrownBy(() -> db.dropExperiment("home")).isInstanceOf(NotFoundException.class);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  @Test
  void aVersionThatAnExperimentNamesIsNotDropped() {
    try (var db = Doors.ephemeral(clock).open()) {
      var mine = Profile.named("mine").term(new Feature.Random(), 1).build();
      db.saveProfile(mine);
      db.saveProfile(mine);
      var pinned =
          db.saveExperiment(
              Experiment.named("home").variant("mine", 0.5).variant("mine", 1, 0.5).build());
      assertThat(pinned.variants()).extracting(v -> v.version().getAsInt()).containsExactly(2, 1);
      db.saveProfile(mine);
      assertThatThrownBy(() -> db.dropProfile("mine", 2))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("experiment=home");
      db.dropProfile("mine", 3);
      db.dropExperiment("home");
      db.dropProfile("mine", 2);
    }
  }

  @Test
  void whatIsWrongIsRefusedByName() {
    try (var db = Doors.ephemeral(clock).open()) {
      assertThatThrownBy(
              () -> db.saveExperiment(Experiment.named("x").variant("nothing", 1).build()))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> db.saveExperiment(Experiment.named("x").variant("hot", 0.5).build()))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> db.query("RETRIEVE items USING EXPERIMENT home"))
          .isInstanceOf(QuerySyntaxException.class)
          .extracting("column")
          .isEqualTo(33);
      db.saveExperiment(HOME);
      var both = Retrieve.items().experiment("home");
      assertThat(both.profile("hot").experiment()).isEmpty();
      assertThat(Retrieve.items().profile("hot", 1).experiment("home").profile()).isEmpty();
    }
  }

  @Test
  void outsideItsTimeEveryoneGetsTheFirst() {
    try (var db = Doors.ephemeral(clock).open()) {
      fill(db);
      var begin = Timestamp.of(NOW.plusSeconds(60));
      db.saveExperiment(
          Experiment.named("home")
              .variant("old", 1, 0.01)
              .variant("new", 1, 0.99)
              .from(begin)
              .until(Timestamp.of(NOW.plusSeconds(120)))
              .build());
      assertThat(assigned(db)).allMatch(part -> part.variant() == 0);
      clock.advance(Duration.ofSeconds(60));
      assertThat(assigned(db)).anyMatch(part -> part.variant() == 1);
      clock.advance(Duration.ofSeconds(60));
      assertThat(assigned(db)).allMatch(part -> part.variant() == 0);
    }
  }

  @Test
  void laterPagesKeepTheVariantOfTheFirst() {
    try (var db = Doors.ephemeral(clock).open()) {
      fill(db);
      db.saveExperiment(HOME);
      var request = Retrieve.items().forUser(7).experiment("home").limit(10);
      var first = db.retrieve(request);
      // Whoever had one variant would have the other from now on.
      db.saveExperiment(HOME.withVariants(HOME.variants().reversed()));
      var other = db.retrieve(request);
      assertThat(other.stats().profile()).isNotEqualTo(first.stats().profile());
      var second = db.retrieve(request.after(first.next().orElseThrow()));
      assertThat(second.stats().profile()).isEqualTo(first.stats().profile());
      assertThat(second.stats().experiment()).isEqualTo(first.stats().experiment());
      assertThatThrownBy(
              () -> db.retrieve(request.profile("old").after(first.next().orElseThrow())))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void interleavedHitsNameTheirTeam() {
    try (var db = Doors.ephemeral(clock).open()) {
      fill(db);
      db.saveExperiment(
          Experiment.named("duel")
              .interleave()
              .variant("old", 1, 0.5)
              .variant("new", 1, 0.5)
              .build());
      var page = db.query("RETRIEVE items USING EXPERIMENT duel SEED 5 LIMIT 10");
      var newest = db.retrieve(Retrieve.items().sortBy(Sort.NEW).limit(5));
      var oldest = db.retrieve(Retrieve.items().sortBy(Sort.OLD).limit(5));
      assertThat(page.hits().stream().filter(hit -> hit.team().orElseThrow() == 0).map(Hit::id))
          .containsExactlyElementsOf(oldest.hits().stream().map(Hit::id).toList());
      assertThat(page.hits().stream().filter(hit -> hit.team().orElseThrow() == 1).map(Hit::id))
          .containsExactlyElementsOf(newest.hits().stream().map(Hit::id).toList());
      assertThatThrownBy(() -> db.explain("RETRIEVE items USING EXPERIMENT duel"))
          .isInstanceOf(QuerySyntaxException.class)
          .hasMessageContaining("old@1, new@1");
    }
  }
}
