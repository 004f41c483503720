package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CrashesTest {

  @Test
  void theWorldStopsAtTheNthArrivalAndStaysSo() {
    Crashes crashes = Crashes.at(CrashPoint.WAL_PRE_AGGREGATE, 2);
    crashes.reached(CrashPoint.WAL_PRE_AGGREGATE);
    crashes.reached(CrashPoint.CHECKPOINT_PRE_FLUSH);
    assertThat(crashes.fired()).isFalse();
    assertThatThrownBy(() -> crashes.reached(CrashPoint.WAL_PRE_AGGREGATE))
        .isInstanceOf(SimulatedCrash.class)
        .hasMessageContaining("WAL_PRE_AGGREGATE");
    assertThatThrownBy(() -> crashes.reached(CrashPoint.CHECKPOINT_PRE_FLUSH))
        .isInstanceOf(SimulatedCrash.class);
    assertThat(crashes.fired()).isTrue();
    assertThat(crashes.hits(CrashPoint.WAL_PRE_AGGREGATE)).isEqualTo(2);
    assertThat(crashes.hits(CrashPoint.WAL_POST_AGGREGATE)).isZero();
  }

  @Test
  void countingNeverFires() {
    Crashes crashes = Crashes.counting();
    for (int i = 0; i < 5; i++) {
      crashes.reached(CrashPoint.CO_ENGAGEMENT_UPDATE);
    }
    assertThat(crashes.hits(CrashPoint.CO_ENGAGEMENT_UPDATE)).isEqualTo(5);
    assertThat(crashes.fired()).isFalse();
  }

  @Test
  void arrivalsCountFromOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Crashes.at(CrashPoint.WAL_PRE_AGGREGATE, 0));
  }

  @Test
  @Timeout(60)
  void aHaltEndsTheProcessAsAKillDoes() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HaltChild.class.getName())
            .start();
    assertThat(child.waitFor()).isEqualTo(137);
    assertThat(child.getInputStream().readAllBytes())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("1");
  }

  @Test
  void aManualClockMovesOnlyWhenTold() {
    ManualClock clock = new ManualClock();
    Instant start = clock.instant();
    assertThat(clock.instant()).isEqualTo(start);
    assertThat(clock.advance(Duration.ofSeconds(3))).isEqualTo(start.plusSeconds(3));
    clock.set(start.minusSeconds(1));
    assertThat(clock.instant()).isEqualTo(start.minusSeconds(1));
  }

  /// Arrives twice; the second arrival halts, so neither text nor shutdown hook follows.
  static final class HaltChild {

    private HaltChild() {}

    public static void main(String[] arguments) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("hook")));
      Crashes crashes = Crashes.haltAt(CrashPoint.WAL_PRE_AGGREGATE, 2);
      crashes.reached(CrashPoint.WAL_PRE_AGGREGATE);
      System.out.print("1");
      System.out.flush();
      crashes.reached(CrashPoint.WAL_PRE_AGGREGATE);
      System.out.print("2");
    }
  }
}
