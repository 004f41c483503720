package io.tidaldb.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.tidaldb.schema.ClosedException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A backend in memory: the table of an ephemeral database, and of tests.
///
/// It remembers its content before each of the last [#REMEMBERED] batches since the last flush, so
/// that a test can ask for the backend as after a crash. An older batch counts as flushed, as in a
/// real backend whose memory is full; so memory stays bounded however rarely it is flushed.
///
/// **Threads.** Writers take turns; readers never wait:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `roots` | a writer, under the lock | volatile | volatile | the content before a batch, never a part of one |
/// | `closed` | a closer, under the lock | volatile | volatile | a last answer that was still right |
public final class InMemoryBackend implements StorageBackend {

  /// How many batches a crash can take back at most.
  static final int REMEMBERED = 256;

  /// One root per keyspace; the array is never changed.
  private volatile @Nullable SortedTree[] roots;

  private volatile boolean closed;

  @GuardedBy("this")
  private final Deque<@Nullable SortedTree[]> unflushed = new ArrayDeque<>();

  private final AtomicInteger openSnapshots = new AtomicInteger();

  /// An empty backend.
  public InMemoryBackend() {
    this(new SortedTree[Keyspace.values().length]);
  }

  private InMemoryBackend(@Nullable SortedTree[] roots) {
    this.roots = roots;
  }

  @Override
  public Optional<byte[]> get(Keyspace keyspace, byte[] key) {
    return get(open(), keyspace, key);
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    writeBatch(new WriteBatch().put(keyspace, key.clone(), value.clone()));
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    writeBatch(new WriteBatch().delete(keyspace, key.clone()));
  }

  @Override
  public Cursor scanPrefix(Keyspace keyspace, byte[] prefix) {
    return new TreeCursor(open()[keyspace.index], prefix.clone());
  }

  @Override
  public synchronized void writeBatch(WriteBatch batch) {
    @Nullable SortedTree[] before = open();
    Bounds.check(batch);
    if (batch.count() == 0) {
      return;
    }
    @Nullable SortedTree[] after = before.clone();
    for (WriteBatch.Operation operation : batch.operations()) {
      int table = operation.keyspace.index;
      byte[] value = operation.value;
      after[table] =
          value == null
              ? SortedTree.remove(after[table], operation.key)
              : SortedTree.put(after[table], operation.key, value);
    }
    unflushed.addLast(before);
    if (unflushed.size() > REMEMBERED) {
      unflushed.removeFirst();
    }
    roots = after;
  }

  @Override
  public synchronized void flush() {
    var _ = open();
    unflushed.clear();
  }

  /// Nothing deleted is kept.
  @Override
  public void compact() {
    var _ = open();
  }

  @Override
  public Snapshot snapshot() {
    @Nullable SortedTree[] now = open();
    int open = openSnapshots.getAndIncrement();
    try {
      Bounds.checkSnapshots(open);
    } catch (RuntimeException e) {
      openSnapshots.getAndDecrement();
      throw e;
    }
    return new TreeSnapshot(now);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  /// How many batches a crash now could take back.
  synchronized int unflushedBatches() {
    return unflushed.size();
  }

  /// A new backend with the content as after a crash that took back the last batches. Works on a
  /// closed backend too: closing is no flush.
  ///
  /// @param lostBatches 0 … [#unflushedBatches]
  synchronized InMemoryBackend crashed(int lostBatches) {
    if (lostBatches == 0) {
      return new InMemoryBackend(roots);
    }
    if (lostBatches > unflushed.size()) {
      throw new IllegalArgumentException(
          "flushed batches cannot be lost: lost=" + lostBatches + " unflushed=" + unflushed.size());
    }
    return new InMemoryBackend(
        unflushed.stream().skip(unflushed.size() - (long) lostBatches).findFirst().orElseThrow());
  }

  private @Nullable SortedTree[] open() {
    if (closed) {
      throw new ClosedException("the storage backend");
    }
    return roots;
  }

  private static Optional<byte[]> get(@Nullable SortedTree[] roots, Keyspace keyspace, byte[] key) {
    byte[] value = SortedTree.get(roots[keyspace.index], key);
    return value == null ? Optional.empty() : Optional.of(value.clone());
  }

  private final class TreeSnapshot implements Snapshot {

    private volatile @Nullable SortedTree @Nullable [] content;

    TreeSnapshot(@Nullable SortedTree[] content) {
      this.content = content;
    }

    @Override
    public Optional<byte[]> get(Keyspace keyspace, byte[] key) {
      return InMemoryBackend.get(content(), keyspace, key);
    }

    @Override
    public Cursor scanPrefix(Keyspace keyspace, byte[] prefix) {
      return new TreeCursor(content()[keyspace.index], prefix.clone());
    }

    @Override
    public synchronized void close() {
      if (content != null) {
        content = null;
        openSnapshots.getAndDecrement();
      }
    }

    private @Nullable SortedTree[] content() {
      var _ = open();
      @Nullable SortedTree[] now = content;
      if (now == null) {
        throw new ClosedException("the snapshot");
      }
      return now;
    }
  }

  private final class TreeCursor implements Cursor {

    private final SortedTree.Walk walk;
    private final byte[] prefix;
    private @Nullable SortedTree here;
    private boolean closed;

    TreeCursor(@Nullable SortedTree root, byte[] prefix) {
      this.walk = new SortedTree.Walk(root, prefix);
      this.prefix = prefix;
    }

    @Override
    public boolean next() {
      check();
      here = walk.next();
      if (here != null && !startsWith(here.key, prefix)) {
        here = null;
      }
      return here != null;
    }

    @Override
    public byte[] key() {
      return here().key.clone();
    }

    @Override
    public byte[] value() {
      return here().value.clone();
    }

    @Override
    public void close() {
      closed = true;
    }

    private SortedTree here() {
      check();
      if (here == null) {
        throw new IllegalStateException("the cursor stands on no entry");
      }
      return here;
    }

    private void check() {
      var _ = open();
      if (closed) {
        throw new ClosedException("the cursor");
      }
    }
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
