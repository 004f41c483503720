package io.tidaldb.search;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The graph over vectors: a Lucene index that follows the view. It only ever proposes; the vectors
/// of the view decide. So it may be behind, lost or thrown away, and no answer is wrong.
///
/// A document is one vector: its owner (column · 2³² + entity) as a term and as a number, and the
/// vector in a field of the column. A commit says up to which position everything is in it.
///
/// **Threads.** One thread calls [#pass] and [#close]; any thread reads [#image].
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `image` | the passing thread | volatile | volatile | an older image, with more missed changes |
final class GraphIndex implements AutoCloseable {

  static final String OWNER = "owner";

  private static final String FORMAT = "1";
  private static final double BUFFER_MEBIBYTES = 64;
  private static final int COMMIT_CHANGES = 10_000;

  private final Directory directory;
  private final String store;
  private final boolean isKept;
  private final IndexWriter writer;
  private final Set<Integer> whole = new HashSet<>();
  private volatile @Nullable GraphImage image;
  private volatile boolean stopped;
  private long position;
  private long uncommitted;

  private GraphIndex(Directory directory, boolean isKept, String store) throws IOException {
    this.directory = directory;
    this.isKept = isKept;
    this.store = store;
    this.writer = new IndexWriter(directory, config());
  }

  private static IndexWriterConfig config() {
    var scheduler = new ConcurrentMergeScheduler();
    scheduler.setMaxMergesAndThreads(2, 1);
    return new IndexWriterConfig(null)
        .setCodec(GraphFormat.codec())
        .setRAMBufferSizeMB(BUFFER_MEBIBYTES)
        .setMergeScheduler(scheduler)
        .setCommitOnClose(false);
  }

  /// Opens the index of a store, or begins one where there is none or none of this store.
  ///
  /// @param home its directory; empty for an index in memory
  /// @param store the store's id
  /// @param anew whether whatever is there is thrown away
  /// @param applied the highest position that the store has: an index beyond it is of another past
  static GraphIndex open(Optional<Path> home, String store, boolean anew, long applied)
      throws IOException {
    Directory directory =
        home.isPresent() ? FSDirectory.open(home.get()) : new ByteBuffersDirectory();
    try {
      if (anew) {
        empty(directory);
      }
      var index = new GraphIndex(directory, home.isPresent(), store);
      index.resume(applied);
      return index;
    } catch (Throwable failure) {
      directory.close();
      throw failure;
    }
  }

  /// Lucene would read what is there even to throw it away.
  private static void empty(Directory directory) throws IOException {
    for (var name : directory.listAll()) {
      if (!name.equals(IndexWriter.WRITE_LOCK_NAME)) {
        directory.deleteFile(name);
      }
    }
  }

  private void resume(long applied) throws IOException {
    var data = writer.getLiveCommitData();
    if (data != null) {
      for (var entry : data) {
        if (entry.getKey().equals("position")) {
          position = Long.parseLong(entry.getValue());
        } else if (!entry.getValue().equals(expected(entry.getKey()))) {
          position = Long.MAX_VALUE;
        }
      }
    }
    if (position == 0 || position > applied) {
      writer.deleteAll();
      position = 0;
    }
  }

  private String expected(String key) {
    return key.equals("store") ? store : FORMAT;
  }

  /// What searches use; null before the first whole pass.
  @Nullable GraphImage image() {
    return image;
  }

  /// The field of a column's vectors.
  static String field(int column) {
    return "v" + column;
  }

  private static BytesRef owner(int column, int entity) {
    byte[] bytes = new byte[Long.BYTES];
    NumericUtils.longToSortableBytes(owned(column, entity), bytes, 0);
    return new BytesRef(bytes);
  }

  private static long owned(int column, int entity) {
    return (long) column << 32 | entity;
  }

  /* --- following the view --- */

