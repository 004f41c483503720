package io.tidaldb.log;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.Timestamp;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// Metadata in a record: a map key → (type u8, value), in the order of Java's strings.
///
/// ```
///  count u32 | key length u32 | key | type u8 | value | key length …
/// ```
///
/// | Type | Value |
/// |---|---|
/// | KEYWORD, TEXT, PLAIN | string |
/// | TAGS | count u32, strings |
/// | INTEGER; NUMBER; ID | i64; f64; u64 |
/// | DURATION, TIME | i64 nanoseconds |
/// | BOOLEAN | u8 |
///
/// Numbers in a record: a map key → (type u8, 8 bytes), type 0 for a key that goes.
///
/// ```
///  count u32 | key length u32 | key | type u8 | 8 bytes | key length …
/// ```
final class MetadataCodec {

  /// Key length, type and the shortest value.
  private static final int ENTRY_BYTES_MIN = 6;

  /// Key length, type and value.
  private static final int NUMBER_BYTES_MIN = 13;

  private static final int REMOVED = 0;

  private MetadataCodec() {}

  static int size(Metadata metadata) {
    int size = 4;
    for (var entry : metadata.values().entrySet()) {
      size =
          Math.addExact(
              size, 5 + StrictUtf8.size(entry.getKey()) + size(entry.getKey(), entry.getValue()));
    }
    return size;
  }

  private static int size(String key, MetadataValue value) {
    return switch (value) {
      case MetadataValue.Text text -> 4 + StrictUtf8.size(text.text());
      case MetadataValue.Tags tags -> {
        int size = 4;
        for (var keyword : tags.keywords()) {
          size += 4 + StrictUtf8.size(keyword);
        }
        yield size;
      }
      case MetadataValue.Whole whole -> Long.BYTES;
      case MetadataValue.Real real -> {
        if (!Double.isFinite(real.value())) {
          throw new InvalidRequestException(
              "VALUE_INVALID", "number is not finite: field=" + key + " value=" + real.value());
        }
        yield Double.BYTES;
      }
      case MetadataValue.Span span -> {
        var _ = nanos(key, span.value());
        yield Long.BYTES;
      }
      case MetadataValue.Moment moment -> Long.BYTES;
      case MetadataValue.Flag flag -> 1;
      case MetadataValue.Id id -> Long.BYTES;
    };
  }

  static void put(Metadata metadata, ByteBuffer out) {
    out.putInt(metadata.values().size());
    for (var entry : metadata.values().entrySet()) {
      StrictUtf8.put(entry.getKey(), out);
      out.put((byte) entry.getValue().type().code());
      put(entry.getKey(), entry.getValue(), out);
    }
  }

  private static void put(String key, MetadataValue value, ByteBuffer out) {
    switch (value) {
      case MetadataValue.Text text -> StrictUtf8.put(text.text(), out);
      case MetadataValue.Tags tags -> {
        out.putInt(tags.keywords().size());
        for (var keyword : tags.keywords()) {
          StrictUtf8.put(keyword, out);
        }
      }
      case MetadataValue.Whole whole -> out.putLong(whole.value());
      case MetadataValue.Real real -> out.putLong(Double.doubleToRawLongBits(real.value()));
      case MetadataValue.Span span -> out.putLong(nanos(key, span.value()));
      case MetadataValue.Moment moment -> out.putLong(moment.value().nanos());
      case MetadataValue.Flag flag -> out.put((byte) (flag.value() ? 1 : 0));
      case MetadataValue.Id id -> out.putLong(id.value().value());
    }
  }

  private static long nanos(String key, Duration span) {
    try {
      return span.toNanos();
    } catch (ArithmeticException e) {
      throw new InvalidRequestException(
          "VALUE_INVALID", "duration is longer than 292 years: field=" + key + " value=" + span, e);
    }
  }

  static Metadata get(RecordReader in) {
    int count = in.count(ENTRY_BYTES_MIN, "metadata count");
    var values = new TreeMap<String, MetadataValue>();
    String last = "";
    for (int i = 0; i < count; i++) {
      var key = in.text("metadata key");
      if (i > 0 && key.compareTo(last) <= 0) {
        throw in.corrupt("metadata key", "a key after " + last, key);
      }
      values.put(key, value(in.fieldType(), in));
      last = key;
    }
    return Metadata.of(values);
  }

