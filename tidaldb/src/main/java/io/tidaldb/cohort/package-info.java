/// View: cohorts, and the signals of their members.
///
/// **Job.** Count signals under a scope: what a cohort's members did, by the same rules as
/// everybody's signals, only where events are.
///
/// **In and out.** [CohortSignalLedger] is the ledger by itself, without engine and log: it records
/// under a cohort's name and reads counts and scores. `CohortLedgers` holds one
/// [io.tidaldb.ledger.Ledger] per signal type over the cells that `Cells` gives to pairs of cohort
/// and entity; `CohortReader` reads one cohort by the slots of entities.
///
/// **Threads.** One writer, any number of readers, who never wait for it.
///
/// **On disk.** A header page (types, landmarks, newest event time) and one page per 128 cells of a
/// cohort and type, written when it changed.
///
/// **What can go wrong.** A name, weight or window that does not fit is refused and nothing is
/// recorded. A page that does not decode is refused as corrupt.
@CheckReturnValue
@NullMarked
package io.tidaldb.cohort;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
