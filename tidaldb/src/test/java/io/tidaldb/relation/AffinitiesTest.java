package io.tidaldb.relation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AffinitiesTest {

  private static final long EARLY = Duration.ofDays(20_000).toNanos();
  private static final long LATE = EARLY + Duration.ofDays(100).toNanos();

  private static byte[] bytes(Affinities affinities) {
    var out = ByteBuffer.allocate(affinities.sizeBytes());
    affinities.encode(out);
    return out.array();
  }

  /// A user with nothing is not saved, so having had something once must leave no trace.
  private static void assertForgotten(Consumer<Affinities> life) {
    var lived = new Affinities();
    life.accept(lived);
    assertThat(lived.size()).isZero();
    var fresh = new Affinities();
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
    assertForgotten(affinities -> affinities.decode(ByteBuffer.wrap(bytes(new Affinities()))));
  }
}
