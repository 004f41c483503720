package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.UnsupportedFormatException;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileHeaderTest {

  private static final StoreId STORE = new StoreId(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
  private static final FileHeader SEGMENT =
      new FileHeader(FileKind.SEGMENT, STORE, 0x1122334455667788L, 1_767_225_600_000_000_000L, 3);

  @Test
  void theBytesAreTheseForEver() {
    assertThat(HexFormat.of().formatHex(SEGMENT.encode().array()))
        .isEqualTo(
            "544944414c444231" // TIDALDB1
                + "0300" // segment
                + "0100" // version
                + "00000000" // flags
                + "000102030405060708090a0b0c0d0e0f" // store id
                + "8877665544332211" // first position
                + "0000faed51728618" // created
                + "0000" // origin region
                + "0000" // origin shard
                + "03000000" // rewrite count
                + "00000000" // reserved
                + "9df96c3c");
  }

  @Test
  void whatWasEncodedIsDecoded() {
    Generator<Long> any = Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE);
    Generator<FileHeader> headers =
        Generator.combine(
            Generator.combine(any, any, StoreId::new),
            Generator.combine(Generator.of(FileKind.values()), any, KindAndNumber::new),
            (store, p) -> new FileHeader(p.kind(), store, p.number(), ~p.number(), 7));
    Property.forAll(headers)
        .check(
            header ->
                assertThat(FileHeader.decode(header.encode(), "f", header.kind()))
                    .isEqualTo(header));
  }

  private record KindAndNumber(FileKind kind, long number) {}

  @Test
  void anyFlippedBitIsDamage() {
    for (int bit = 0; bit < FileHeader.SIZE * 8; bit++) {
      ByteBuffer bytes = SEGMENT.encode();
      bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> FileHeader.decode(bytes, "f", FileKind.SEGMENT))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("file=f");
    }
  }

  @Test
  void aHeaderOfZerosOrTooShortIsDamage() {
    assertThatThrownBy(
            () -> FileHeader.decode(ByteBuffer.allocate(FileHeader.SIZE), "f", FileKind.SEGMENT))
        .isInstanceOf(CorruptionException.class);
    assertThatThrownBy(() -> FileHeader.decode(SEGMENT.encode().limit(63), "f", FileKind.SEGMENT))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("cut");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0, older format version",
    "10, 2, newer format version",
    "8, 9, file kind",
    "12, 1, flags",
    "15, 128, flags",
    "48, 1, origin region",
    "50, 1, origin shard",
    "56, 1, reserved bytes",
    "7, 50, magic"
  })
  void aWholeHeaderOfAnotherFormatIsNotSupported(int offset, int value, String what) {
    ByteBuffer bytes = SEGMENT.encode().order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(offset, (byte) value);
    bytes.putInt(60, Checksum.plain().over(bytes, 0, 60));
    assertThatThrownBy(() -> FileHeader.decode(bytes, "f", FileKind.SEGMENT))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("what=" + what);
  }

  @Test
  void anotherKindOfFileAndAnotherStoresFileAreDamage() {
    assertThatThrownBy(() -> FileHeader.decode(SEGMENT.encode(), "f", FileKind.CLEAN))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("expected=CLEAN actual=SEGMENT");
    SEGMENT.requireStore(STORE, "f");
    assertThatThrownBy(() -> SEGMENT.requireStore(new StoreId(1, 2), "f"))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("another store");
  }
}
