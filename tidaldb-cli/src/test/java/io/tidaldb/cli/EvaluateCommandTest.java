package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {

  @TempDir private Path folder;

  @Test
  void everyContenderHasALine() throws IOException {
    var mapping = Cli.mapping(folder);
    var ran = Cli.run("evaluate", "--mapping", mapping, "--from", "0", "--profile", "hot");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "popularity",
            "popularity, 365 d",
            "item-kNN",
            "hot",
            "0 evaluated events of 4, 1 rows rejected");
  }

  @Test
  void jsonHasEveryNumber() throws IOException {
    var ran = Cli.run("evaluate", "--mapping", Cli.mapping(folder), "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines()).hasSize(4);
    assertThat(ran.json().propertyNames())
        .containsExactlyInAnyOrder(
            "ranked_by",
            "events",
            "ndcg_at_10",
            "hit_rate_at_10",
            "coverage",
            "novelty_bits",
            "mean_micros",
            "p50_micros",
            "p99_micros");
  }

  @Test
  void aSpanThatIsNoneIsAWrongRequest() throws IOException {
    var ran = Cli.run("evaluate", "--mapping", Cli.mapping(folder), "--from", "0.9", "--to", "0.8");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("from=0.9 to=0.8");
  }
}
