/// Measures how well profiles foresee what users like, by a log that really happened.
///
/// **Job.** Replay a log in the order of time into a database that learns as it goes, ask before
/// each like what the user should see, and count how near the top the liked item stood; beside it
/// the same for popularity and item-kNN ([io.tidaldb.cli.evaluate.Prequential]).
///
/// **In and out.** Takes a mapping with its files ([io.tidaldb.cli.evaluate.Replay]) and names of
/// profiles; gives one [io.tidaldb.cli.evaluate.Score] per contender.
///
/// **Threads.** One; the database in the process has its own.
///
/// **On disk.** Nothing: the database keeps everything in memory.
///
/// **What can go wrong.** A mapping or profile that is unknown is refused; rows that cannot be read
/// are left out and counted.
@CheckReturnValue
@NullMarked
package io.tidaldb.cli.evaluate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
