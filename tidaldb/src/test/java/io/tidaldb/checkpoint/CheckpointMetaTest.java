package io.tidaldb.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Digest;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CheckpointMetaTest {

  private static final CheckpointMeta META =
      new CheckpointMeta(Timestamp.ofNanos(0x0A0B), 7, 3, 5, 1234, filled(0x11), filled(0x22));

  @Test
  void goldenBytes() {
    assertThat(HexFormat.of().formatHex(META.encode()))
        .isEqualTo(
            "544944414c434b50"
                + "0100"
                + "0000"
                + "00000000"
                + "0300000000000000"
                + "0700000000000000"
                + "0b0a000000000000"
                + "0500000000000000"
                + "d204000000000000"
                + "11".repeat(32)
                + "22".repeat(32)
                + "00000000"
                + "623b5c74");
  }

  @Test
  void whatIsEncodedIsDecoded() {
    assertThat(META.encode()).hasSize(CheckpointMeta.SIZE);
    assertThat(CheckpointMeta.decode(META.encode())).isEqualTo(META);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (int bit = 0; bit < CheckpointMeta.SIZE * 8; bit++) {
      byte[] bytes = META.encode();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> CheckpointMeta.decode(bytes))
          .isInstanceOf(CorruptionException.class);
    }
    assertThatThrownBy(() -> CheckpointMeta.decode(new byte[127]))
        .isInstanceOf(CorruptionException.class);
  }

  @Test
  void aLaterVersionIsNotCorruption() {
    for (int at : new int[] {8, 10, 12, 120}) {
      byte[] bytes = META.encode();
      bytes[at]++;
      var crc = new CRC32C();
      crc.update(bytes, 0, 124);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(124, (int) crc.getValue());
      assertThatThrownBy(() -> CheckpointMeta.decode(bytes))
          .isInstanceOf(UnsupportedFormatException.class);
    }
  }

  @Test
  void theHashIsNeverZeroOnDisk() {
    var meta = CheckpointMeta.of(Timestamp.ofNanos(1), 2);

    assertThat(meta.payloadHash().isZero()).isTrue();
    assertThat(meta.position()).isEqualTo(2);
    assertThatThrownBy(meta::encode).isInstanceOf(IllegalStateException.class);
    assertThat(CheckpointMeta.of(Timestamp.ofNanos(1), 2, filled(1)).payloadHash())
        .isEqualTo(filled(1));
  }

  private static Digest filled(int value) {
    byte[] bytes = new byte[Digest.SIZE];
    Arrays.fill(bytes, (byte) value);
    return Digest.ofStored(bytes);
  }
}
