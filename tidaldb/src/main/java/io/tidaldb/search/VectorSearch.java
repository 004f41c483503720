package io.tidaldb.search;

import io.tidaldb.search.VectorPlan.Way;
import java.io.IOException;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Looks for nearest vectors in the way that costs least: all of a small set exactly, the graph
/// otherwise. What the graph proposes is compared by the vectors themselves, and what changed since
/// it was built is compared beside it; if it proposes too few, everything is compared. So a search
/// may miss a near neighbour, but never gives fewer hits, or hits that are no longer so near.
///
/// **Threads.** Any; it holds no state but the index.
public final class VectorSearch {

  /// Below this many vectors, comparing all of them is always best.
  static final int EXACT_VECTORS = 10_000;

  /// Numbers that are compared in about 4 ms.
  static final long EXACT_NUMBERS = 5_000_000;

  private static final int BREADTH_MIN = 100;
  private static final double UNRESTRICTED = 0.60;
  private static final double WIDE = 0.20;
  private static final double NARROW = 0.10;

  private final Vectors vectors;
  private final @Nullable GraphIndex index;
  private final int column;
  private final Borders borders;

  /// From where on the graph is used.
  ///
  /// @param vectors with fewer vectors, all are compared
  /// @param numbers with fewer numbers in the allowed set, all are compared
  record Borders(int vectors, long numbers) {
    static final Borders MEASURED = new Borders(EXACT_VECTORS, EXACT_NUMBERS);
  }

  VectorSearch(Vectors vectors, int column, @Nullable GraphIndex index, Borders borders) {
    this.vectors = vectors;
    this.column = column;
    this.index = index;
    this.borders = borders;
  }

  /// The vectors that are searched.
  public Vectors vectors() {
    return vectors;
  }

  /// What is looked for.
  ///
  /// @param allowed entities that may be found; those without a vector are left out
  /// @param k at most so many
  /// @param exact whether every vector is compared
  /// @param id the id behind an entity's slot, for ties
  public record Wanted(RoaringBitmap allowed, int k, boolean exact, IntToLongFunction id) {}

  /// The nearest to a vector, nearest first, ties by unsigned id.
  ///
  /// @return nothing if a cosine is asked of a vector without length
  public Nearest nearest(float[] vector, Wanted wanted) {
    var target = vectors.target(vector);
    if (target == null) {
      return Nearest.none();
    }
    if (wanted.exact) {
      return exact(target, wanted, "asked for");
    }
    if (vectors.count() < borders.vectors) {
      return exact(target, wanted, "few vectors");
    }
    var allowed = RoaringBitmap.and(wanted.allowed, vectors.presentShared());
    long among = allowed.getLongCardinality();
    if (among * vectors.slot().dimensions() < borders.numbers || among <= wanted.k) {
      return exact(target, wanted, "few allowed");
    }
    var image = index == null ? null : index.image();
    if (image == null || !image.acquire()) {
      return exact(target, wanted, "no graph yet");
    }
    try {
      if (!image.holds(column)) {
        return exact(target, wanted, "no graph yet");
      }
      var found = follow(image, target, allowed, wanted);
      return found == null ? exact(target, wanted, "the graph falls short") : found;
    } catch (IOException e) {
      return exact(target, wanted, "the graph cannot be read: " + e.getMessage());
    } finally {
      release(image);
    }
  }

  private static void release(GraphImage image) {
    try {
      image.release();
    } catch (IOException e) {
      throw new IllegalStateException("a reader of vectors cannot be closed", e);
    }
  }

  private Nearest exact(Vectors.Target target, Wanted wanted, String reason) {
    var found = vectors.nearest(target, wanted.allowed, wanted.k, wanted.id);
    long compared = found.plan().visited();
    return found.with(new VectorPlan(Way.EXACT, compared, compared, reason));
  }

  /// By the graph, or null if it proposes fewer than there are, or nobody knows what it missed.
  private @Nullable Nearest follow(
      GraphImage image, Vectors.Target target, RoaringBitmap allowed, Wanted wanted)
      throws IOException {
    var missed = vectors.changes().after(image.position());
    if (missed.isTorn()) {
      return null;
    }
    long among = allowed.getLongCardinality();
    double share = (double) among / vectors.count();
    boolean restricted = share <= UNRESTRICTED;
    int breadth = Math.max(BREADTH_MIN, wanted.k) * times(share);
    var candidates = new RoaringBitmap();
    var ask =
        new GraphImage.Ask(
            column, target.indexed(), breadth, among == vectors.count() ? null : allowed, share);
    long visited = image.search(ask, candidates::add);
    for (int n = 0; n < missed.size(); n++) {
      candidates.add(missed.entity(n));
    }
    candidates.and(allowed);
    if (candidates.getLongCardinality() < Math.min(wanted.k, among)) {
      return null;
    }
    var found = vectors.nearest(target, candidates, wanted.k, wanted.id);
    var way = restricted ? Way.FILTERED_GRAPH : Way.GRAPH;
    var reason =
        "allowed %.1f%%, breadth %d, segments %d, missed %d"
            .formatted(100 * share, breadth, image.segments(), missed.size());
    return found.with(new VectorPlan(way, among, visited + missed.size(), reason));
  }

  /// How much wider a search must go, the fewer it may find.
  private static int times(double share) {
    if (share > WIDE) {
      return 1;
    }
    return share > NARROW ? 2 : 4;
  }
}
