/// The disk: the only package that touches files of our own.
///
/// **Job.** Reach storage through one seam, [io.tidaldb.disk.Volume], that a test can replace by a
/// simulated one; name every path; lock the directory; read and write the header that every file of
/// ours begins with.
///
/// **In and out.** Above it `log`, `checkpoint` and `engine` open, write, sync and rename; below it
/// are only the JDK and the vocabulary of `schema`.
///
/// **Threads.** No thread of its own. Calls come from threads that the engine owns and never
/// interrupts: an interrupt closes a channel for all. A [io.tidaldb.disk.Checksum] belongs to one
/// thread.
///
/// **On disk.** `IDENTITY`, `CLEAN`, `LOCK`, `OWNER`, and the 64 bytes at the start of each
/// segment; drawn at [io.tidaldb.disk.FileHeader], [io.tidaldb.disk.CleanMark]; names at
/// [io.tidaldb.disk.StorePaths].
///
/// **What can go wrong.** The disk refuses: `StorageException`, which says whether a byte may have
/// been written. Bytes are damaged: `CorruptionException`. The format is another one:
/// `UnsupportedFormatException`. Someone else is here: `LockedException`. No `IOException` leaves.
@CheckReturnValue
@NullMarked
package io.tidaldb.disk;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
