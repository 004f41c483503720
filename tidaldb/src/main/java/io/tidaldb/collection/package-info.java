/// The view of collections: owned, named, ordered sets of items.
///
/// **Job.** Keep what each collection is and which items it holds in which order, as rows
/// ([io.tidaldb.collection.CollectionView]), so that membership is one key and thus all or nothing.
///
/// **In and out.** Folds the family `CollectionEvent`, `EntityDeleted` of items, which takes the
/// item out everywhere, and `UserErased`, which takes the user's collections and shares away. The
/// writer asks the view what is folded ([io.tidaldb.collection.Header] and members); everyone else
/// reads what is published through [io.tidaldb.collection.CollectionReader], also as the set of
/// slots that filters need.
///
/// **Threads.** One writer folds; any number of threads read rows and immutable copies of them.
///
/// **On disk.** Rows under the tag `COLL` in the keyspaces of users, items and the system, drawn at
/// [io.tidaldb.collection.CollectionRows]; each value with its own checksum. The batch of a frame
/// carries the position.
///
/// **What can go wrong.** A row whose bytes do not fit is reported as corruption. What does not
/// exist, or what the viewer may not see, is a `NotFoundException`.
@CheckReturnValue
@NullMarked
package io.tidaldb.collection;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
