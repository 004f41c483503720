/// The demonstration.
///
/// **Job.** Show in half a minute, without any files, what the database does: feeds of a made-up
/// platform with explanations, a killed process that loses nothing, and measured figures.
///
/// **In and out.** Takes a seed and sizes; prints; fails if anything acknowledged is missing.
///
/// **Threads.** One shows; a few write and ask at once where many callers are measured.
///
/// **On disk.** A database in a temporary directory, removed at the end unless it is to be kept.
///
/// **What can go wrong.** The writing process does not start or says nothing: an error with what it
/// printed.
@CheckReturnValue
@NullMarked
package io.tidaldb.cli.demo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
