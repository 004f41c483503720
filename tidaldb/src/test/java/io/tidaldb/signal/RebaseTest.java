package io.tidaldb.signal;

import static io.tidaldb.signal.SignalWorld.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ledger.Exp2;
import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RebaseTest {

  private static final long HALF_LIFE = Duration.ofHours(1).toNanos();

  @Test
  void aMovedLandmarkChangesNoBit() {
    for (long jump : new long[] {1, 511, 512, 513, 514, 900, 960}) {
      var world = world();
      world.signal(0, 1, 3, START + 7);
      world.signal(0, 2, 1e-9, START);
      long at = START + jump * HALF_LIFE;
      double first = world.score(0, 1, at);
      double second = world.score(0, 2, at);
      world.signal(0, 3, 1, at);
      assertThat(world.score(0, 1, at)).as("jump=%s", jump).isEqualTo(first);
      assertThat(world.score(0, 2, at)).as("jump=%s", jump).isEqualTo(second);
      assertThat(world.view.verify()).isEmpty();
    }
  }

  @Test
  void theLandmarkMovesPast512HalfLivesOnly() {
    for (long jump : new long[] {511, 512, 513}) {
      var world = world();
      world.signal(0, 1, 1, START);
      long before = landmark(world);
      world.signal(0, 1, 1, START + jump * HALF_LIFE);
      assertThat(landmark(world) - before).isEqualTo(jump > 512 ? jump : 0);
    }
  }

  @Test
  void oneStepAndSeveralGiveTheSameBits() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 10_000; i++) {
      double sum = (random.nextDouble() + 0.5) * Exp2.power(random.nextInt(1_600) - 999);
      long far = random.nextLong(2_000);
      long near = random.nextLong(far + 1);
      double once = ForwardDecay.rebased(sum, far);
      assertThat(ForwardDecay.rebased(ForwardDecay.rebased(sum, near), far - near)).isEqualTo(once);
      assertThat(once == 0 || Math.getExponent(once) >= -1_000).isTrue();
    }
  }

  @Test
  void aMillionHalfLivesOfExtremeWeightsStayFinite() {
    var world =
        new SignalWorld(
            SignalWorld.type("view", 0, Decay.exponential(Duration.ofSeconds(1)), Set.of()));
    var random = new SplittableRandom(4);
    long second = SignalWorld.SECOND;
    long now = START;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(100) * second;
      world.signal(
          0, i % 5, random.nextBoolean() ? 1e9 : 1e-9, now - random.nextLong(2_000) * second);
      double score = world.score(0, i % 5, now);
      assertThat(score).isFinite().isNotNegative();
    }
    assertThat(world.view.verify()).isEmpty();
  }

  private static long landmark(SignalWorld world) {
    String state = world.state();
    int at = state.indexOf("landmark=") + "landmark=".length();
    return Long.parseLong(state.substring(at, state.indexOf(' ', at)));
  }

  private static SignalWorld world() {
    return new SignalWorld(
        SignalWorld.type(
            "view", 0, Decay.exponential(Duration.ofNanos(HALF_LIFE)), Set.of(Window.ALL_TIME)));
  }
}
