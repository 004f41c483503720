package io.tidaldb.coengagement;

import io.tidaldb.schema.CoEngagementRule;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the view knows besides edges and windows. Little-endian:
///
/// ```
///  0              8            16                    24             28           32          36
/// +--------------+------------+---------------------+--------------+------------+-----------+
/// | landmark i64 | newest i64 | half-life nanos i64 | capacity i32 | window i32 | types i32 |
/// +--------------+------------+---------------------+--------------+------------+-----------+
///
///  types times: | signal type i32 | length u8 | label of its meaning |
/// ```
///
/// @param landmark of the sums, in half-lives since 1970
/// @param newest the newest time of evidence
/// @param rule in force
/// @param meanings of signal types, by id
record ViewHead(
    long landmark, long newest, CoEngagementRule rule, SortedMap<Integer, Meaning> meanings) {

  private static final int FIXED_BYTES = 36;

  /// The meanings of a schema's signals.
  static SortedMap<Integer, Meaning> meanings(Schema schema) {
    var meanings = new TreeMap<Integer, Meaning>();
    for (var type : schema.signals()) {
      type.meaning().ifPresent(meaning -> meanings.put(type.id().value(), meaning));
    }
    return meanings;
  }

  byte[] encode() {
    int labels = meanings.values().stream().mapToInt(m -> 5 + m.label().length()).sum();
    var out = ByteBuffer.allocate(FIXED_BYTES + labels).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(landmark).putLong(newest).putLong(rule.halfLife().toNanos());
    out.putInt(rule.capacity()).putInt(rule.window()).putInt(meanings.size());
    meanings.forEach(
        (type, meaning) -> {
          byte[] label = meaning.label().getBytes(StandardCharsets.US_ASCII);
          out.putInt(type).put((byte) label.length).put(label);
        });
    return out.array();
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws IllegalArgumentException if the bytes are none of ours
  static ViewHead decode(byte[] content) {
    try {
      return decode(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("page ends too early: bytes=" + content.length, e);
    }
  }

  private static ViewHead decode(ByteBuffer in) {
    long landmark = in.getLong();
    long newest = in.getLong();
    long halfLife = in.getLong();
    var rule = new CoEngagementRule(in.getInt(), in.getInt(), Duration.ofNanos(halfLife));
    var meanings = new TreeMap<Integer, Meaning>();
    for (int left = in.getInt(); left > 0; left--) {
      int type = in.getInt();
      byte[] label = new byte[in.get() & 0xFF];
      in.get(label);
      var meaning = Meaning.ofLabel(new String(label, StandardCharsets.US_ASCII));
      meanings.put(
          type,
          meaning.orElseThrow(() -> new IllegalArgumentException("no such meaning: type=" + type)));
    }
    if (in.hasRemaining() || newest < 0 || !rule.isValid()) {
      throw new IllegalArgumentException("not the head: rule=" + rule + " newest=" + newest);
    }
    return new ViewHead(landmark, newest, rule, meanings);
  }
}
