/// The engine: runs the one writer, routes events to views, takes checkpoints, recovers.
///
/// **Job.** Hold all parts together. A call is checked on its caller's thread, queued, cut into a
/// frame with what else is queued, appended, synced, applied to every view in order, answered.
/// Opening is the same fold over what the log holds.
///
/// **In and out.** Takes the door's calls; gives receipts, readings and ranked pages. Uses every
/// package below; nothing below uses it.
///
/// **Threads.** `tidaldb-writer` owns the log and all mutation of views; `tidaldb-maintenance`
/// prepares segments, takes checkpoints and cuts the log; `tidaldb-answers` completes callers.
/// There are no nested locks: callers meet the writer in a bounded queue, readers meet it in
/// published references.
///
/// **On disk.** The layout of a data directory is named in `disk.StorePaths`; this package decides
/// the order in which it is opened (lock, identity, newest good generation, log) and closed (drain,
/// sync, checkpoint, clean mark, unlock).
///
/// **What can go wrong.** A full queue is a `BackpressureException`; a failed write or sync is
/// final: the callers in flight get `OutcomeUnknownException`, everyone later `ReadOnlyException`
/// with the first cause, and reads go on. A failed checkpoint changes nothing and is tried again.
@CheckReturnValue
@NullMarked
package io.tidaldb.engine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