  private static MetadataValue value(FieldType type, RecordReader in) {
    return switch (type) {
      case KEYWORD, TEXT, PLAIN -> new MetadataValue.Text(type, in.text("text value"));
      case TAGS -> new MetadataValue.Tags(tags(in));
      case INTEGER -> new MetadataValue.Whole(in.i64("whole number"));
      case NUMBER -> new MetadataValue.Real(in.f64("number"));
      case DURATION -> new MetadataValue.Span(Duration.ofNanos(in.i64("duration")));
      case TIME -> new MetadataValue.Moment(Timestamp.ofNanos(time(in)));
      case BOOLEAN -> new MetadataValue.Flag(in.bool("boolean"));
      case ID -> new MetadataValue.Id(EntityId.of(in.i64("id")));
    };
  }

  private static long time(RecordReader in) {
    long nanos = in.i64("time");
    if (nanos < 0) {
      throw in.corrupt("time", "0 or later", Long.toString(nanos));
    }
    return nanos;
  }

  /* --- numbers --- */

  static int numbersSize(MetadataChanges changes) {
    int size = 4;
    for (var key : changes.numeric()) {
      size = Math.addExact(size, NUMBER_BYTES_MIN + StrictUtf8.size(key));
    }
    return size;
  }

  static void putNumbers(MetadataChanges changes, ByteBuffer out) {
    out.putInt(changes.numeric().size());
    for (var key : changes.numeric()) {
      StrictUtf8.put(key, out);
      var value = changes.set().get(key);
      if (value == null) {
        out.put((byte) REMOVED).putLong(0);
      } else {
        out.put((byte) value.type().code()).putLong(word(key, value));
      }
    }
  }

  private static long word(String key, MetadataValue value) {
    return switch (value) {
      case MetadataValue.Whole(var number) -> number;
      case MetadataValue.Real(var number) -> Double.doubleToRawLongBits(number);
      case MetadataValue.Span(var span) -> nanos(key, span);
      case MetadataValue.Moment(var time) -> time.nanos();
      case MetadataValue.Flag(var flag) -> flag ? 1 : 0;
      case MetadataValue.Text _, MetadataValue.Tags _, MetadataValue.Id _ ->
          throw new IllegalArgumentException("not a number: field=" + key + " value=" + value);
    };
  }

  static MetadataChanges getNumbers(RecordReader in) {
    int count = in.count(NUMBER_BYTES_MIN, "number count");
    var set = new TreeMap<String, MetadataValue>();
    var removed = new TreeSet<String>();
    var all = new TreeSet<String>();
    for (int i = 0; i < count; i++) {
      var key = in.text("field");
      if (i > 0 && key.compareTo(all.last()) <= 0) {
        throw in.corrupt("field", "a name after " + all.last(), key);
      }
      var _ = all.add(key);
      int type = in.u8("number type");
      if (type == REMOVED) {
        var _ = removed.add(key);
        in.reserved(8);
      } else {
        set.put(key, number(type, in));
      }
    }
    return new MetadataChanges(set, removed, all);
  }

  private static MetadataValue number(int code, RecordReader in) {
    FieldType type;
    try {
      type = FieldType.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw in.corrupt("number type", "a numeric type", Integer.toString(code));
    }
    return switch (type) {
      case INTEGER, NUMBER, DURATION, TIME -> value(type, in);
      case BOOLEAN -> {
        boolean flag = in.bool("boolean");
        in.reserved(7);
        yield new MetadataValue.Flag(flag);
      }
      case KEYWORD, TAGS, ID, TEXT, PLAIN ->
          throw in.corrupt("number type", "a numeric type", type.toString());
    };
  }

  private static List<String> tags(RecordReader in) {
    int count = in.count(4, "tag count");
    var tags = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      tags.add(in.text("tag"));
    }
    return tags;
  }
}
