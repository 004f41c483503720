/// Requests become a plan; the plan's stages run over the views.
///
/// **Job.** Check a request, find its profile, form the set of entities that may be returned, score
/// them, and cut a page whose hits explain themselves.
///
/// **In and out.** Takes a `Retrieve` and the readers of the views; gives `Results`: hits, a
/// cursor, warnings and what was really done. Stages: plan ▸ filter ▸ candidates ▸ score ▸ page.
///
/// **Threads.** A query runs on its caller's thread and shares nothing with others. It changes
/// nothing.
///
/// **On disk.** Nothing. A cursor is text that the caller keeps; it carries everything its next
/// page needs, under a checksum keyed by the store.
///
/// **What can go wrong.** What a query cannot honour is refused by name, before anything is read. A
/// cursor that was altered, belongs to another request or store, or is too old, is refused as such.
@CheckReturnValue
@NullMarked
package io.tidaldb.query;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
