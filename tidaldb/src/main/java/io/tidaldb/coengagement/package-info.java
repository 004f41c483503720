/// The view of what is liked together: edges between items that the same users engage with.
///
/// **Job.** Keep, for at most so many pairs of items as the schema says, how strongly users tie
/// them together ([io.tidaldb.coengagement.CoEngagementView]); the same rules without a log are
/// [io.tidaldb.coengagement.CoEngagementIndex].
///
/// **In and out.** Folds signals of a positive meaning with a user on an item, deletions of items,
/// erasures of users, and schemas. The door and the candidate source of related items read.
///
/// **Threads.** One writer folds; any thread reads, under versions that tell a reader to look again
/// ([io.tidaldb.coengagement.Stripes]).
///
/// **On disk.** Pages under the tag `COENG`, described at
/// [io.tidaldb.coengagement.CoEngagementView] and, for the class without a log, at
/// [io.tidaldb.coengagement.IndexImage].
///
/// **What can go wrong.** A page that does not hold edges between living items is reported as
/// corruption. A full table lets its least edge go, as specified.
@CheckReturnValue
@NullMarked
package io.tidaldb.coengagement;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
