package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidaldb.cli.evaluate.Prequential;
import io.tidaldb.cli.evaluate.Replay;
import io.tidaldb.cli.evaluate.Score;
import io.tidaldb.cli.load.Mapping;
import io.tidaldb.cli.load.Progress;
import io.tidaldb.cli.load.Rejects;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How well a real log is foreseen: the baselines give the numbers that others have computed for
/// them, and `for_you` gives more.
final class EvaluateTest {

  private static final RealData FILMS = RealData.ML_LATEST_SMALL;
  private static final Offset<Double> CLOSE = within(0.001);

  @TempDir private Path root;

  @BeforeEach
  void dataAreThere() {
    assumeTrue(
        FILMS.directory().isPresent(),
        () ->
            "skipped: no data in "
                + System.getProperty("tidal.shared")
                + " for "
                + FILMS
                + "; say where they are with -Dtidal.shared=DIR");
  }

  private Replay films() {
    try (var rejects = new Rejects(root.resolve("rejects"))) {
      return Replay.read(Mapping.read(FILMS.mapping()), FILMS.directory().orElseThrow(), rejects);
    }
  }

  @Test
  void theBaselinesAreThePublishedOnes() {
    var replay = films();
    assertThat(replay.events()).hasSize(100_836);
    var scores = Prequential.baselines(replay, Prequential.Span.LAST_FIFTH);
    assertThat(scores).extracting(Score::events).containsOnly(8_886);
    var popularity = scores.get(0);
    assertThat(popularity.ndcg()).isCloseTo(0.0223, CLOSE);
    assertThat(popularity.hitRate()).isCloseTo(0.043, CLOSE);
    assertThat(scores.get(1).ndcg()).isCloseTo(0.0286, CLOSE);
    var itemKnn = scores.get(2);
    assertThat(itemKnn.ndcg()).isCloseTo(0.0349, CLOSE);
    assertThat(itemKnn.hitRate()).isCloseTo(0.068, CLOSE);
  }

  /// The feed itself, without any vector, by a database that learns as the log goes on.
  @Test
  void forYouForeseesMoreThanTheBaselines() {
    var scores =
        Prequential.compare(
            films(), Prequential.Span.LAST_FIFTH, List.of("for_you"), Progress.NONE);
    var forYou = scores.getLast();
    assertThat(forYou.name()).isEqualTo("for_you");
    assertThat(forYou.events()).isEqualTo(8_886);
    assertThat(forYou.ndcg()).isGreaterThanOrEqualTo(0.065);
    assertThat(forYou.hitRate()).isGreaterThanOrEqualTo(0.12);
  }
}
