/// View: decayed scores, windowed counts, velocities.
///
/// **Job.** Fold signals into numbers that ranking can read without touching an event: per entity
/// and signal type one running sum that fades exactly, an all-time count and sparse buckets for
/// windows; per type the same once more for all entities together, and the head of the order.
/// Columns are primitive arrays by slot; nothing per entity is an object.
///
/// **In and out.** [SignalView] takes events and gives an [io.tidaldb.ledger.SignalReader]; the
/// columns themselves are [io.tidaldb.ledger].
///
/// **Threads.** One writer, any number of readers. Sums are single array elements; buckets are read
/// under the sequence number of their part; a moved landmark publishes new pages. Readers never
/// make the writer wait.
///
/// **On disk.** A header page (types, landmarks, totals, newest event time) and one page per 128
/// slots and type, written when it changed. Heads and free lists are rebuilt.
///
/// **What can go wrong.** A read of a window that is not declared or of a moment too far back is
/// refused with what is allowed. A page that does not decode is refused as corrupt. Anything else
/// is a broken invariant, which `verify` finds.
@CheckReturnValue
@NullMarked
package io.tidaldb.signal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
