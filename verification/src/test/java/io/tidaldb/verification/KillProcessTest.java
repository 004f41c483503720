package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.fault.CrashPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes is killed at random moments and halts itself at crash points. It proves
/// order and replay; what a power cut may take is the matter of [CrashSimulation].
final class KillProcessTest {

  private static final int ROUNDS_PER_DIRECTORY = 10;
  private static final int KILLS = 50;
  private static final int KILLS_SLOW = 1_200;

  @TempDir private Path root;

  @Test
  void nothingAnsweredIsLostAndNothingIsCountedTwice() throws Exception {
    int kills = Settings.tries(Settings.isSlow() ? KILLS_SLOW : KILLS);
    long seed = Settings.seed();
    var tally = new KillCampaign.Tally();
    for (int directory = 0; tally.kills < kills; directory++) {
      var place = Files.createDirectory(root.resolve("campaign" + directory));
      var campaign = new KillCampaign(place, seed + directory, tally);
      for (int round = 0; round < ROUNDS_PER_DIRECTORY && tally.kills < kills; round++) {
        campaign.round(round);
      }
      Directories.delete(place);
    }
    System.out.println("kill campaign: seed=" + seed + " " + tally);
    floors(tally, kills);
  }

  /// A child that never ran, or never wrote, must not pass.
  private static void floors(KillCampaign.Tally tally, int kills) {
    assertThat(tally.kills).isGreaterThanOrEqualTo(kills);
    assertThat(tally.answered).as("answered calls").isGreaterThan(50L * kills);
    assertThat(tally.killsWhileWriting).as("kills while writing").isGreaterThan(kills / 2);
    assertThat(tally.checkpoints).as("checkpoints").isGreaterThan(kills);
    assertThat(tally.repeats).as("repeated calls").isGreaterThan(kills);
    assertThat(tally.replayed).as("replayed events").isGreaterThan(10L * kills);
    for (var point :
        List.of(
            CrashPoint.WAL_PRE_AGGREGATE,
            CrashPoint.WAL_POST_AGGREGATE,
            CrashPoint.CHECKPOINT_PRE_FLUSH,
            CrashPoint.CHECKPOINT_POST_FLUSH,
            CrashPoint.SIGNAL_AGGREGATION_UPDATE)) {
      assertThat(tally.hits).as("hits of %s", point).containsKey(point);
      assertThat(tally.hits.get(point)).as("hits of %s", point).isGreaterThanOrEqualTo(kills / 12);
    }
  }
}