  /// Brings the index up to what the view has published, and opens a reader on it.
  ///
  /// @param countMin a column with fewer vectors is left to exact search
  void pass(VectorView view, int countMin) throws IOException {
    // Read first: the columns are then at this position, or later.
    long reached = view.publishedPosition();
    for (var column : view.columns()) {
      var vectors = column.published();
      boolean isHeld = whole.contains(column.number());
      if (column.slot().kind() != EntityKind.USER && (isHeld || vectors.count() >= countMin)) {
        if (isHeld) {
          follow(column, vectors);
        } else {
          begin(column, vectors);
        }
      }
    }
    if (stopped) {
      return;
    }
    position = reached;
    var before = image;
    image = GraphImage.of(DirectoryReader.open(writer), before, reached, whole);
    if (before != null) {
      before.release();
    }
    if (uncommitted >= COMMIT_CHANGES) {
      commit();
    }
  }

  /// How many changes of whole columns a pass would bring in.
  long missed(VectorView view, int countMin) {
    long missed = 0;
    for (var column : view.columns()) {
      var vectors = column.published();
      if (whole.contains(column.number())) {
        var changes = vectors.changes().after(position);
        missed += changes.isTorn() ? vectors.count() : changes.size();
      } else if (column.slot().kind() != EntityKind.USER && vectors.count() >= countMin) {
        missed += vectors.count();
      }
    }
    return missed;
  }

  /// Lets a running pass end early, without an image. Any thread.
  void stop() {
    stopped = true;
  }

  private void follow(VectorColumn column, Vectors vectors) throws IOException {
    var changes = vectors.changes().after(position);
    if (changes.isTorn()) {
      begin(column, vectors);
      return;
    }
    var seen = new RoaringBitmap();
    for (int n = 0; n < changes.size() && !stopped; n++) {
      if (seen.checkedAdd(changes.entity(n))) {
        write(column, vectors, changes.entity(n));
      }
    }
  }

  /// What a commit of an earlier run holds is taken over; the rest is added.
  private void begin(VectorColumn column, Vectors vectors) throws IOException {
    int number = column.number();
    var held = new RoaringBitmap();
    if (position > 0) {
      try (var reader = DirectoryReader.open(writer)) {
        GraphImage.of(reader, null, position, whole)
            .forEach(
                (owner, entity) -> {
                  if (owner == number && !vectors.has(entity)) {
                    write(column, vectors, entity);
                  } else if (owner == number) {
                    held.add(entity);
                  }
                });
      }
    }
    for (int entity : vectors.present()) {
      if (stopped) {
        return;
      }
      var row = vectors.row(entity);
      if (row != null && (row.position() > position || !held.contains(entity))) {
        write(column, vectors, entity);
      }
    }
    whole.add(number);
  }

  private void write(VectorColumn column, Vectors vectors, int entity) throws IOException {
    uncommitted++;
    var term = new Term(OWNER, owner(column.number(), entity));
    float[] vector = vectors.indexed(entity);
    if (vector == null) {
      writer.deleteDocuments(term);
      return;
    }
    var document = new Document();
    document.add(new StringField(OWNER, term.bytes(), Field.Store.NO));
    document.add(new NumericDocValuesField(OWNER, owned(column.number(), entity)));
    document.add(
        new KnnFloatVectorField(
            field(column.number()), vector, similarity(column.slot().metric())));
    writer.updateDocument(term, document);
  }

  private static VectorSimilarityFunction similarity(Metric metric) {
    return switch (metric) {
      case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
      case DOT_PRODUCT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
      case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
    };
  }

  private void commit() throws IOException {
    if (isKept) {
      writer.setLiveCommitData(
          Map.of("position", Long.toString(position), "store", store, "format", FORMAT).entrySet());
      var _ = writer.commit();
    }
    uncommitted = 0;
  }

  /// Commits what is in it and closes it.
  @Override
  public void close() {
    try (directory;
        writer) {
      if (uncommitted > 0 && image != null) {
        commit();
      }
      drop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Closes it as it is, without a commit.
  void abandon() {
    try (directory) {
      drop();
      writer.rollback();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void drop() throws IOException {
    var last = image;
    image = null;
    if (last != null) {
      last.release();
    }
  }
}
