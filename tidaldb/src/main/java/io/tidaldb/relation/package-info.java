/// The view of what lies between users and what they use: today, which items a user has viewed.
///
/// **Job.** Remember for each user the set of items that the user viewed
/// ([io.tidaldb.relation.SeenItems]), so that the writer can mark a first view.
///
/// **In and out.** Folds `SignalRecorded` with a user and the type that means *view*, which it
/// learns from `SchemaChanged`. The writer asks when it cuts a frame; queries do not read it yet.
///
/// **Threads.** One writer folds and asks; the checkpointer encodes snapshots that never change.
///
/// **On disk.** Pages under the tag `SEEN`, described at [io.tidaldb.relation.SeenItems].
///
/// **What can go wrong.** A page that is no set of slots is reported as corruption. Views without a
/// user, or before a type means *view*, are not remembered.
@CheckReturnValue
@NullMarked
package io.tidaldb.relation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
