package io.tidaldb.search;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.Metric;
import io.tidaldb.slot.SlotSet;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The vectors of one embedding slot at one position. Immutable: any thread may read it for as long
/// as it likes.
public final class Vectors {

  private static final int BATCH = 256;

  /// The pages by number, in chunks.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Table(@Nullable VectorPage[] @Nullable [] chunks, int pageShift, int chunkShift) {

    /// The page that holds an entity's slot, or null.
    @Nullable VectorPage page(int entity) {
      int page = entity >>> pageShift;
      int chunkNumber = page >>> chunkShift;
      var chunk = chunkNumber < chunks.length ? chunks[chunkNumber] : null;
      return chunk == null ? null : chunk[page & ((1 << chunkShift) - 1)];
    }

    int index(int entity) {
      return entity & ((1 << pageShift) - 1);
    }
  }

  private final EmbeddingSlot slot;
  private final Table table;
  private final SlotSet.Snapshot present;
  private final int count;
  private final ChangeLog.Suffix changes;
  private volatile @Nullable RoaringBitmap presentShared;

  Vectors(
      EmbeddingSlot slot,
      Table table,
      SlotSet.Snapshot present,
      int count,
      ChangeLog.Suffix changes) {
    this.slot = slot;
    this.table = table;
    this.present = present;
    this.count = count;
    this.changes = changes;
  }

  /// What was declared.
  public EmbeddingSlot slot() {
    return slot;
  }

  /// How many entities have a vector.
  public int count() {
    return count;
  }

  /// The slots of entities that have a vector, the caller's own.
  public RoaringBitmap present() {
    return present.bitmap();
  }

  /// The same, not to be changed; made at the first call.
  RoaringBitmap presentShared() {
    var known = presentShared;
    if (known == null) {
      known = present.bitmap();
      presentShared = known;
    }
    return known;
  }

  /// What changed lately.
  ChangeLog.Suffix changes() {
    return changes;
  }

  /// An entity's vector as an index keeps it, or null: of length 1 where the cosine counts.
  float @Nullable [] indexed(int entity) {
    float[] vector = vector(entity);
    if (vector == null || slot.metric() != Metric.COSINE) {
      return vector;
    }
    double[] unit = VectorMath.unit(vector);
    return unit == null ? null : narrowed(unit);
  }

  private static float[] narrowed(double[] numbers) {
    float[] narrow = new float[numbers.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) numbers[i];
    }
    return narrow;
  }

  /// Whether an entity has a vector.
  public boolean has(int entity) {
    var page = entity < 0 ? null : table.page(entity);
    return page != null && page.has(table.index(entity));
  }

  /// An entity's vector as given, the caller's own; null if it has none.
  public float @Nullable [] vector(int entity) {
    var row = row(entity);
    return row == null ? null : row.vector();
  }

  /// An entity's vector and where it comes from, or null.
  @Nullable VectorRow row(int entity) {
    var page = entity < 0 ? null : table.page(entity);
    int index = table.index(entity);
    if (page == null || !page.has(index)) {
      return null;
    }
    int from = page.offset(index);
    return new VectorRow(
        Arrays.copyOfRange(page.values(), from, from + slot.dimensions()),
        page.position(index),
        page.time(index),
        page.evidence(index));
  }

  /// A vector to be near to.
  ///
  /// @return null if a cosine is asked of a vector without length
  /// @throws IllegalArgumentException if it has another number of dimensions
  public @Nullable Target target(float[] vector) {
    if (vector.length != slot.dimensions()) {
      throw new IllegalArgumentException(
          "dimensions differ: given=" + vector.length + " slot=" + slot.dimensions());
    }
    double[] numbers =
        slot.metric() == Metric.COSINE ? VectorMath.unit(vector) : VectorMath.widened(vector);
    return numbers == null ? null : new Target(numbers);
  }

  /// A direction to compare with by the cosine, whatever the slot's metric.
  ///
  /// @return null if the vector has no length, or another number of dimensions than the slot
  public @Nullable Target direction(float[] vector) {
    double[] numbers = vector.length == slot.dimensions() ? VectorMath.unit(vector) : null;
    return numbers == null ? null : new Target(numbers);
  }

  /// A vector to be near to, made ready to be compared.
  public static final class Target {

    private final double[] numbers;

    private Target(double[] numbers) {
      this.numbers = numbers;
    }

    /// As an index compares it.
    float[] indexed() {
      return narrowed(numbers);
    }
  }

  /// How near an entity's vector is, by the slot's metric; not a number if it has none. The same
  /// bits on every machine.
  public double similarity(Target target, int entity) {
    var page = entity < 0 ? null : table.page(entity);
    int index = table.index(entity);
    if (page == null || !page.has(index)) {
      return Double.NaN;
    }
    int from = page.offset(index);
    return switch (slot.metric()) {
      case COSINE -> cosine(target, page, index);
      case DOT_PRODUCT -> VectorMath.dot(target.numbers, page.values(), from);
      case EUCLIDEAN -> 1 / (1 + VectorMath.squareDistance(target.numbers, page.values(), from));
    };
  }

  /// The cosine of the angle between a direction and an entity's vector; not a number if it has
  /// none. The same bits on every machine.
  public double cosine(Target direction, int entity) {
    var page = entity < 0 ? null : table.page(entity);
    int index = table.index(entity);
    return page == null || !page.has(index) ? Double.NaN : cosine(direction, page, index);
  }

  private static double cosine(Target direction, VectorPage page, int index) {
    double product = VectorMath.dot(direction.numbers, page.values(), page.offset(index));
    return Math.clamp(product * page.scale(index), -1.0, 1.0);
  }

  /// The k nearest of a set by reading every vector of it, nearest first, ties by unsigned id.
  ///
  /// @param allowed slots; those without a vector are left out
  /// @param id the id behind a slot
  public Nearest nearest(Target target, RoaringBitmap allowed, int k, IntToLongFunction id) {
    var nearest = new NearestHeap(Math.min(k, allowed.getCardinality()), id);
    long compared = 0;
    int[] batch = new int[BATCH];
    var slots = allowed.getBatchIterator();
    while (slots.hasNext()) {
      int size = slots.nextBatch(batch);
      for (int i = 0; i < size; i++) {
        double similarity = similarity(target, batch[i]);
        if (!Double.isNaN(similarity)) {
          compared++;
          nearest.offer(batch[i], similarity);
        }
      }
    }
    return nearest.sorted(compared);
  }
}
