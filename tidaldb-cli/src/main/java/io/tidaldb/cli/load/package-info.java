/// Files become writes.
///
/// **Job.** Read rows of CSV and JSON Lines files, say by a mapping what each means, and send them
/// to a database so that a second run changes nothing.
///
/// **In and out.** Takes a mapping, files and a place to send batches; gives a report and a file of
/// rejected rows.
///
/// **Threads.** One thread reads and sends; several batches wait for their answers at once.
///
/// **On disk.** Runs of rows sorted by time, in a temporary directory that is removed at the end.
///
/// **What can go wrong.** A mapping that cannot be right is refused before anything is written; a
/// bad row is counted, written to the rejects and passed over; everything else ends the import,
/// which may be run again.
@CheckReturnValue
@NullMarked
package io.tidaldb.cli.load;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
