package io.tidaldb.storage;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.ClosedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A backend in a directory, kept by RocksDB: one column family per keyspace, its own log off.
///
/// `close` is no flush: what was not flushed may be gone, as after a crash.
///
/// **Threads.** Any number of threads call it. Every native call holds `use` shared; `close` holds
/// it alone, so no native object is freed under a call. Cursors and snapshots still open then are
/// closed with it, and their later calls are refused. `use` is never held while waiting for another
/// lock.
public final class RocksDbBackend implements StorageBackend {

  /// Bytes of blocks kept in memory unless told otherwise.
  public static final long CACHE_BYTES = 32L << 20;

  private final String path;
  private final RocksOptions options;
  private final RocksDB database;

  /// RocksDB's own column family, then one per keyspace.
  private final List<ColumnFamilyHandle> tables;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Lock use = lock.readLock();
  private final Set<Child> children = ConcurrentHashMap.newKeySet();
  private final AtomicInteger openSnapshots = new AtomicInteger();
  private volatile boolean closed;

  private RocksDbBackend(
      String path, RocksOptions options, RocksDB database, List<ColumnFamilyHandle> tables) {
    this.path = path;
    this.options = options;
    this.database = database;
    this.tables = tables;
  }

  /// Opens the directory for reading and writing; creates it if its parent exists.
  public static RocksDbBackend open(Path directory) {
    return open(directory, CACHE_BYTES);
  }

  /// As [#open(Path)].
  ///
  /// @param cacheBytes bytes of blocks to keep in memory
  public static RocksDbBackend open(Path directory, long cacheBytes) {
    return open(directory, cacheBytes, false);
  }

  /// Opens an existing directory and changes nothing in it: no name, no byte, no time.
  public static RocksDbBackend openReadOnly(Path directory) {
    return open(directory, CACHE_BYTES, true);
  }

  private static RocksDbBackend open(Path directory, long cacheBytes, boolean readOnly) {
    String path = directory.toString();
    var options = new RocksOptions(cacheBytes, readOnly);
    List<ColumnFamilyHandle> tables = new ArrayList<>();
    try {
      RocksDB database =
          readOnly
              ? RocksDB.openReadOnly(options.database, path, options.tables(), tables)
              : RocksDB.open(options.database, path, options.tables(), tables);
      return new RocksDbBackend(path, options, database, tables);
    } catch (RocksDBException e) {
      options.close();
      throw RocksErrors.of("open", path, e);
    }
  }

  @Override
  public Optional<byte[]> get(Keyspace keyspace, byte[] key) {
    return get(keyspace, key, options.read);
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    writeBatch(new WriteBatch().put(keyspace, key, value));
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    writeBatch(new WriteBatch().delete(keyspace, key));
  }

  @Override
  public Cursor scanPrefix(Keyspace keyspace, byte[] prefix) {
    return scan(keyspace, prefix, null);
  }

  @Override
  public void writeBatch(WriteBatch batch) {
    Bounds.check(batch);
    enter();
    try (var operations = new org.rocksdb.WriteBatch()) {
      for (WriteBatch.Operation operation : batch.operations()) {
        byte[] value = operation.value;
        if (value == null) {
          operations.delete(table(operation.keyspace), operation.key);
        } else {
          operations.put(table(operation.keyspace), operation.key, value);
        }
      }
      database.write(options.write, operations);
    } catch (RocksDBException e) {
      throw RocksErrors.of("write", path, e);
    } finally {
      use.unlock();
    }
  }

  @Override
  public void flush() {
    enter();
    try {
      database.flush(options.flush, tables);
    } catch (RocksDBException e) {
      throw RocksErrors.of("flush", path, e);
    } finally {
      use.unlock();
    }
  }

  @Override
  public void compact() {
    enter();
    try (var everything =
        new CompactRangeOptions()
            .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
      for (ColumnFamilyHandle table : tables) {
        database.compactRange(table, null, null, everything);
      }
    } catch (RocksDBException e) {
      throw RocksErrors.of("compact", path, e);
    } finally {
      use.unlock();
    }
  }

  @Override
  public Snapshot snapshot() {
    enter();
    try {
      int open = openSnapshots.getAndIncrement();
      try {
        Bounds.checkSnapshots(open);
        var snapshot = new RocksSnapshot();
        children.add(snapshot);
        return snapshot;
      } catch (RuntimeException e) {
        openSnapshots.getAndDecrement();
        throw e;
      }
    } finally {
      use.unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      children.forEach(Child::free);
      children.clear();
      tables.forEach(ColumnFamilyHandle::close);
      database.closeE();
    } catch (RocksDBException e) {
      throw RocksErrors.of("close", path, e);
    } finally {
      options.close();
      lock.writeLock().unlock();
    }
  }

