package io.tidaldb.search;

/// The vectors of a run of slots, side by side. Changed by the writer until it is published, never
/// after.
final class VectorPage {

  private final int dimensions;
  private final float[] values;
  private final double[] scales;
  private final long[] positions;
  private final long[] times;
  private final double[] evidence;
  private long present;

  VectorPage(int dimensions, int capacity) {
    this.dimensions = dimensions;
    values = new float[dimensions * capacity];
    scales = new double[capacity];
    positions = new long[capacity];
    times = new long[capacity];
    evidence = new double[capacity];
  }

  /// The same, to be changed.
  VectorPage(VectorPage page) {
    dimensions = page.dimensions;
    values = page.values.clone();
    scales = page.scales.clone();
    positions = page.positions.clone();
    times = page.times.clone();
    evidence = page.evidence.clone();
    present = page.present;
  }

  boolean has(int index) {
    return (present & 1L << index) != 0;
  }

  /// A bit for each index that has a vector.
  long present() {
    return present;
  }

  /// The numbers of all vectors, those of an index from [#offset] on. Read only.
  float[] values() {
    return values;
  }

  int offset(int index) {
    return index * dimensions;
  }

  /// 1 / the vector's length, 0 for a vector of no length.
  double scale(int index) {
    return scales[index];
  }

  long position(int index) {
    return positions[index];
  }

  long time(int index) {
    return times[index];
  }

  double evidence(int index) {
    return evidence[index];
  }

  void put(int index, VectorRow row) {
    System.arraycopy(row.vector(), 0, values, offset(index), dimensions);
    double length = VectorMath.length(values, offset(index), dimensions);
    scales[index] = length == 0 ? 0 : 1 / length;
    positions[index] = row.position();
    times[index] = row.time();
    evidence[index] = row.evidence();
    present |= 1L << index;
  }

  void remove(int index) {
    present &= ~(1L << index);
  }
}
