package io.tidaldb.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LockedException;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A data directory that is ours: an operating system's lock on `LOCK` and an entry in a table of
/// this process, because such a lock does not exclude the process that holds it.
///
/// On POSIX systems closing *any* channel of a file drops the process's locks on it. So `LOCK` is
/// opened only after the table was asked, at most once per process, and nobody else ever opens it;
/// what the holder says about itself is in `OWNER`. The lock ends with the process, however that
/// ends; the file that stays is harmless.
///
/// **Threads.** Any; the table has a monitor, which is held over a few system calls and no foreign
/// code.
public final class DirectoryLock implements AutoCloseable {

  private static final Map<Path, Holder> TABLE = new HashMap<>();

  /// Channels that must not be closed, because another class loader's lock in this process would be
  /// dropped.
  @GuardedBy("TABLE")
  private static final List<FileChannel> KEPT_OPEN = new ArrayList<>();

  /// One held lock; readers of one process share it.
  private static final class Holder {
    final boolean exclusive;
    final String owner;
    final @Nullable FileChannel channel;
    int count = 1;

    Holder(boolean exclusive, String owner, @Nullable FileChannel channel) {
      this.exclusive = exclusive;
      this.owner = owner;
      this.channel = channel;
    }
  }

  private final Path directory;
  private final Holder holder;

  @GuardedBy("TABLE")
  private boolean closed;

  private DirectoryLock(Path directory, Holder holder) {
    this.directory = directory;
    this.holder = holder;
  }

  /// Takes a directory for writing; makes it if its parent exists, writes `LOCK` and `OWNER`.
  ///
  /// @throws InvalidRequestException if it cannot be a data directory: a file, a missing parent,
  ///   something that is not ours in it, no permission
  /// @throws LockedException if someone has it
  public static DirectoryLock exclusive(Path path, InstantSource clock) {
    Path directory = DataDirectory.prepare(path);
    String owner = Owner.describe(clock.instant());
    synchronized (TABLE) {
      Holder held = TABLE.get(directory);
      if (held != null) {
        throw new LockedException(directory.toString(), held.owner);
      }
      Set<OpenOption> options =
          Set.of(
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
      FileChannel channel = lockedChannel(directory, options, false);
      try {
        Owner.write(directory, owner);
      } catch (Throwable e) {
        release(channel, directory);
        throw e;
      }
      Holder holder = new Holder(true, owner, channel);
      TABLE.put(directory, holder);
      return new DirectoryLock(directory, holder);
    }
  }

  /// Takes a directory for reading beside other readers; changes and creates no file. Where there
  /// is no `LOCK`, in a copy, only this process is excluded.
  ///
  /// @throws InvalidRequestException if it does not hold a store
  /// @throws LockedException if someone writes
  public static DirectoryLock shared(Path path) {
    Path directory = DataDirectory.existing(path);
    synchronized (TABLE) {
      Holder held = TABLE.get(directory);
      if (held != null && held.exclusive) {
        throw new LockedException(directory.toString(), held.owner);
      }
      if (held != null) {
        held.count++;
        return new DirectoryLock(directory, held);
      }
      boolean locked = Files.exists(directory.resolve(StorePaths.LOCK), LinkOption.NOFOLLOW_LINKS);
      Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      Holder holder =
          new Holder(
              false,
              "a reader: " + Owner.pid(),
              locked ? lockedChannel(directory, options, true) : null);
      TABLE.put(directory, holder);
      return new DirectoryLock(directory, holder);
    }
  }

  /// The real path of the directory.
  public Path directory() {
    return directory;
  }

  /// Lets go. May be called twice.
  @Override
  public void close() {
    synchronized (TABLE) {
      if (closed) {
        return;
      }
      closed = true;
      holder.count--;
      if (holder.count > 0) {
        return;
      }
      TABLE.remove(directory, holder);
      if (holder.channel != null) {
        release(holder.channel, directory);
      }
    }
  }

  @GuardedBy("TABLE")
  private static FileChannel lockedChannel(
      Path directory, Set<OpenOption> options, boolean shared) {
    Path path = directory.resolve(StorePaths.LOCK);
    FileChannel channel;
    try {
      channel = FileChannel.open(path, options, OwnerOnly.file(path));
    } catch (IOException e) {
      throw failure("open lock", path, e);
    }
    FileLock lock;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      KEPT_OPEN.add(channel);
      throw new LockedException(directory.toString(), Owner.read(directory));
    } catch (IOException e) {
      release(channel, directory);
      throw failure("lock", path, e);
    }
    if (lock != null) {
      return channel;
    }
    boolean onlyReaders = !shared && admitsReader(channel);
    release(channel, directory);
    String owner = onlyReaders ? "a reader in another process" : Owner.read(directory);
    throw new LockedException(directory.toString(), owner);
  }

  /// Whether those who hold the lock only read, so that `OWNER` speaks of someone before them.
  private static boolean admitsReader(FileChannel channel) {
    try (FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void release(FileChannel channel, Path directory) {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure("release lock", directory.resolve(StorePaths.LOCK), e);
    }
  }

  private static RuntimeException failure(String operation, Path path, IOException cause) {
    Outcome outcome =
        cause instanceof NoSuchFileException ? Outcome.NOT_WRITTEN : NoSpace.outcome(cause);
    return new StorageException(operation, path.toString(), outcome, cause);
  }
}
