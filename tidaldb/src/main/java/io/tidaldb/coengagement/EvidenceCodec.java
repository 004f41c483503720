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
///  0              8            16          20          24           28
/// +--------------+------------+-----------+-----------+------------+
/// | landmark i64 | newest i64 | edges u32 | users u32 | crowds u32 |
/// +--------------+------------+-----------+-----------+------------+
///
///  edges times, by ids:  | lesser id u64 | greater id u64 | sum f64 | toward lesser id f32 | greater f32 |
///  users times, by id:   | user u64 | items u32 | id u64 × items, newest first |
///  crowds times, by id:  | item u64 | sum f64 |
/// ```
final class EvidenceCodec {

  private static final int HEADER_BYTES = 28;
  private static final int EDGE_BYTES = 32;
  private static final int USER_BYTES = 12;
  private static final int CROWD_BYTES = 16;

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

  private record IdPair(
      long lesser, long greater, double sum, float towardLesser, float towardGreater) {}

  private byte[] bytes() {
    long[] pairs = evidence.edges().pairs();
    int[] users =
        IntStream.range(0, evidence.positives().users())
            .filter(user -> evidence.positives().window(user).length > 0)
            .boxed()
            .sorted(Comparator.comparing(this::userId, Long::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] crowds =
        IntStream.range(0, evidence.edges().crowds().end())
            .filter(item -> evidence.edges().crowds().sum(item) > 0)
            .boxed()
            .sorted(Comparator.comparing(this::itemId, Long::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    long size = HEADER_BYTES + (long) EDGE_BYTES * pairs.length;
    for (int user : users) {
      size += USER_BYTES + 8L * Positives.size(evidence.positives().window(user));
    }
    size += (long) CROWD_BYTES * crowds.length;
    var out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(evidence.edges().landmark()).putLong(evidence.newest());
    out.putInt(pairs.length).putInt(users.length).putInt(crowds.length);
    Arrays.stream(pairs)
        .mapToObj(this::byIds)
        .sorted(
            Comparator.comparing(IdPair::lesser, Long::compareUnsigned)
                .thenComparing(IdPair::greater, Long::compareUnsigned))
        .forEach(
            pair ->
                out.putLong(pair.lesser)
                    .putLong(pair.greater)
                    .putDouble(pair.sum)
                    .putFloat(pair.towardLesser)
                    .putFloat(pair.towardGreater));
    for (int user : users) {
      int[] window = evidence.positives().window(user);
      int count = Positives.size(window);
      out.putLong(userId(user)).putInt(count);
      for (int i = 0; i < count; i++) {
        out.putLong(slots.id(EntityKind.ITEM, window[i]));
      }
    }
    for (int item : crowds) {
      out.putLong(itemId(item)).putDouble(evidence.edges().crowds().sum(item));
    }
    return out.array();
  }

  private long itemId(int item) {
    return slots.id(EntityKind.ITEM, item);
  }

  private long userId(int user) {
    return slots.id(EntityKind.USER, user);
  }

  private IdPair byIds(long pair) {
    long a = slots.id(EntityKind.ITEM, EdgeRecords.lesser(pair));
    long b = slots.id(EntityKind.ITEM, EdgeRecords.greater(pair));
    double sum = evidence.edges().sum(pair);
    long nearness = evidence.edges().nearness(pair);
    float towardA = Nearness.towardLesser(nearness);
    float towardB = Nearness.towardGreater(nearness);
    return Long.compareUnsigned(a, b) < 0
        ? new IdPair(a, b, sum, towardA, towardB)
        : new IdPair(b, a, sum, towardB, towardA);
  }

  private void read(ByteBuffer in) {
    evidence.startFrom(in.getLong(), in.getLong(), evidence.rule());
    int edges = in.getInt();
    int users = in.getInt();
    int crowds = in.getInt();
    for (int i = 0; i < edges; i++) {
      int a = slots.assign(EntityKind.ITEM, in.getLong());
      int b = slots.assign(EntityKind.ITEM, in.getLong());
      double sum = in.getDouble();
      float towardA = in.getFloat();
      float towardB = in.getFloat();
      long nearness = a < b ? Nearness.pack(towardA, towardB) : Nearness.pack(towardB, towardA);
      if (a == b || !isSum(sum) || !Nearness.isSound(nearness)) {
        throw new IllegalArgumentException("not an edge: number=" + i + " sum=" + sum);
      }
      evidence.edges().restore(a, b, sum, nearness);
    }
    for (int i = 0; i < users; i++) {
      int user = slots.assign(EntityKind.USER, in.getLong());
      int[] window = new int[Math.min(in.getInt(), in.remaining() / Long.BYTES)];
      for (int k = 0; k < window.length; k++) {
        window[k] = slots.assign(EntityKind.ITEM, in.getLong());
      }
      evidence.positives().load(user, window);
    }
    for (int i = 0; i < crowds; i++) {
      int item = slots.assign(EntityKind.ITEM, in.getLong());
      double sum = in.getDouble();
      if (!isSum(sum)) {
        throw new IllegalArgumentException("not a crowd: number=" + i + " sum=" + sum);
      }
      evidence.edges().crowds().set(item, sum);
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("bytes behind the last window: " + in.remaining());
    }
  }

  private static boolean isSum(double sum) {
    return sum >= 0 && sum <= Double.MAX_VALUE;
  }
}
