/// Consistent images of all page views at one position, two generations of them.
///
/// **Job.** Save the pages that changed as a new generation, switch to it by one atomic batch, find
/// the newest good generation at open, and say how far the log may be cut.
///
/// **In and out.** The engine freezes views between two frames and hands the frozen pages to
/// [io.tidaldb.checkpoint.Checkpoints]; the bytes go to the storage backend.
///
/// **Threads.** One checkpoint at a time, on the checkpointer's thread, while the writer goes on.
///
/// **On disk.** In the keyspace `SYSTEM`, each key ending in its generation: the views' pages under
/// their own tags; under `CKPT` the manifest (type 1, page = chunk of at most 8 MiB) and the
/// [io.tidaldb.checkpoint.CheckpointMeta] (type 0). A generation exists if its meta does. A page
/// that did not change stays where an earlier generation wrote it.
///
/// **What can go wrong.** The disk refuses: the checkpoint changes nothing and is tried again.
/// Bytes are not what was written: the generation is refused, reported, and the older one is used.
@CheckReturnValue
@NullMarked
package io.tidaldb.checkpoint;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
