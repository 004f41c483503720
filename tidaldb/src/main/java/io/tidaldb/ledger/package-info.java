/// What is kept of signals, whoever keeps it: the columns of one signal type over dense slots.
///
/// **Job.** Per slot and type one running sum that fades exactly, an all-time count and sparse
/// buckets for windows; per type the same once more for all slots together, and the head of the
/// order. Views decide which events count and what a slot stands for. Columns are primitive arrays;
/// nothing per slot is an object.
///
/// **In and out.** [Ledger] is one type: `Exp2` and `ForwardDecay` hold the arithmetic,
/// `ScoreColumn` the sums, `PairPage` counts and bookkeeping, `WindowBuckets` and `LinearSums` the
/// buckets in a `BlockArena`, `Head` the top of the order. [SignalReader] gives numbers at one
/// moment; `MomentReader` reads them from [Ledgers].
///
/// **Threads.** One writer, any number of readers. Sums are single array elements; buckets are read
/// under the sequence number of their part; a moved landmark publishes new pages. Readers never
/// make the writer wait.
///
/// **On disk.** A header (types, landmarks, totals, newest event time: `HeaderCodec`) and one page
/// per 128 slots and type (`PairCodec`), written when it changed. Heads and free lists are rebuilt.
///
/// **What can go wrong.** A read of a window that is not declared or of a moment too far back is
/// refused with what is allowed. A page that does not decode is refused as corrupt. Anything else
/// is a broken invariant, which `verify` finds.
@CheckReturnValue
@NullMarked
package io.tidaldb.ledger;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
