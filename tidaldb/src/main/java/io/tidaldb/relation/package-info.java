/// The views of what lies between users and what they use: relations, states, affinities.
///
/// **Job.** Remember who follows, blocks, hides and mutes whom and what, and what users told of
/// items ([io.tidaldb.relation.Relations]); what each user has seen for ever
/// ([io.tidaldb.relation.SeenItems]) and did lately, and how much each engages with creators
/// ([io.tidaldb.relation.UserStates]).
///
/// **In and out.** Folds `RelationSet`, `RelationRemoved`, `StateCleared`, `UserErased` and
/// `SignalRecorded` with a user, by the meanings that it learns from `SchemaChanged`. Queries and
/// calls read through [io.tidaldb.relation.Viewer] and [io.tidaldb.relation.RelationReader]; the
/// writer asks when it cuts a frame.
///
/// **Threads.** One writer folds; any thread reads what is published; the checkpointer encodes
/// copies.
///
/// **On disk.** Rows under the tag `REL` (see [io.tidaldb.relation.Relations]), pages under `SEEN`
/// and `STATE`, each described at its view.
///
/// **What can go wrong.** Rows and pages that are not what was written are reported as corruption.
/// What a signal type means is not remembered before the schema said it.
@CheckReturnValue
@NullMarked
package io.tidaldb.relation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
