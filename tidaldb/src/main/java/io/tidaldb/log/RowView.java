package io.tidaldb.log;

/// A view that writes rows through to the storage backend, each batch carrying its position (tag
/// `MV`), so that it may be ahead of a checkpoint; replay skips what [#loadedPosition] says.
///
/// Rows reach the backend in [View#publish], which may leave the position alone where no row
/// changed. They are durable after the backend's flush.
public interface RowView extends View {

  /// Writes the position though no row may have changed. Called by the writer when a checkpoint
  /// freezes there: the log may be cut behind it, so replay must not begin earlier.
  void mark(long position);
}
