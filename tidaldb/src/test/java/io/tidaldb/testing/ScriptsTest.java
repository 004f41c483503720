package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Schema;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Scripts are what they claim: repeatable, readable, answered, and about every surface.
final class ScriptsTest {

  private static final Schema SCHEMA = Schemas.surfaces().build();

  private static List<Step> script(long seed, int steps) {
    var scripts = new Scripts(SCHEMA, seed);
    var script = new ArrayList<>(scripts.opening());
    for (int i = 0; i < steps; i++) {
      script.add(scripts.next());
    }
    return script;
  }

  @Test
  void theSameSeedGivesTheSameScript() {
    assertThat(script(7, 200)).isEqualTo(script(7, 200)).isNotEqualTo(script(8, 200));
  }

  @Test
  void aLineIsReadAsItWasWritten() {
    for (var step : script(11, 400)) {
      assertThat(StepText.parse(StepText.line(step))).isEqualTo(step);
    }
    var empty = new Step.Start(-1, "", "default", "ü 'x'");
    assertThat(StepText.parse(StepText.line(empty))).isEqualTo(empty);
  }

  @Test
  void everyStepIsAnswered() {
    for (long seed = 0; seed < 40; seed++) {
      var world = new ModelWorld(SCHEMA, Scripts.EDGES, Scripts.START);
      for (var step : script(seed, 100)) {
        assertThat(world.apply(step)).as("%s", step).doesNotContain("refused");
      }
    }
  }

  @Test
  void everySurfaceIsTouchedOftenAndInTheOpening() {
    Map<Surface, Integer> touched = new EnumMap<>(Surface.class);
    for (long seed = 0; seed < 20; seed++) {
      var world = new ModelWorld(SCHEMA, Scripts.EDGES, Scripts.START);
      for (var step : script(seed, 60)) {
        world.touches(step).forEach(surface -> touched.merge(surface, 1, Integer::sum));
        world.apply(step);
      }
    }
    for (var surface : Surface.values()) {
      assertThat(touched.get(surface)).as("%s of %s", surface, touched).isGreaterThan(20 * 12);
    }
  }

  @Test
  void aKeyedStepIsDoneOnce() {
    var world = new ModelWorld(SCHEMA, Scripts.EDGES, Scripts.START);
    var step = new Step.Keyed(5, new Step.Gave(1, "view", 1, 1, 7));
    assertThat(world.apply(step)).isEqualTo(world.apply(step));
    assertThat(world.entities().happenings(io.tidaldb.schema.EntityId.of(1), "view")).hasSize(1);
  }
}