  /// Takes `use`, unless the backend is closed.
  private void enter() {
    use.lock();
    if (closed) {
      use.unlock();
      throw new ClosedException("the storage backend");
    }
  }

  private ColumnFamilyHandle table(Keyspace keyspace) {
    return tables.get(1 + keyspace.index);
  }

  private Optional<byte[]> get(Keyspace keyspace, byte[] key, ReadOptions read) {
    enter();
    try {
      return Optional.ofNullable(database.get(table(keyspace), read, key));
    } catch (RocksDBException e) {
      throw RocksErrors.of("read", path, e);
    } finally {
      use.unlock();
    }
  }

  private Cursor scan(Keyspace keyspace, byte[] prefix, @Nullable RocksSnapshot snapshot) {
    enter();
    try {
      var cursor = new RocksCursor(keyspace, prefix.clone(), snapshot);
      children.add(cursor);
      return cursor;
    } finally {
      use.unlock();
    }
  }

  /// Something native that hangs on the database and must be freed before it.
  private abstract class Child implements AutoCloseable {

    private boolean freed;
    private final String what;

    Child(String what) {
      this.what = what;
    }

    abstract void free();

    /// Takes `use`, unless this or the backend is closed.
    final void enterChild() {
      enter();
      if (freed) {
        use.unlock();
        throw new ClosedException(what);
      }
    }

    @Override
    public final void close() {
      use.lock();
      try {
        if (children.remove(this)) {
          freed = true;
          free();
        }
      } finally {
        use.unlock();
      }
    }
  }

  private final class RocksSnapshot extends Child implements Snapshot {

    private final org.rocksdb.Snapshot content = database.getSnapshot();
    private final ReadOptions read =
        new ReadOptions().setVerifyChecksums(true).setSnapshot(content);

    RocksSnapshot() {
      super("the snapshot");
    }

    @Override
    public Optional<byte[]> get(Keyspace keyspace, byte[] key) {
      enterChild();
      try {
        return RocksDbBackend.this.get(keyspace, key, read);
      } finally {
        use.unlock();
      }
    }

    @Override
    public Cursor scanPrefix(Keyspace keyspace, byte[] prefix) {
      enterChild();
      try {
        return scan(keyspace, prefix, this);
      } finally {
        use.unlock();
      }
    }

    @Override
    void free() {
      read.close();
      database.releaseSnapshot(content);
      content.close();
      openSnapshots.getAndDecrement();
    }
  }

  private final class RocksCursor extends Child implements Cursor {

    private final byte[] prefix;
    private final ReadOptions read;
    private final @Nullable Slice end;
    private final RocksIterator entries;
    private boolean started;

    RocksCursor(Keyspace keyspace, byte[] prefix, @Nullable RocksSnapshot snapshot) {
      super("the cursor");
      this.prefix = prefix;
      // A scan must not wash the rows that are read one by one out of the cache.
      read = new ReadOptions().setVerifyChecksums(true).setFillCache(false);
      if (snapshot != null) {
        read.setSnapshot(snapshot.content);
      }
      byte[] after = after(prefix);
      end = after == null ? null : new Slice(after);
      if (end != null) {
        read.setIterateUpperBound(end);
      }
      entries = database.newIterator(table(keyspace), read);
    }

    @Override
    public boolean next() {
      enterChild();
      try {
        if (!started) {
          started = true;
          entries.seek(prefix);
        } else if (entries.isValid()) {
          entries.next();
        }
        if (entries.isValid()) {
          return true;
        }
        entries.status();
        return false;
      } catch (RocksDBException e) {
        throw RocksErrors.of("scan", path, e);
      } finally {
        use.unlock();
      }
    }

    @Override
    public byte[] key() {
      enterChild();
      try {
        return valid().key();
      } finally {
        use.unlock();
      }
    }

    @Override
    public byte[] value() {
      enterChild();
      try {
        return valid().value();
      } finally {
        use.unlock();
      }
    }

    @Override
    void free() {
      entries.close();
      read.close();
      if (end != null) {
        end.close();
      }
    }

    private RocksIterator valid() {
      if (!started || !entries.isValid()) {
        throw new IllegalStateException("the cursor stands on no entry");
      }
      return entries;
    }
  }

  /// The least key above every key that begins with the prefix, or null if there is none.
  private static byte @Nullable [] after(byte[] prefix) {
    for (@Var int last = prefix.length - 1; last >= 0; last--) {
      if (prefix[last] != (byte) 0xFF) {
        byte[] after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return after;
      }
    }
    return null;
  }
}
