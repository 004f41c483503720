package io.tidaldb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealedRowTest {

  private static final String ROW = "SYSTEM/MV/some";

  private static ByteBuffer open(byte[] value) {
    return SealedRow.open(value, "a row is damaged", ROW);
  }

  @Test
  void whatWasSealedIsOpened() {
    byte[] text = "content".getBytes(StandardCharsets.UTF_8);
    var content = open(SealedRow.seal(ByteBuffer.allocate(100).put(text)));
    assertThat(StandardCharsets.UTF_8.decode(content).toString()).isEqualTo("content");
    assertThat(open(SealedRow.seal(ByteBuffer.allocate(0))).remaining()).isZero();
    for (long number : new long[] {0, 1, -1, Long.MIN_VALUE}) {
      assertThat(SealedRow.number(SealedRow.seal(number), "damaged", ROW)).isEqualTo(number);
    }
  }

  @Test
  void anyFlippedBitIsReported() {
    byte[] value = SealedRow.seal(1_234_567_890L);
    for (int bit = 0; bit < 8 * value.length; bit++) {
      byte[] damaged = value.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> open(damaged))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(ROW);
    }
  }

  @Test
  void anyOtherLengthIsReported() {
    byte[] value = SealedRow.seal(7);
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThatThrownBy(() -> SealedRow.number(cut, "damaged", ROW))
          .isInstanceOf(CorruptionException.class);
    }
    byte[] more = SealedRow.seal(ByteBuffer.allocate(9).putLong(7).put((byte) 0));
    assertThatThrownBy(() -> SealedRow.number(more, "damaged", ROW))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("9 bytes");
  }
}
