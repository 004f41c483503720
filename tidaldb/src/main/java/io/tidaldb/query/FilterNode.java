package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.schema.Filter.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BatchIterator;
import org.roaringbitmap.RoaringBitmap;

/// A condition over a set of slots: gives those that fulfil it. Composed conditions hand only what
/// is left to the next part, so an expensive part sees few slots.
sealed interface FilterNode {

  /// Characters of a label.
  int LABEL_MAX = 80;

  /// Slots that are looked at together.
  int BATCH = 2_048;

  /// The slots of `set` that fulfil the condition. `set` stays as it is; the result is the
  /// caller's.
  RoaringBitmap select(RoaringBitmap set);

  /// 0 for an index, 1 for a combination of indexes, 2 where signals are read.
  int cost();

  /// An upper bound of how many slots fulfil it, for ordering; [Long#MAX_VALUE] where it is not
  /// known.
  default long bound() {
    return Long.MAX_VALUE;
  }

  /// Its text in statistics.
  String label();

  /// An index.
  ///
  /// @param source is asked once, at first use
  static FilterNode indexed(String label, Supplier<RoaringBitmap> source) {
    return new Indexed(shortened(label), source);
  }

  /// A label that is not too long for statistics.
  static String shortened(String label) {
    return label.length() <= LABEL_MAX ? label : label.substring(0, LABEL_MAX - 1) + "…";
  }

  /// An index.
  final class Indexed implements FilterNode {
    private final String label;
    private final Supplier<RoaringBitmap> source;
    private @Nullable RoaringBitmap loaded;

    Indexed(String label, Supplier<RoaringBitmap> source) {
      this.label = label;
      this.source = source;
    }

    private RoaringBitmap bitmap() {
      var bitmap = loaded;
      if (bitmap == null) {
        bitmap = source.get();
        loaded = bitmap;
      }
      return bitmap;
    }

    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      return RoaringBitmap.and(set, bitmap());
    }

    @Override
    public int cost() {
      return 0;
    }

    @Override
    public long bound() {
      return bitmap().getLongCardinality();
    }

    @Override
    public String label() {
      return label;
    }
  }

  /// All parts.
  final class All implements FilterNode {
    private final List<FilterNode> parts;

    All(List<FilterNode> parts) {
      this.parts =
          parts.stream()
              .sorted(
                  Comparator.comparingInt(FilterNode::cost).thenComparingLong(FilterNode::bound))
              .toList();
    }

    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      return select(set, null);
    }

    List<FilterNode> parts() {
      return parts;
    }

    /// Also counts what each part removed.
    RoaringBitmap select(RoaringBitmap set, @Nullable Map<String, Long> removed) {
      var left = set.clone();
      for (var part : parts) {
        if (left.isEmpty()) {
          break;
        }
        var next = part.select(left);
        long gone = left.getLongCardinality() - next.getLongCardinality();
        if (removed != null && gone > 0) {
          removed.merge("filter " + part.label(), gone, Long::sum);
        }
        left = next;
      }
      return left;
    }

    @Override
    public int cost() {
      return costOf(parts);
    }

    @Override
    public String label() {
      return join(parts, " AND ");
    }
  }

  /// Any part.
  final class Any implements FilterNode {
    private final List<FilterNode> parts;

    Any(List<FilterNode> parts) {
      this.parts = parts.stream().sorted(Comparator.comparingInt(FilterNode::cost)).toList();
    }

    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      var found = new RoaringBitmap();
      var left = set.clone();
      for (var part : parts) {
        if (left.isEmpty()) {
          break;
        }
        var more = part.select(left);
        left.andNot(more);
        found.or(more);
      }
      return found;
    }

    @Override
    public int cost() {
      return costOf(parts);
    }

    @Override
    public String label() {
      return join(parts, " OR ");
    }
  }

  /// Not the part.
  record Negated(FilterNode part) implements FilterNode {
    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      return RoaringBitmap.andNot(set, part.select(set));
    }

    @Override
    public int cost() {
      return Math.max(1, part.cost());
    }

    @Override
    public String label() {
      return "NOT (" + part.label() + ")";
    }
  }

  /// Items whose creator is one of a user's.
  final class Creators implements FilterNode {
    private final String label;
    private final EntityReader items;
    private final Supplier<long[]> source;

    /// @param source gives the creators, rising as signed numbers
    Creators(String label, EntityReader items, Supplier<long[]> source) {
      this.label = label;
      this.items = items;
      this.source = source;
    }

    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      return CreatorSet.of(source.get()).select(items, set);
    }

    @Override
    public int cost() {
      return 1;
    }

    @Override
    public String label() {
      return label;
    }
  }

  /// Items whose creator fits a condition, looked at one by one.
  record ByCreator(String label, EntityReader items, LongPredicate fits) implements FilterNode {
    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      var found = new RoaringBitmap();
      int[] slots = new int[BATCH];
      long[] ids = new long[BATCH];
      boolean[] present = new boolean[BATCH];
      var batches = set.getBatchIterator();
      while (batches.hasNext()) {
        int count = batches.nextBatch(slots);
        items.references("creator_id", slots, count, ids, present);
        int kept = 0;
        for (int i = 0; i < count; i++) {
          if (present[i] && fits.test(ids[i])) {
            slots[kept++] = slots[i];
          }
        }
        found.addN(slots, 0, kept);
      }
      return found;
    }

    @Override
    public int cost() {
      return 2;
    }
  }

  /// Gives a number of each of a batch of slots.
  @FunctionalInterface
  interface Numbers {
    /// `out[i]` = the number of `slots[i]`.
    void read(int[] slots, int count, double[] out);
  }

  /// What is read in batches against a number.
  record Threshold(String label, Numbers numbers, Comparison comparison, double value)
      implements FilterNode {

    @Override
    public RoaringBitmap select(RoaringBitmap set) {
      var found = new RoaringBitmap();
      if (set.isEmpty()) {
        return found;
      }
      int[] slots = new int[BATCH];
      double[] values = new double[BATCH];
      BatchIterator batches = set.getBatchIterator();
      while (batches.hasNext()) {
        int count = batches.nextBatch(slots);
        numbers.read(slots, count, values);
        int kept = 0;
        for (int i = 0; i < count; i++) {
          if (comparison.test(values[i], value)) {
            slots[kept++] = slots[i];
          }
        }
        found.addN(slots, 0, kept);
      }
      return found;
    }

    @Override
    public int cost() {
      return 2;
    }
  }

  private static int costOf(List<FilterNode> parts) {
    return parts.stream().mapToInt(FilterNode::cost).reduce(1, Math::max);
  }

  private static String join(List<FilterNode> parts, String word) {
    var labels = new ArrayList<String>();
    parts.forEach(part -> labels.add(part.label()));
    return String.join(word, labels);
  }
}
