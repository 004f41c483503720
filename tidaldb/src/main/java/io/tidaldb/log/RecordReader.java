package io.tidaldb.log;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.function.IntFunction;

/// A strict walk over the body of one record: every length is checked against the record before
/// anything is allocated, and every refusal names file and byte.
final class RecordReader {

  private final ByteBuffer in;
  private final int begin;
  private final int end;
  private final String file;
  private final long offset;

  /// @param in positioned at the first byte of the body
  /// @param begin first byte of the record in the buffer
  /// @param end first byte after the body in the buffer
  /// @param file the file, for messages
  /// @param offset where the record begins in the file
  RecordReader(ByteBuffer in, int begin, int end, String file, long offset) {
    this.in = in;
    this.begin = begin;
    this.end = end;
    this.file = file;
    this.offset = offset;
  }

  int u8(String what) {
    need(1, what);
    return in.get() & 0xFF;
  }

  int u16(String what) {
    need(2, what);
    return in.getShort() & 0xFFFF;
  }

  int i32(String what) {
    need(4, what);
    return in.getInt();
  }

  long i64(String what) {
    need(8, what);
    return in.getLong();
  }

  double f64(String what) {
    double value = Double.longBitsToDouble(i64(what));
    if (!Double.isFinite(value)) {
      throw corrupt(what, "a finite number", Double.toString(value));
    }
    return value;
  }

  boolean bool(String what) {
    int value = u8(what);
    if (value > 1) {
      throw corrupt(what, "0 or 1", Integer.toString(value));
    }
    return value == 1;
  }

  EntityKind kind() {
    int code = u8("entity kind");
    try {
      return EntityKind.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw unsupported("entity kind", Integer.toString(code), "1…3");
    }
  }

  /// One byte that stands for a value of a closed set.
  <T> T oneOf(String what, String codes, IntFunction<T> values) {
    int code = u8(what);
    try {
      return values.apply(code);
    } catch (IllegalArgumentException e) {
      throw unsupported(what, Integer.toString(code), codes);
    }
  }

  /// The bytes of the body that are not read yet.
  int remaining() {
    return end - in.position();
  }

  FieldType fieldType() {
    int code = u8("field type");
    try {
      return FieldType.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw unsupported("field type", Integer.toString(code), "1…10");
    }
  }

  void reserved(int count) {
    need(count, "reserved bytes");
    for (int i = 0; i < count; i++) {
      int value = in.get();
      if (value != 0) {
        throw unsupported("reserved byte", Integer.toString(value & 0xFF), "0");
      }
    }
  }

  /// A count of elements that take at least `bytesEach`.
  int count(int bytesEach, String what) {
    long count = i32(what) & 0xFFFF_FFFFL;
    if (count * bytesEach > end - in.position()) {
      throw corrupt(what, "at most what the record holds", Long.toString(count));
    }
    return (int) count;
  }

  String text(String what) {
    var bytes = new byte[count(1, what)];
    in.get(bytes);
    try {
      return StrictUtf8.text(bytes);
    } catch (CharacterCodingException e) {
      throw corrupt(what, "UTF-8", "other bytes");
    }
  }

  /// The body must end here.
  void end() {
    if (in.position() != end) {
      throw corrupt("record length", "the body's", "more by " + (end - in.position()) + " bytes");
    }
  }

  CorruptionException corrupt(String what, String expected, String actual) {
    return new CorruptionException(
        "event record is impossible: " + what,
        file,
        offset + in.position() - begin,
        0,
        expected,
        actual);
  }

  UnsupportedFormatException unsupported(String what, String found, String supported) {
    return new UnsupportedFormatException(
        file, what + " at offset " + (offset + in.position() - begin), found, supported);
  }

  private void need(int bytes, String what) {
    if (end - in.position() < bytes) {
      throw corrupt(what, bytes + " bytes", (end - in.position()) + " bytes");
    }
  }
}
