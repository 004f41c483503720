package io.tidaldb.entity;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.Timestamp;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// The bytes of an entity's row, big-endian.
///
/// ```
///  0        1               9               17              25           33       35
/// +--------+---------------+---------------+---------------+------------+--------+-------- ...
/// | 2      | first position| first time    | last position | written at | values | value, value …
/// +--------+---------------+---------------+---------------+------------+--------+-------- ...
///
/// ... --+--------+-------- ... -+-----------+
///       | times  | time, time … | CRC32C u32|
/// ... --+--------+-------- ... -+-----------+
///
///  value:  key length u8 | key | field type u8 | content
///  time:   key length u8 | key | time i64
/// ```
///
/// | Type | Content |
/// |---|---|
/// | keyword, text, plain | length u32, UTF-8 |
/// | tags | count u8, then each as length u16, UTF-8 |
/// | whole, moment, id | 8 bytes |
/// | real | 8 bytes, IEEE 754 |
/// | span | seconds i64, nanoseconds u32 |
/// | flag | 1 byte |
final class EntityRowCodec {

  private static final byte VERSION = 2;
  private static final int FIXED_BYTES = 1 + 4 * 8 + 2 + 2 + 4;

  private EntityRowCodec() {}

  /// What a row holds.
  ///
  /// @param firstPosition position of the first write of this life
  /// @param firstTime its time
  /// @param lastPosition position of the last write
  /// @param image what it is
  record Row(long firstPosition, long firstTime, long lastPosition, Image image) {

    Metadata metadata() {
      return image.metadata();
    }
  }

  static byte[] encode(Row row) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    int size = FIXED_BYTES;
    for (var entry : row.metadata().values().entrySet()) {
      byte[] content = content(entry.getValue());
      contents.put(entry.getKey(), content);
      size += 2 + utf8(entry.getKey()).length + content.length;
    }
    for (var field : row.image().since().keySet()) {
      size += 1 + utf8(field).length + 8;
    }
    var out = ByteBuffer.allocate(size);
    out.put(VERSION)
        .putLong(row.firstPosition())
        .putLong(row.firstTime())
        .putLong(row.lastPosition())
        .putLong(row.image().writtenAt())
        .putShort((short) contents.size());
    for (var entry : row.metadata().values().entrySet()) {
      byte[] key = utf8(entry.getKey());
      out.put((byte) key.length).put(key).put((byte) entry.getValue().type().code());
      out.put(contents.getOrDefault(entry.getKey(), new byte[0]));
    }
    out.putShort((short) row.image().since().size());
    for (var time : row.image().since().entrySet()) {
      byte[] key = utf8(time.getKey());
      out.put((byte) key.length).put(key).putLong(time.getValue());
    }
    return out.putInt(checksum(out.array(), out.position())).array();
  }

  private static byte[] content(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Text(var type, var text) -> {
        byte[] bytes = utf8(text);
        yield ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
      }
      case MetadataValue.Tags(var keywords) -> tags(keywords);
      case MetadataValue.Whole(var number) -> word(number);
      case MetadataValue.Real(var number) -> word(Double.doubleToRawLongBits(number));
      case MetadataValue.Span(var span) ->
          ByteBuffer.allocate(12).putLong(span.getSeconds()).putInt(span.getNano()).array();
      case MetadataValue.Moment(var time) -> word(time.nanos());
      case MetadataValue.Flag(var flag) -> new byte[] {(byte) (flag ? 1 : 0)};
      case MetadataValue.Id(var id) -> word(id.value());
    };
  }

  private static byte[] tags(List<String> keywords) {
    List<byte[]> all = keywords.stream().map(EntityRowCodec::utf8).toList();
    var out = ByteBuffer.allocate(1 + all.stream().mapToInt(bytes -> 2 + bytes.length).sum());
    out.put((byte) keywords.size());
    all.forEach(bytes -> out.putShort((short) bytes.length).put(bytes));
    return out.array();
  }

  private static byte[] word(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /// @param where the row's key in words, for the report
  /// @throws CorruptionException if the bytes are no row
  static Row decode(byte[] bytes, String where) {
    if (bytes.length < FIXED_BYTES || bytes[0] != VERSION) {
      throw corrupt(where, "a row of version " + VERSION, bytes.length + " bytes");
    }
    var in = ByteBuffer.wrap(bytes);
    int expected = in.getInt(bytes.length - 4);
    int actual = checksum(bytes, bytes.length - 4);
    if (expected != actual) {
      throw corrupt(where, Integer.toHexString(expected), Integer.toHexString(actual));
    }
    try {
      in.limit(bytes.length - 4).position(1);
      long firstPosition = in.getLong();
      long firstTime = in.getLong();
      long lastPosition = in.getLong();
      long writtenAt = in.getLong();
      int count = in.getShort() & 0xFFFF;
      Map<String, MetadataValue> values = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        var key = text(in, in.get() & 0xFF);
        values.put(key, value(in, FieldType.ofCode(in.get())));
      }
      var since = new TreeMap<String, Long>();
      for (int times = in.getShort() & 0xFFFF; times > 0; times--) {
        var key = text(in, in.get() & 0xFF);
        since.put(key, in.getLong());
      }
      if (in.hasRemaining()) {
        throw corrupt(where, "no more bytes", in.remaining() + " more");
      }
      var image = new Image(Metadata.of(values), writtenAt, since);
      return new Row(firstPosition, firstTime, lastPosition, image);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw corrupt(where, "a value", String.valueOf(e.getMessage()));
    }
  }

  private static MetadataValue value(ByteBuffer in, FieldType type) {
    return switch (type) {
      case KEYWORD, TEXT, PLAIN -> new MetadataValue.Text(type, text(in, in.getInt()));
      case TAGS -> {
        List<String> keywords = new ArrayList<>();
        for (int count = in.get() & 0xFF; count > 0; count--) {
          keywords.add(text(in, in.getShort() & 0xFFFF));
        }
        yield new MetadataValue.Tags(keywords);
      }
      case INTEGER -> new MetadataValue.Whole(in.getLong());
      case NUMBER -> new MetadataValue.Real(Double.longBitsToDouble(in.getLong()));
      case DURATION -> new MetadataValue.Span(Duration.ofSeconds(in.getLong(), in.getInt()));
      case TIME -> new MetadataValue.Moment(Timestamp.ofNanos(in.getLong()));
      case BOOLEAN -> new MetadataValue.Flag(in.get() != 0);
      case ID -> new MetadataValue.Id(EntityId.of(in.getLong()));
    };
  }

  private static String text(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("text ends after the row: length=" + length);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int checksum(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static CorruptionException corrupt(String where, String expected, String actual) {
    return new CorruptionException("entity row is damaged", where, -1, 0, expected, actual);
  }
}
