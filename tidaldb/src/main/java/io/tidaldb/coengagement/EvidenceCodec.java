package io.tidaldb.coengagement;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.SlotMap;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The bytes of edges and windows by id, equal for equal content, little-endian:
///
/// ```
///  0              8            16          20          24
/// +--------------+------------+-----------+-----------+
/// | landmark i64 | newest i64 | edges u32 | users u32 |
/// +--------------+------------+-----------+-----------+
///
///  edges times, by ids:  | lesser id u64 | greater id u64 | sum f64 |
///  users times, by id:   | user u64 | items u32 | id u64 × items, newest first |
/// ```
final class EvidenceCodec {

  private static final int HEADER_BYTES = 24;
  private static final int EDGE_BYTES = 24;
  private static final int USER_BYTES = 12;

  private final SlotMap slots;
  private final Evidence evidence;

  private EvidenceCodec(Evidence evidence) {
    this.evidence = evidence;
    this.slots = evidence.slots();
  }

  static byte[] encode(Evidence evidence) {
    return new EvidenceCodec(evidence).bytes();
  }

  /// Adds what was encoded to something empty; of more edges than fit the least are left out.
  ///
  /// @throws IllegalArgumentException if the bytes are none of ours
  static void decode(byte[] bytes, Evidence empty) {
    try {
      new EvidenceCodec(empty).read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("saved edges end too early: bytes=" + bytes.length, e);
    }
  }

  private record IdPair(long lesser, long greater, double sum) {}

  private byte[] bytes() {
    long[] pairs = evidence.edges().pairs();
    int[] users =
        IntStream.range(0, evidence.positives().users())
            .filter(user -> evidence.positives().window(user).length > 0)
            .boxed()
            .sorted(Comparator.comparing(this::userId, Long::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    long size = HEADER_BYTES + (long) EDGE_BYTES * pairs.length;
    for (int user : users) {
      size += USER_BYTES + 8L * Positives.size(evidence.positives().window(user));
    }
    var out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(evidence.edges().landmark()).putLong(evidence.newest());
    out.putInt(pairs.length).putInt(users.length);
    Arrays.stream(pairs)
        .mapToObj(this::byIds)
        .sorted(
            Comparator.comparing(IdPair::lesser, Long::compareUnsigned)
                .thenComparing(IdPair::greater, Long::compareUnsigned))
        .forEach(pair -> out.putLong(pair.lesser).putLong(pair.greater).putDouble(pair.sum));
    for (int user : users) {
      int[] window = evidence.positives().window(user);
      int count = Positives.size(window);
      out.putLong(userId(user)).putInt(count);
      for (int i = 0; i < count; i++) {
        out.putLong(slots.id(EntityKind.ITEM, window[i]));
      }
    }
    return out.array();
  }

  private long userId(int user) {
    return slots.id(EntityKind.USER, user);
  }

  private IdPair byIds(long pair) {
    long a = slots.id(EntityKind.ITEM, EdgeRecords.lesser(pair));
    long b = slots.id(EntityKind.ITEM, EdgeRecords.greater(pair));
    double sum = evidence.edges().sum(pair);
    return Long.compareUnsigned(a, b) < 0 ? new IdPair(a, b, sum) : new IdPair(b, a, sum);
  }

  private void read(ByteBuffer in) {
    evidence.startFrom(in.getLong(), in.getLong());
    int edges = in.getInt();
    int users = in.getInt();
    for (int i = 0; i < edges; i++) {
      int a = slots.assign(EntityKind.ITEM, in.getLong());
      int b = slots.assign(EntityKind.ITEM, in.getLong());
      double sum = in.getDouble();
      if (a == b || !(sum >= 0 && sum <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException("not an edge: number=" + i + " sum=" + sum);
      }
      evidence.edges().restore(a, b, sum);
    }
    for (int i = 0; i < users; i++) {
      int user = slots.assign(EntityKind.USER, in.getLong());
      int[] window = new int[Math.min(in.getInt(), in.remaining() / Long.BYTES)];
      for (int k = 0; k < window.length; k++) {
        window[k] = slots.assign(EntityKind.ITEM, in.getLong());
      }
      evidence.positives().load(user, window);
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("bytes behind the last window: " + in.remaining());
    }
  }
}
