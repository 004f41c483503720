package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.schema.Experiment;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  private static final int USERS = 100_000;
  private static final long GOLDEN_A = 0x7cea8b078d1d8db6L;
  private static final long GOLDEN_B = 0x9f4b575a821ab64dL;

  private static final Experiment THREE =
      Experiment.named("home")
          .variant("hot", 1, 0.6)
          .variant("new", 1, 0.3)
          .variant("trending", 1, 0.1)
          .build();

  private static Experiment half(String salt) {
    return Experiment.named("x").salt(salt).variant("hot", 1, 0.5).variant("new", 1, 0.5).build();
  }

  @Test
  void sharesAreMetWithinOnePercent() {
    int[] counts = new int[3];
    for (long user = 0; user < USERS; user++) {
      counts[Assignment.variant(THREE, user * 0x9E3779B97F4A7C15L)]++;
    }
    assertThat(counts[0] / (double) USERS).isCloseTo(0.6, within(0.01));
    assertThat(counts[1] / (double) USERS).isCloseTo(0.3, within(0.01));
    assertThat(counts[2] / (double) USERS).isCloseTo(0.1, within(0.01));
  }

  @Test
  void saltsAreIndependent() {
    int[] both = new int[4];
    for (long user = 0; user < USERS; user++) {
      both[2 * Assignment.variant(half("a"), user) + Assignment.variant(half("b"), user)]++;
    }
    for (int count : both) {
      assertThat(count / (double) USERS).isCloseTo(0.25, within(0.01));
    }
  }

  /// BLAKE3 of `6100000000000000000007` and of `736f6d652073616c7400ffffffffffffffff`, as another
  /// implementation computes it.
  @Test
  void thePointIsThatOfTheDocumentedHash() {
    assertThat(Assignment.point("a", 7)).isEqualTo((GOLDEN_A >>> 11) * 0x1p-53);
    assertThat(Assignment.point("some salt", -1)).isEqualTo((GOLDEN_B >>> 11) * 0x1p-53);
  }

  @Test
  void theLastVariantTakesWhatRoundingLeaves() {
    var one = Experiment.named("x").variant("hot", 1, 1).build();
    for (long user = 0; user < 1_000; user++) {
      assertThat(Assignment.variant(one, user)).isZero();
    }
  }
}
