package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rankings in schemas that declare little.
class MissingSignalsTest {

  private final FakeWorld world = new FakeWorld();

  private void plays(Window... windows) {
    world.schema =
        new SchemaBuilder()
            .signal("play", EntityKind.ITEM, Decay.exponential(Duration.ofDays(1)))
            .windows(windows)
            .means(Meaning.VIEW)
            .add()
            .build();
    for (int i = 0; i < 5; i++) {
      var item = world.add(i, FakeWorld.NOW - i * FakeWorld.HOUR);
      long count = i * 10L;
      item.counts.put(
          "play",
          Map.of(Window.ONE_HOUR, count, Window.TWENTY_FOUR_HOURS, count, Window.ALL_TIME, count));
    }
  }

  @Test
  void everySortModeWorksWithoutAnySignal() {
    world.schema = new SchemaBuilder().build();
    world.add(1, FakeWorld.NOW);
    for (var sort : Sort.values()) {
      var page = world.ask(Retrieve.items().forUser(7).sortBy(sort));
      boolean isOut = sort == Sort.LIVE_VIEWER_COUNT || sort == Sort.DATE_SAVED;
      assertThat(page.hits()).hasSize(isOut ? 0 : 1);
      page.hits().forEach(hit -> assertThat(hit.score()).isFinite());
    }
  }

  @Test
  void aSignalIsFoundByItsMeaning() {
    plays(Window.ONE_HOUR, Window.TWENTY_FOUR_HOURS, Window.ALL_TIME);
    var page = world.ask(Retrieve.items().sortBy(Sort.MOST_VIEWED).limit(1));
    assertThat(page.hits().getFirst().id().value()).isEqualTo(4);
    assertThat(page.hits().getFirst().snapshot()).containsEntry("count(play, all)", 40.0);
  }

  @Test
  void whereNoEngagementIsDeclaredViewsCount() {
    plays(Window.ONE_HOUR, Window.TWENTY_FOUR_HOURS, Window.ALL_TIME);
    assertThat(world.ask(Retrieve.items().sortBy(Sort.TOP_TODAY)).hits().getFirst().score())
        .isEqualTo(40);
    assertThat(world.ask(Retrieve.items().sortBy(Sort.HOT)).hits().getFirst().score()).isPositive();
  }

  @Test
  void anUndeclaredWindowIsWidenedWithAWarning() {
    plays(Window.ONE_HOUR, Window.ALL_TIME);
    var page = world.ask(Retrieve.items().sortBy(Sort.TOP_WEEK));
    assertThat(page.warnings())
        .containsExactly(new Warning("WINDOW_WIDENED", "signal=play asked=7d used=all"));
  }

  @Test
  void whereNoWiderWindowIsDeclaredTheRequestIsRefused() {
    plays(Window.ONE_HOUR);
    assertThatThrownBy(() -> world.ask(Retrieve.items().sortBy(Sort.TOP_WEEK)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("signal=play", "window=7d", "declared=1h");
  }

  @Test
  void aTermThatCannotBeComputedIsZeroAndSaysWhyAndItsGatePasses() {
    plays(Window.values());
    var profile =
        Profile.named("hopeful")
            .term(new Feature.Decayed("nothing"), 1)
            .term(new Feature.FieldValue("price", 1), 1)
            .atLeast(new Feature.Quality(), 0.9)
            .build();
    var hit = world.ask(Retrieve.items(), profile).hits().getFirst();
    assertThat(hit.score()).isZero();
    assertThat(hit.explanation().toString())
        .contains("no signal 'nothing'", "no numeric field 'price'");
  }

  @Test
  void aGateDropsAndIsCounted() {
    var full = FakeWorld.random(new java.util.SplittableRandom(9), 80);
    var profile =
        Profile.named("gated")
            .term(new Feature.Random(), 1)
            .atLeast(new Feature.Random(), 0.5)
            .build();
    var page = full.ask(Retrieve.items().limit(1000), profile);
    assertThat(page.hits()).allSatisfy(hit -> assertThat(hit.score()).isGreaterThanOrEqualTo(0.5));
    long dropped = page.stats().removed().get("gate random");
    assertThat(page.hits().size() + dropped).isEqualTo(page.stats().scored());
  }

  @Test
  void aShuffleIsTheSameForASeedAndAnotherForAnother() {
    var full = FakeWorld.random(new java.util.SplittableRandom(9), 80);
    var shuffled = Retrieve.items().sortBy(Sort.SHUFFLE);
    assertThat(full.ask(shuffled.seed(1)).hits()).isEqualTo(full.ask(shuffled.seed(1)).hits());
    assertThat(full.ask(shuffled.seed(1)).hits()).isNotEqualTo(full.ask(shuffled.seed(2)).hits());
  }
}
