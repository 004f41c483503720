/// View: vectors, a graph over them, and what users prefer. The only package that imports Lucene.
///
/// **Job.** Keep the vector of each item and creator in each embedding slot, and find the nearest
/// to a vector inside an allowed set. Learn from the signals of each user a vector of what the user
/// prefers.
///
/// **In and out.** [io.tidaldb.search.VectorView] takes events and gives
/// [io.tidaldb.search.Vectors], an immutable picture of one embedding slot, a
/// [io.tidaldb.search.VectorSearch] over it, and what a user prefers. A
/// [io.tidaldb.search.VectorGraph] follows the view and proposes; the vectors decide.
///
/// **Threads.** One writer folds. Readers take what was last published, which never changes, and
/// never wait. One more thread brings the graph up to date.
///
/// **On disk.** Pages under the tag `EMB`: a header (slots, meanings) and one page for up to 64
/// vectors, see [io.tidaldb.search.VectorCodec]. Lengths and sets of slots are derived. The graph
/// is a Lucene index in the directory `search`, whose commits say up to which position they have
/// everything; it is derived too.
///
/// **What can go wrong.** A page that does not decode is refused as corrupt. A vector that does not
/// fit its slot is kept out by the door; in a log it changes nothing. A graph that is damaged, or
/// of another past, is built anew; meanwhile everything is compared.
@CheckReturnValue
@NullMarked
package io.tidaldb.search;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
