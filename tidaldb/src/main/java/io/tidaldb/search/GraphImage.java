package io.tidaldb.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The graph as of one reader: which documents are whose, and what of the log is in it.
///
/// **Threads.** Any, between [#acquire] and [#release].
final class GraphImage {

  /// Below this share of accepted documents Lucene's search keeps to accepted ones.
  private static final int FILTERED_BELOW_PERCENT = 60;

  private static final KnnSearchStrategy PLAIN = new KnnSearchStrategy.Hnsw(0);
  private static final KnnSearchStrategy FILTERED =
      new KnnSearchStrategy.Hnsw(FILTERED_BELOW_PERCENT);

  /// A segment and the entity of each of its documents, −1 for those of another column.
  private record Leaf(LeafReader reader, IndexReader.CacheKey key, Entities entities) {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Entities(int[] columns, int[] entities) {}

  private final DirectoryReader reader;
  private final List<Leaf> leaves;
  private final long position;
  private final Set<Integer> columns;

  private GraphImage(
      DirectoryReader reader, List<Leaf> leaves, long position, Set<Integer> columns) {
    this.reader = reader;
    this.leaves = leaves;
    this.position = position;
    this.columns = columns;
  }

  /// The image of a reader, which it closes in the end.
  ///
  /// @param before whose segments need not be read again, or null
  /// @param position everything up to it is in the index
  /// @param columns the columns that are whole in it
  static GraphImage of(
      DirectoryReader reader, @Nullable GraphImage before, long position, Set<Integer> columns)
      throws IOException {
    Map<IndexReader.CacheKey, Entities> known = new HashMap<>();
    if (before != null) {
      before.leaves.forEach(leaf -> known.put(leaf.key, leaf.entities));
    }
    var leaves = new ArrayList<Leaf>();
    for (var context : reader.leaves()) {
      var leaf = context.reader();
      var key = leaf.getCoreCacheHelper().getKey();
      var entities = known.get(key);
      leaves.add(new Leaf(leaf, key, entities == null ? entities(leaf) : entities));
    }
    return new GraphImage(reader, leaves, position, new HashSet<>(columns));
  }

  private static Entities entities(LeafReader leaf) throws IOException {
    int[] columns = new int[leaf.maxDoc()];
    int[] entities = new int[leaf.maxDoc()];
    var values = leaf.getNumericDocValues(GraphIndex.OWNER);
    for (int doc = values.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = values.nextDoc()) {
      long owner = values.longValue();
      columns[doc] = (int) (owner >>> 32);
      entities[doc] = (int) owner;
    }
    return new Entities(columns, entities);
  }

  /// Everything of the log up to here is in it.
  long position() {
    return position;
  }

  /// Whether every vector of a column is in it.
  boolean holds(int column) {
    return columns.contains(column);
  }

  DirectoryReader reader() {
    return reader;
  }

  int segments() {
    return leaves.size();
  }

  /// Keeps it from being closed.
  ///
  /// @return whether it is still there
  boolean acquire() {
    return reader.tryIncRef();
  }

  /// Lets go of it.
  void release() throws IOException {
    reader.decRef();
  }

  /// The owners of documents of a column that live in the index.
  interface Owners {
    void owner(int column, int entity) throws IOException;
  }

  void forEach(Owners owners) throws IOException {
    for (var leaf : leaves) {
      var live = leaf.reader.getLiveDocs();
      for (int doc = 0; doc < leaf.entities.entities.length; doc++) {
        if (live == null || live.get(doc)) {
          owners.owner(leaf.entities.columns[doc], leaf.entities.entities[doc]);
        }
      }
    }
  }

  /// What a search asks for.
  ///
  /// @param column the column's number
  /// @param vector normalised where the column's metric wants it
  /// @param breadth how many candidates are followed in each segment
  /// @param accepted entities that may be found; null for all
  /// @param share the part of all entities that is accepted, in [0, 1]
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Ask(
      int column, float[] vector, int breadth, @Nullable RoaringBitmap accepted, double share) {}

  /// Takes entities that are probably near.
  interface Found {
    void entity(int entity);
  }

  /// Finds entities that are probably the nearest.
  ///
  /// @return how many vectors were compared
  long search(Ask ask, Found found) throws IOException {
    var field = GraphIndex.field(ask.column);
    long visited = 0;
    for (var leaf : leaves) {
      if (leaf.reader.getFieldInfos().fieldInfo(field) == null) {
        continue;
      }
      boolean isFiltered = ask.accepted != null && 100 * ask.share < FILTERED_BELOW_PERCENT;
      KnnCollector collector =
          new TopKnnCollector(ask.breadth, Integer.MAX_VALUE, isFiltered ? FILTERED : PLAIN);
      leaf.reader.searchNearestVectors(field, ask.vector, collector, accepted(leaf, ask));
      for (var hit : collector.topDocs().scoreDocs) {
        found.entity(leaf.entities.entities[hit.doc]);
      }
      visited += collector.visitedCount();
    }
    return visited;
  }

  private static AcceptDocs accepted(Leaf leaf, Ask ask) {
    var live = leaf.reader.getLiveDocs();
    int documents = leaf.reader.maxDoc();
    return ask.accepted == null
        ? AcceptDocs.fromLiveDocs(live, documents)
        : new Accepted(live, leaf.entities.entities, ask.accepted, ask.share);
  }

  /// The documents whose entities are accepted.
  private static final class Accepted extends AcceptDocs implements Bits {
    private final @Nullable Bits live;
    private final int[] entities;
    private final RoaringBitmap accepted;
    private final double share;

    Accepted(@Nullable Bits live, int[] entities, RoaringBitmap accepted, double share) {
      this.live = live;
      this.entities = entities;
      this.accepted = accepted;
      this.share = share;
    }

    @Override
    public boolean get(int doc) {
      return (live == null || live.get(doc)) && accepted.contains(entities[doc]);
    }

    @Override
    public int length() {
      return entities.length;
    }

    @Override
    public Bits bits() {
      return this;
    }

    @Override
    public DocIdSetIterator iterator() {
      return new Walk(this);
    }

    @Override
    public int cost() {
      return (int) Math.ceil(share * entities.length);
    }
  }

  /// The accepted documents one after the other.
  private static final class Walk extends DocIdSetIterator {
    private final Bits accepted;
    private int doc = -1;

    Walk(Bits accepted) {
      this.accepted = accepted;
    }

    @Override
    public int docID() {
      return doc;
    }

    @Override
    public int nextDoc() {
      return advance(doc + 1);
    }

    @Override
    public int advance(int target) {
      int at = target;
      while (at < accepted.length() && !accepted.get(at)) {
        at++;
      }
      doc = at < accepted.length() ? at : NO_MORE_DOCS;
      return doc;
    }

    @Override
    public long cost() {
      return accepted.length();
    }
  }
}
