package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.UnsupportedFormatException;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventCodecProperties {

  @Test
  void everyEventIsReadAsItWasWritten() {
    each(
        2_000,
        random -> {
          var event = new RandomEvents(random).event();
          assertThat(EventCodecTest.decode(EventCodecTest.bytes(event))).isEqualTo(event);
        });
  }

  @Test
  void anyDamagedRecordIsRefusedOrAnEventOfTheSameBytes() {
    each(
        5_000,
        random -> {
          var bytes = EventCodecTest.bytes(new RandomEvents(random).event());
          for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          }
          var in = ByteBuffer.wrap(bytes);
          try {
            var event = EventCodec.decode(in, "file", 0);
            // Strict: what is accepted has exactly one form.
            assertThat(EventCodecTest.bytes(event)).isEqualTo(Arrays.copyOf(bytes, in.position()));
          } catch (CorruptionException | UnsupportedFormatException e) {
            assertThat(e).hasMessageContaining("file");
          }
        });
  }

  private static void each(int tries, Consumer<SplittableRandom> statement) {
    Property.forAll(Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE))
        .tries(tries)
        .check(seed -> statement.accept(new SplittableRandom(seed)));
  }
}
