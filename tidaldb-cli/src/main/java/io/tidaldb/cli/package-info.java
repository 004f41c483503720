/// The `tidal` command.
///
/// **Job.** Let a person use the library from a terminal.
///
/// **In and out.** Takes arguments; prints results to standard output and everything else to
/// standard error; the exit code says what the caller can do.
///
/// **Threads.** One command, one thread.
///
/// **On disk.** Only what the library writes.
///
/// **What can go wrong.** An exception of the library becomes one line and its exit code.
@CheckReturnValue
@NullMarked
package io.tidaldb.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
