package io.tidaldb.log;

/// A view that writes rows through to the storage backend, each batch carrying its position (tag
/// `MV`), so that it may be ahead of a checkpoint; replay skips what [#loadedPosition] says.
///
/// Rows reach the backend in [View#publish]. They are durable after the backend's flush.
public interface RowView extends View {}
