package io.tidaldb.coengagement;

import io.tidaldb.slot.LongPages;

/// What is known of each edge, by its number. Two longs are saved together:
///
/// ```
///  0                        8        12       16
/// +------------------------+--------+--------+
/// | forward sum, f64       | a, i32 | b, i32 |     a < b, slots of items; both 0: no edge
/// +------------------------+--------+--------+
/// ```
///
/// one in pages of its own, which says how near behind one end the other came, as shares of the sum
/// ([Nearness]):
///
/// ```
///  0                4               8
/// +----------------+---------------+
/// | toward a, f32  | toward b, f32 |      each 0 … 1
/// +----------------+---------------+
/// ```
///
/// and two only say where else the edge stands, and are found anew when the saved ones are loaded:
///
/// ```
///  0          4          8         12      16
/// +----------+----------+---------+-------+
/// | at in a  | at in b  | in heap | next  |      next: number + 1 in its chain of pairs, 0 = last
/// +----------+----------+---------+-------+
/// ```
///
/// **Threads.** As [LongPages]: each long is whole for any reader.
final class EdgeRecords {

  private static final long LOW = 0xFFFF_FFFFL;

  final LongPages saved = new LongPages();
  final LongPages nearness = new LongPages();
  private final LongPages links = new LongPages();

  /// How many numbers were ever given out; the free ones among them are chained.
  private int numbers;

  private int firstFree;

  /// A number for an edge. Writer.
  int take(int a, int b, double sum) {
    int edge = firstFree - 1;
    if (edge >= 0) {
      firstFree = next(edge);
    } else {
      edge = numbers++;
    }
    setSum(edge, sum);
    saved.set(2 * edge + 1, pair(a, b));
    nearness.set(edge, 0);
    return edge;
  }

  /// Gives a number back. Writer.
  void free(int edge) {
    saved.set(2 * edge, 0);
    saved.set(2 * edge + 1, 0);
    nearness.set(edge, 0);
    setNext(edge, firstFree);
    firstFree = edge + 1;
  }

  /// Numbers that were given out, free ones among them.
  int numbers() {
    return numbers;
  }

  /// Takes what the saved pages hold: numbers up to the last edge, holes free.
  ///
  /// @param upTo more than any number in the pages
  void loaded(int upTo) {
    numbers = upTo;
    while (numbers > 0 && !exists(numbers - 1)) {
      numbers--;
    }
    firstFree = 0;
    for (int edge = numbers - 1; edge >= 0; edge--) {
      if (!exists(edge)) {
        setNext(edge, firstFree);
        firstFree = edge + 1;
      }
    }
  }

  boolean exists(int edge) {
    return pair(edge) != 0;
  }

  /// Both ends as one number: the lesser slot in the high half.
  static long pair(int a, int b) {
    return (long) Math.min(a, b) << 32 | Math.max(a, b);
  }

  long pair(int edge) {
    return saved.get(2 * edge + 1);
  }

  static int lesser(long pair) {
    return (int) (pair >>> 32);
  }

  static int greater(long pair) {
    return (int) pair;
  }

  /// The end that is not this one.
  static int other(long pair, int item) {
    int lesser = lesser(pair);
    return lesser == item ? greater(pair) : lesser;
  }

  double sum(int edge) {
    return Double.longBitsToDouble(saved.get(2 * edge));
  }

  void setSum(int edge, double sum) {
    saved.set(2 * edge, Double.doubleToRawLongBits(sum));
  }

  /// How near behind one end the other came, as [Nearness] packs it.
  long nearness(int edge) {
    return nearness.get(edge);
  }

  void setNearness(int edge, long packed) {
    nearness.set(edge, packed);
  }

  /// Where the edge stands in an end's list.
  int place(int edge, int item) {
    long places = links.get(2 * edge);
    return lesser(pair(edge)) == item ? (int) (places >>> 32) : (int) places;
  }

  void setPlace(int edge, int item, int place) {
    long places = links.get(2 * edge);
    boolean first = lesser(pair(edge)) == item;
    links.set(
        2 * edge, first ? (places & LOW) | (long) place << 32 : (places & ~LOW) | (place & LOW));
  }

  int heapPlace(int edge) {
    return (int) (links.get(2 * edge + 1) >>> 32);
  }

  void setHeapPlace(int edge, int place) {
    links.set(2 * edge + 1, (links.get(2 * edge + 1) & LOW) | (long) place << 32);
  }

  int next(int edge) {
    return (int) links.get(2 * edge + 1);
  }

  void setNext(int edge, int next) {
    links.set(2 * edge + 1, (links.get(2 * edge + 1) & ~LOW) | next);
  }

  /// Bytes of the arrays.
  long bytes() {
    long pages =
        saved.pageNumbers().count()
            + nearness.pageNumbers().count()
            + 2L * numbers / LongPages.PAGE_LONGS
            + 1;
    return pages * (16 + 8L * LongPages.PAGE_LONGS + 4);
  }
}
