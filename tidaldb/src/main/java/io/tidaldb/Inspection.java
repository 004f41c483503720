package io.tidaldb;

import io.tidaldb.engine.StoreInspection;
import io.tidaldb.schema.RecoveryForecast;
import io.tidaldb.schema.StoreDiagnostics;
import io.tidaldb.schema.StorePath;
import io.tidaldb.schema.StoreStatus;
import io.tidaldb.schema.Verification;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A look at a store from outside: nothing is opened for writing, and names, bytes and times of the
/// directory stay as they are. Works on a damaged store.
///
/// [#status], [#paths] and [#diagnostics] also work while a database runs; the others report a
/// `LockedException`.
public final class Inspection {

  private final StoreInspection store;

  Inspection(Path directory) {
    this.store = new StoreInspection(directory, InstantSource.system());
  }

  /// What the store is.
  public StoreStatus status() {
    return store.status();
  }

  /// Every path that a store may have.
  public List<StorePath> paths() {
    return store.paths();
  }

  /// What the store holds.
  public StoreDiagnostics diagnostics() {
    return store.diagnostics();
  }

  /// What opening would do.
  public RecoveryForecast recovery() {
    return store.recovery();
  }

  /// Checks every frame, page and view.
  ///
  /// @param deep also folds the whole log anew and compares, if it still starts at its first
  ///   position
  public Verification verify(boolean deep) {
    return store.verify(deep);
  }

  /// Gives the events from one position to another, each as names and values; ids are strings.
  public void events(long from, long to, Consumer<Map<String, Object>> line) {
    store.events(from, to, line);
  }

  /// Gives the canonical state at the log's end, entry by entry; ids are strings.
  public void state(Consumer<Map<String, Object>> line) {
    store.state(line);
  }

  /// Moves everything after a position to the quarantine. **Loses those events for ever**; the way
  /// out when the log is damaged in the middle and there is no backup.
  ///
  /// @return how many bytes of the log were set aside
  /// @throws io.tidaldb.schema.InvalidRequestException if state is already saved that contains what
  ///   comes after the position
  public long truncateAfter(long position) {
    return store.truncateAfter(position);
  }
}
