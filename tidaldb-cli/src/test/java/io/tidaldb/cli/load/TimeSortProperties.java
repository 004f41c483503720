package io.tidaldb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimeSortProperties {

  private static final long SEED = Long.getLong("tidal.seed", 20_261);

  @Test
  void whatGoesInComesOutInOrderOfTimeThenLine() {
    for (var round = 0; round < 40; round++) {
      var seed = SEED + round;
      var random = new SplittableRandom(seed);
      var records = new ArrayList<TimeSort.Timed>();
      for (var line = 0; line < random.nextInt(900); line++) {
        records.add(
            new TimeSort.Timed(random.nextInt(50) - 5, line, "row\n" + random.nextInt(9) + "é"));
      }
      try (var sort = new TimeSort(1 + random.nextInt(40))) {
        records.forEach(sort::add);
        var sorted = new ArrayList<TimeSort.Timed>();
        sort.sorted().forEachRemaining(sorted::add);
        records.sort(Comparator.comparingLong(TimeSort.Timed::nanos));
        assertThat(sorted).as("seed %d", seed).isEqualTo(records);
        assertThat(sort.size()).isEqualTo(records.size());
      }
    }
  }

  @Test
  void manyRunsAreMergedInSteps() {
    try (var sort = new TimeSort(1)) {
      for (var line = 0; line < 200; line++) {
        sort.add(new TimeSort.Timed(-line, line, ""));
      }
      assertThat(sort.runsWritten()).isGreaterThan(200);
      assertThat(sort.sorted().next().line()).isEqualTo(199);
    }
  }
}
