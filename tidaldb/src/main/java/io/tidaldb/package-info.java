/// The door: build, open, write, query, check, close.
///
/// **Job.** Offer every ability of the database to a program, and nothing of how it is done.
///
/// **In and out.** Takes values of `io.tidaldb.schema`; gives them back, or throws one of its
/// exceptions.
///
/// **Threads.** Everything here may be called from any thread.
///
/// **On disk.** Nothing of its own; a database lives in the data directory it was opened with.
///
/// **What can go wrong.** The caller's mistakes are reported before anything is written.
@CheckReturnValue
@NullMarked
package io.tidaldb;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
