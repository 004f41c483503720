/// The `tidal` command.
///
/// **Job.** Let a person use the library from a terminal.
///
/// **In and out.** Takes arguments; prints results to standard output and everything else to
/// standard error; the exit code says what the caller can do.
///
/// **Threads.** One command, one thread; the demonstration starts more where it measures many
/// callers.
///
/// **On disk.** What the library writes; the file of rejected rows of an import.
///
/// **What can go wrong.** An exception of the library becomes one line and its exit code.
@CheckReturnValue
@NullMarked
package io.tidaldb.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
