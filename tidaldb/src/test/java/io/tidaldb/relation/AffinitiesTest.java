package io.tidaldb.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.ledger.ForwardDecay;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AffinitiesTest {

  private static final long EARLY = Duration.ofDays(20_000).toNanos();
  private static final long LATE = EARLY + Duration.ofDays(100).toNanos();

  private static final ForwardDecay MONTH = new ForwardDecay(Duration.ofDays(30).toNanos());
  private static final ForwardDecay DAY = new ForwardDecay(Duration.ofDays(1).toNanos());

  private static byte[] bytes(Affinities affinities) {
    var out = ByteBuffer.allocate(affinities.sizeBytes());
    affinities.encode(out);
    return out.array();
  }

  /// A user with nothing is not saved, so having had something once must leave no trace.
  private static void assertForgotten(Consumer<Affinities> life) {
    var lived = new Affinities(MONTH);
    life.accept(lived);
    assertThat(lived.size()).isZero();
    var fresh = new Affinities(MONTH);
    assertThat(bytes(lived)).isEqualTo(bytes(fresh));
    lived.add(2, 1.5, LATE);
    fresh.add(2, 1.5, LATE);
    assertThat(bytes(lived)).isEqualTo(bytes(fresh));
  }

  @Test
  void whoHasNothingLeftIsLikeWhoHadNothing() {
    assertForgotten(
        affinities -> {
          affinities.add(1, 1, EARLY);
          affinities.remove(1);
        });
    assertForgotten(
        affinities -> {
          affinities.set(1, 3, EARLY);
          affinities.set(1, 0, EARLY);
        });
    assertForgotten(
        affinities -> {
          affinities.add(1, 1, EARLY);
          affinities.add(1, -2, EARLY);
        });
    assertForgotten(affinities -> affinities.add(1, -1, EARLY));
    assertForgotten(affinities -> affinities.decode(ByteBuffer.wrap(bytes(new Affinities(MONTH)))));
  }

  @Test
  void anotherHalfLifeKeepsWhatIsAndDecaysDifferentlyFromThere() {
    var affinities = new Affinities(MONTH);
    affinities.add(1, 4, EARLY);
    affinities.add(2, 1, EARLY);
    long month = EARLY + Duration.ofDays(30).toNanos();
    affinities.change(DAY, month);
    double factor = affinities.factor(month);
    assertThat(affinities.sum(affinities.find(1)) * factor).isCloseTo(2, within(1e-12));
    assertThat(affinities.sum(affinities.find(2)) * factor).isCloseTo(0.5, within(1e-12));
    long later = month + Duration.ofDays(2).toNanos();
    assertThat(affinities.sum(affinities.find(1)) * affinities.factor(later))
        .isCloseTo(0.5, within(1e-12));
    affinities.add(1, 1, later);
    assertThat(affinities.sum(affinities.find(1)) * affinities.factor(later))
        .isCloseTo(1.5, within(1e-12));
  }

  @Test
  void whatIsFarBelowEverythingIsForgottenWhenTheHalfLifeChanges() {
    var affinities = new Affinities(DAY);
    affinities.add(1, 4, EARLY);
    affinities.change(MONTH, EARLY + Duration.ofDays(1_000).toNanos());
    assertThat(affinities.size()).isZero();
    assertThat(affinities.landmark()).isEqualTo(ForwardDecay.NONE);
  }
}
