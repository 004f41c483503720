/// The table under the views: ordered bytes in four keyspaces, with atomic batches.
///
/// **Job.** Keep rows, pages and manifests in a [io.tidaldb.storage.StorageBackend]; say how keys
/// are built ([io.tidaldb.storage.Keys]). The only package that imports RocksDB.
///
/// **In and out.** Row views and the checkpointer write batches and read keys and prefixes. Imports
/// only the vocabulary.
///
/// **Threads.** A backend may be called by any number of threads. A cursor belongs to one thread at
/// a time. `close` waits for calls that are running; a call after it is refused.
///
/// **On disk.** RocksDB's files under `store/`, one column family per keyspace, without RocksDB's
/// own log: what was not flushed is folded again from our log. Keys are `[id 8 B BE][0x00][tag 1
/// B][suffix]`.
///
/// **What can go wrong.** The disk refuses (`StorageException`), a block fails its checksum
/// (`CorruptionException`), a bound is reached (`LimitExceededException`), the backend is closed
/// (`ClosedException`).
@CheckReturnValue
@NullMarked
package io.tidaldb.storage;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
