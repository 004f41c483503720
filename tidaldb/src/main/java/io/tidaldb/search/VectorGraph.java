package io.tidaldb.search;

import io.tidaldb.search.VectorSearch.Borders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.lucene.store.AlreadyClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a graph over the vectors of a view once there are enough of them for it to pay. If it
/// fails, it is built anew, and meanwhile searches compare every vector; if it fails again, they do
/// so until the next open.
///
/// **Threads.** One thread steps and closes; [#search] serves any.
public final class VectorGraph implements AutoCloseable {

  /// So many missed changes are compared beside the graph before it is brought up to date.
  static final int MISSED_MAX = 2_000;

  /// A second failure is one too many.
  private static final int FAILURES_MAX = 1;

  private static final Logger LOG = LoggerFactory.getLogger("io.tidaldb");

  private final VectorView view;
  private final Optional<Path> home;
  private final String store;
  private final Borders borders;
  private volatile @Nullable GraphIndex index;
  private int failures;

  /// @param view whose vectors
  /// @param home where the index is kept; empty keeps it in memory
  /// @param store the store's id
  public VectorGraph(VectorView view, Optional<Path> home, String store) {
    this(view, home, store, Borders.MEASURED);
  }

  /// @param borders from where on the graph is used
  VectorGraph(VectorView view, Optional<Path> home, String store, Borders borders) {
    this.view = view;
    this.home = home;
    this.store = store;
    this.borders = borders;
  }

  /// A search over vectors that were read before. Any thread.
  VectorSearch search(Vectors vectors, int column) {
    return new VectorSearch(vectors, column, index, borders);
  }

  /// Brings the graph up to date if it has missed enough.
  ///
  /// @return whether there was anything to do
  public boolean step() {
    return step(MISSED_MAX);
  }

  /// Brings the graph up to date if it has missed anything.
  public boolean catchUp() {
    return step(1);
  }

  private boolean step(int missedMin) {
    if (failures > FAILURES_MAX) {
      return false;
    }
    try {
      var open = index;
      if (open == null) {
        if (view.largest() < borders.vectors()) {
          return false;
        }
        open = GraphIndex.open(home, store, failures > 0, view.publishedPosition());
        index = open;
      }
      if (open.missed(view, borders.vectors()) < missedMin) {
        return false;
      }
      open.pass(view, borders.vectors());
      var image = open.image();
      if (image != null) {
        view.indexed(image.position());
      }
      return true;
    } catch (IOException | IllegalArgumentException | AlreadyClosedException e) {
      fail(e);
      return false;
    }
  }

  private void fail(Exception failure) {
    failures++;
    LOG.warn(
        "the graph over vectors failed; every vector is compared meanwhile: {}",
        failure.toString());
    var open = index;
    index = null;
    if (open != null) {
      try {
        open.abandon();
      } catch (RuntimeException worse) {
        LOG.debug("a failed graph could not be closed", worse);
      }
    }
  }

  /// Lets a running step end early. Any thread.
  public void stop() {
    var open = index;
    if (open != null) {
      open.stop();
    }
  }

  /// Closes it without saving, as a crash would leave it.
  public void abandon() {
    var open = index;
    index = null;
    failures = Integer.MAX_VALUE;
    if (open != null) {
      open.abandon();
    }
  }

  @Override
  public void close() {
    var open = index;
    index = null;
    failures = Integer.MAX_VALUE;
    if (open != null) {
      try {
        open.close();
      } catch (UncheckedIOException | AlreadyClosedException e) {
        LOG.warn("the graph over vectors could not be saved; the next open builds it anew", e);
      }
    }
  }
}
