/// View: vectors, and what users prefer.
///
/// **Job.** Keep the vector of each item and creator in each embedding slot, and find the nearest
/// to a vector inside an allowed set. Learn from the signals of each user a vector of what the user
/// prefers.
///
/// **In and out.** [io.tidaldb.search.VectorView] takes events and gives
/// [io.tidaldb.search.Vectors], an immutable picture of one embedding slot, and what a user
/// prefers.
///
/// **Threads.** One writer folds. Readers take what was last published, which never changes, and
/// never wait.
///
/// **On disk.** Pages under the tag `EMB`: a header (slots, meanings) and one page for up to 64
/// vectors, see [io.tidaldb.search.VectorCodec]. Lengths and sets of slots are derived.
///
/// **What can go wrong.** A page that does not decode is refused as corrupt. A vector that does not
/// fit its slot is kept out by the door; in a log it changes nothing.
@CheckReturnValue
@NullMarked
package io.tidaldb.search;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
