/// The shell.
///
/// **Job.** Let a person talk to one open database, line by line.
///
/// **In and out.** Takes lines from a terminal, with history and completion, or from a pipe; prints
/// what the commands print.
///
/// **Threads.** One.
///
/// **On disk.** The lines that were typed, in `.tidal_history` in the user's home.
///
/// **What can go wrong.** An error of a command is shown and the shell goes on; from a pipe the
/// first error's exit code is the shell's.
@CheckReturnValue
@NullMarked
package io.tidaldb.cli.shell;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
