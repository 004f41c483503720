package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Checksum;
import io.tidaldb.disk.StoreId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameTest {

  private static final Event EVENT = new Event.EntityDeleted(5, EntityKind.ITEM, 6, null);

  private final FrameEncoder encoder = new FrameEncoder(SmallLogs.STORE);

  @Test
  void aFrameHasTheDocumentedBytes() {
    assertThat(HexFormat.of().formatHex(frame()))
        .isEqualTo(
            "54444246 0100 0000 28000000 01000000".replace(" ", "")
                + "0a00000000000000 6400000000000000".replace(" ", "")
                + "0900000000000000 0000000000000000".replace(" ", "")
                + "0000000000000000 81987e08 af23d8ac".replace(" ", "")
                + "28000000 11 01 0000 0500000000000000 0000000000000000".replace(" ", "")
                + "01 00000000000000 0600000000000000".replace(" ", ""));
  }

  @Test
  void aTrailerHasTheDocumentedBytes() {
    var bytes =
        new SegmentTrailer(10, 2, 100, 0x01020304).bytes(Checksum.of(SmallLogs.STORE.store()));
    var trailer = new byte[SegmentTrailer.SIZE];
    bytes.get(trailer);
    assertThat(HexFormat.of().formatHex(trailer))
        .isEqualTo(
            "54444254 0100 0000 0a00000000000000".replace(" ", "")
                + "0200000000000000 6400000000000000".replace(" ", "")
                + "04030201"
                + "00".repeat(24)
                + "a1d5bf75");
  }

  @Test
  void aFrameIsReadBackWithItsNumbers() {
    var header = read(ByteBuffer.wrap(frame()), SmallLogs.STORE.store());
    assertThat(header.firstPosition()).isEqualTo(10);
    assertThat(header.lastPosition()).isEqualTo(10);
    assertThat(header.receiveNanos()).isEqualTo(100);
    assertThat(header.durablePosition()).isEqualTo(9);
    assertThat(header.frameBytes()).isEqualTo(104);
  }

  @Test
  void aFrameOfAnotherStoreIsNone() {
    assertThat(read(ByteBuffer.wrap(frame()), SmallLogs.OTHER.store())).isNull();
  }

  @Test
  void anyFlippedBitOfAHeaderIsNoticed() {
    var bytes = frame();
    for (int bit = 0; bit < 8 * FrameHeader.SIZE; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(read(ByteBuffer.wrap(bytes), SmallLogs.STORE.store())).isNull();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void anotherVersionFlagOrReservedByteIsRefused() {
    for (int offset : new int[] {4, 6, 7, 40, 42, 44, 55}) {
      var bytes = ByteBuffer.wrap(frame()).order(ByteOrder.LITTLE_ENDIAN);
      bytes.put(offset, (byte) (bytes.get(offset) + 1));
      bytes.putInt(60, Checksum.of(SmallLogs.STORE.store()).over(bytes, 0, 60));
      assertThatThrownBy(() -> read(bytes, SmallLogs.STORE.store()))
          .isInstanceOf(UnsupportedFormatException.class);
    }
  }

  @Test
  void aFrameTakesAsManyEventsAsItsPayloadHolds() {
    var event = new Event.ProfileSaved(1, 1, "n", "x".repeat(1_000_000), null);
    encoder.begin();
    while (encoder.fits(event)) {
      encoder.add(event);
    }
    assertThat(encoder.count()).isEqualTo(4);
    assertThat(encoder.payloadBytes()).isBetween(4_000_000, 4 << 20);
    assertThatThrownBy(() -> encoder.add(event)).isInstanceOf(IllegalStateException.class);
    assertThat(encoder.count()).isEqualTo(4);
  }

  @Test
  void anEventThatCannotBeEncodedLeavesTheFrameAsItWas() {
    encoder.begin();
    encoder.add(EVENT);
    var impossible = new Event.EntityDeleted(5, EntityKind.USER, 6, null);
    assertThatThrownBy(() -> encoder.add(impossible)).isInstanceOf(IllegalArgumentException.class);
    assertThat(encoder.count()).isEqualTo(1);
    assertThat(encoder.payloadBytes()).isEqualTo(40);
  }

  private byte[] frame() {
    encoder.begin();
    encoder.add(EVENT);
    var buffer = encoder.finish(10, 100, 9);
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static FrameHeader read(ByteBuffer bytes, StoreId store) {
    return FrameHeader.read(bytes.order(ByteOrder.LITTLE_ENDIAN), 0, Checksum.of(store), "file", 0);
  }
}
