package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EventCodecTest {

  private static final Event.SignalRecorded SIGNAL =
      new Event.SignalRecorded(
          0x0102030405060708L,
          0x1122,
          EntityKind.ITEM,
          0x1112131415161718L,
          1.5,
          Event.SignalRecorded.USER | Event.SignalRecorded.CREATOR,
          0x2122232425262728L,
          0x3132333435363738L,
          0,
          IdempotencyKey.sequence(7, 9));

  @Test
  void aSignalHasTheDocumentedBytes() {
    assertThat(HexFormat.of().formatHex(bytes(SIGNAL)))
        .isEqualTo(
            "48000000 01 01 01e0 0807060504030201 2827262524232221".replace(" ", "")
                + "2211 01 0000000000 1817161514131211 000000000000f83f".replace(" ", "")
                + "3837363534333231"
                + "0700000000000000 0900000000000000".replace(" ", ""));
  }

  @Test
  void aVectorHasTheDocumentedBytes() {
    var event =
        new VectorEvent.EmbeddingWritten(
            1, EntityKind.ITEM, 0x1122, 0x1112131415161718L, new float[] {1, -0.5f}, null);
    assertThat(HexFormat.of().formatHex(bytes(event)))
        .isEqualTo(
            "30000000 12 01 0000 0100000000000000 0000000000000000".replace(" ", "")
                + "01 00 2211 02000000 1817161514131211 0000803f 000000bf".replace(" ", ""));
  }

  @Test
  void experimentsHaveTheDocumentedBytes() {
    assertThat(
            HexFormat.of().formatHex(bytes(new RankingEvent.ExperimentSaved(1, "ab", "{}", null))))
        .isEqualTo(
            "24000000 62 01 0000 0100000000000000 0000000000000000".replace(" ", "")
                + "02000000 6162 02000000 7b7d 00000000".replace(" ", ""));
    assertThat(HexFormat.of().formatHex(bytes(new RankingEvent.ExperimentDropped(1, "ab", null))))
        .isEqualTo(
            "1e000000 63 01 0000 0100000000000000 0000000000000000".replace(" ", "")
                + "02000000 6162 0000".replace(" ", ""));
  }

  @Test
  void aFeedbackPolicyHasTheDocumentedBytes() {
    assertThat(HexFormat.of().formatHex(bytes(new RankingEvent.FeedbackPolicySaved(1, "{}", null))))
        .isEqualTo(
            "1e000000 64 01 0000 0100000000000000 0000000000000000".replace(" ", "")
                + "02000000 7b7d 0000".replace(" ", ""));
  }

  @Test
  void aVectorThatIsLongerThanItsRecordIsCorruption() {
    var event = new VectorEvent.EmbeddingWritten(1, EntityKind.ITEM, 1, 2, new float[2], null);
    for (int dimensions : new int[] {-1, 1, 3, 4_097, Integer.MAX_VALUE}) {
      var bytes = ByteBuffer.wrap(bytes(event)).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(28, dimensions);
      assertThatThrownBy(() -> decode(bytes.array())).isInstanceOf(CorruptionException.class);
    }
    var bytes = ByteBuffer.wrap(bytes(event)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(40, Float.NaN);
    assertThatThrownBy(() -> decode(bytes.array())).isInstanceOf(CorruptionException.class);
  }

  @Test
  void aVectorThatIsNoNumberIsNotLogged() {
    var event =
        new VectorEvent.EmbeddingWritten(
            1, EntityKind.ITEM, 1, 2, new float[] {Float.POSITIVE_INFINITY}, null);
    assertThatThrownBy(() -> bytes(event)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSignalTakesFortyEightBytesWithOrWithoutUser() {
    var without = new Event.SignalRecorded(1, 2, EntityKind.ITEM, 3, 1, 0, 0, 0, 0, null);
    var with =
        new Event.SignalRecorded(
            1, 2, EntityKind.ITEM, 3, 1, Event.SignalRecorded.USER, 4, 0, 0, null);
    assertThat(EventCodec.encodedSize(without)).isEqualTo(48);
    assertThat(EventCodec.encodedSize(with)).isEqualTo(48);
  }

  @Test
  void numbersHaveTheDocumentedBytes() {
    var changes =
        new MetadataChanges(
            new TreeMap<>(
                Map.of("a", new MetadataValue.Real(1.5), "c", new MetadataValue.Flag(true))),
            Set.of("b"),
            Set.of("a", "b", "c"));
    var event = new Event.NumbersWritten(0x0102, EntityKind.ITEM, 0x0304, changes, null);
    assertThat(HexFormat.of().formatHex(bytes(event)))
        .isEqualTo(
            "56000000 13 01 0000 0201000000000000 0000000000000000".replace(" ", "")
                + "01 00000000000000 0403000000000000 03000000".replace(" ", "")
                + "01000000 61 04 000000000000f83f".replace(" ", "")
                + "01000000 62 00 0000000000000000".replace(" ", "")
                + "01000000 63 07 0100000000000000 0000".replace(" ", ""));
    assertThat(decode(bytes(event))).isEqualTo(event);
  }

  @Test
  void aMergedWriteHasAFlag() {
    var event = new Event.EntityWritten(1, EntityKind.ITEM, 2, Metadata.empty(), true, null);
    assertThat(bytes(event)[6]).isEqualTo((byte) 1);
    assertThat(decode(bytes(event))).isEqualTo(event);
  }

  @Test
  void aTextAmongNumbersIsCorruption() {
    var changes =
        new MetadataChanges(
            new TreeMap<>(Map.of("a", new MetadataValue.Real(1.5))), Set.of(), Set.of("a"));
    var bytes = bytes(new Event.NumbersWritten(1, EntityKind.ITEM, 2, changes, null));
    for (var type : FieldType.values()) {
      bytes[49] = (byte) type.code();
      if (!type.isNumeric()) {
        assertThatThrownBy(() -> decode(bytes)).isInstanceOf(CorruptionException.class);
      }
    }
    bytes[49] = 99;
    assertThatThrownBy(() -> decode(bytes)).isInstanceOf(CorruptionException.class);
  }

  @Test
  void aTextKeyIsLoggedAsTheFirstBytesOfItsHash() {
    var event = new Event.EntityDeleted(1, EntityKind.ITEM, 2, IdempotencyKey.of("")).key();
    var read = decode(bytes(new Event.EntityDeleted(1, EntityKind.ITEM, 2, event)));
    // BLAKE3 of nothing begins af1349b9f5f9a1a6 a0404dea36dcc949.
    assertThat(read.key())
        .isEqualTo(new IdempotencyKey.Bits(0xa6a1f9f5b94913afL, 0x49c9dc36ea4d40a0L));
  }

  @Test
  void whatIsUnknownIsRefusedAndNeverSkipped() {
    refused(bytes -> bytes.put(4, (byte) 0x02));
    refused(bytes -> bytes.put(4, (byte) 0x80));
    refused(bytes -> bytes.put(5, (byte) 2));
    refused(bytes -> bytes.putShort(6, (short) (bytes.getShort(6) | 1 << 5)));
    refused(bytes -> bytes.put(26, (byte) 9));
    refused(bytes -> bytes.put(27, (byte) 1));
  }

  @Test
  void aSequenceFlagWithoutAKeyIsRefused() {
    refused(bytes -> bytes.putShort(6, (short) (bytes.getShort(6) & 0x7FFF)));
  }

  @Test
  void impossibleContentIsCorruption() {
    corrupt(bytes -> bytes.putInt(0, 23));
    corrupt(bytes -> bytes.putInt(0, -1));
    corrupt(bytes -> bytes.putInt(0, 80));
    corrupt(bytes -> bytes.putInt(0, 64));
    corrupt(bytes -> bytes.putLong(8, -1));
    corrupt(bytes -> bytes.putDouble(40, Double.NaN));
    corrupt(bytes -> bytes.putDouble(40, Double.NEGATIVE_INFINITY));
    corrupt(bytes -> bytes.putLong(64, -1));
    corrupt(bytes -> bytes.putShort(6, (short) (bytes.getShort(6) & ~Event.SignalRecorded.USER)));
  }

  @Test
  void aLengthIsCheckedBeforeAnythingIsAllocated() {
    var bytes = ByteBuffer.wrap(bytes(new Event.ProfileDropped(1, 2, "name", null)));
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(32, 0x7FFF_FFFF);
    assertThatThrownBy(() -> decode(bytes.array()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("name")
        .hasMessageContaining("2147483647");
  }

  @Test
  void aTextThatIsNotUtf8IsCorruption() {
    var bytes = bytes(new Event.ProfileDropped(1, 2, "name", null));
    bytes[36] = (byte) 0xC0;
    assertThatThrownBy(() -> decode(bytes))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void paddingThatIsNotZeroIsRefused() {
    var bytes = bytes(new Event.ProfileDropped(1, 2, "abc", null));
    bytes[bytes.length - 1] = 1;
    assertThatThrownBy(() -> decode(bytes)).isInstanceOf(UnsupportedFormatException.class);
  }

  @Test
  void halfASurrogatePairIsRefusedBeforeItIsLogged() {
    assertThatThrownBy(
            () -> EventCodec.encodedSize(new Event.ProfileDropped(1, 2, "a\uD800", null)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aRecordAboveOneMebibyteIsRefused() {
    var long_ = new Event.ProfileSaved(1, 2, "n", "x".repeat(1 << 20), null);
    assertThatThrownBy(() -> EventCodec.encodedSize(long_))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("1048576");
  }

  @Test
  void aUserBelongsToItself() {
    var bytes = bytes(new Event.EntityWritten(1, EntityKind.USER, 5, Metadata.empty(), null));
    assertThat(decode(bytes).user()).isEqualTo(5);
    bytes[16] = 6;
    assertThatThrownBy(() -> decode(bytes)).isInstanceOf(CorruptionException.class);
  }

  @Test
  void mapsAreSortedWithoutDuplicates() {
    var ids = new TreeMap<String, Integer>();
    ids.put("aa", 0);
    ids.put("ab", 1);
    var bytes = bytes(new Event.SchemaChanged(1, "", ids));
    assertThat(((Event.SchemaChanged) decode(bytes)).ids()).isEqualTo(ids);
    var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("ab") + 1] = 'a';
    assertThatThrownBy(() -> decode(bytes)).isInstanceOf(CorruptionException.class);
  }

  private interface Damage {
    void apply(ByteBuffer bytes);
  }

  private static void refused(Damage damage) {
    assertThatThrownBy(() -> decode(damaged(damage)))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("file");
  }

  private static void corrupt(Damage damage) {
    assertThatThrownBy(() -> decode(damaged(damage))).isInstanceOf(CorruptionException.class);
  }

  private static byte[] damaged(Damage damage) {
    var bytes = bytes(SIGNAL);
    damage.apply(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  static byte[] bytes(Event event) {
    var out = ByteBuffer.allocate(EventCodec.aligned(EventCodec.encodedSize(event)));
    EventCodec.encode(event, out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  static Event decode(byte[] bytes) {
    return EventCodec.decode(ByteBuffer.wrap(bytes), "file", 0);
  }
}
