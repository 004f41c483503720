/// View: cohorts, and the signals of their members.
///
/// **Job.** A cohort is a named predicate over users. The view folds what predicates ask for (the
/// attributes of users, what they did, what they like), knows who is in which cohort, and counts
/// the signals of members by the same rules as everybody's, only where events are.
///
/// **In and out.** [CohortView] takes events; [Members] says who is in, [Definitions] what there
/// is, and a reader counts by the slots of entities. `Condition` is a predicate made ready to be
/// asked; `Membership` holds the answers that depend on attributes alone. `CohortLedgers` holds one
/// [io.tidaldb.ledger.Ledger] per signal type over the cells that `Cells` gives to pairs of cohort
/// and entity. [CohortSignalLedger] is that ledger by itself, without engine and log.
///
/// **Threads.** One writer, any number of readers, who never wait for it. What is known of a user
/// is immutable and replaced as a whole; the cohorts are one volatile reference.
///
/// **On disk.** Pages under `COHORT`, told apart by their column: counts by cohort (a header, and
/// one page per 128 cells of a cohort and type), definitions, activity per 128 users and type, and
/// attributes, first events, tastes and items' keywords in groups of 64. Who is in a cohort is
/// worked out at load.
///
/// **What can go wrong.** A name, weight, field or window that does not fit is refused and nothing
/// is recorded. A page that does not decode is refused as corrupt. Counts and cells that disagree
/// are a broken invariant, which `verify` finds.
@CheckReturnValue
@NullMarked
package io.tidaldb.cohort;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
