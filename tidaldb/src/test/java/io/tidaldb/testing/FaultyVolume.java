package io.tidaldb.testing;

import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A volume that refuses chosen calls. Without an armed [Fault] it does what the volume below it
/// does.
///
/// For every kind of call: run once and read [#calls], then once per call with a fault armed for
/// it.
///
/// **Threads.** Any; counting holds the volume's monitor, the calls below do not.
public final class FaultyVolume implements Volume {

  private final Volume inner;
  private final Map<VolumeCall, Long> calls = new EnumMap<>(VolumeCall.class);
  private final List<Armed> armed = new ArrayList<>();
  private long fired;
  private boolean full;

  /// A fault and how many matching calls it has seen.
  private static final class Armed {
    final Fault fault;
    long seen;

    Armed(Fault fault) {
      this.fault = fault;
    }
  }

  /// A volume without faults.
  public FaultyVolume(Volume inner) {
    this.inner = inner;
  }

  /// Arms a fault; its calls count from now on.
  public synchronized FaultyVolume arm(Fault fault) {
    armed.add(new Armed(fault));
    return this;
  }

  /// Takes all faults back.
  public synchronized void disarm() {
    armed.clear();
    full = false;
  }

  /// From now on, or no longer: creating a file, growing one or making a directory finds no space,
  /// and not a byte is written.
  public synchronized void full(boolean isFull) {
    full = isFull;
  }

  /// How many calls of a kind there were, refused ones included.
  public synchronized long calls(VolumeCall call) {
    return calls.getOrDefault(call, 0L);
  }

  /// How many calls were refused by a fault.
  public synchronized long fired() {
    return fired;
  }

  @Override
  public VolumeFile open(String name, OpenMode mode) {
    boolean creates = mode == OpenMode.CREATE;
    if (creates) {
      requireSpace("open", name);
    }
    VolumeFile file =
        call(
            creates ? VolumeCall.CREATE : VolumeCall.OPEN,
            name,
            () -> inner.open(name, mode),
            VolumeFile::close);
    return new FaultyFile(file, name);
  }

  @Override
  public boolean exists(String name) {
    return inner.exists(name);
  }

  @Override
  public void rename(String from, String to) {
    run(VolumeCall.RENAME, from, () -> inner.rename(from, to));
  }

  @Override
  public void delete(String name) {
    run(VolumeCall.DELETE, name, () -> inner.delete(name));
  }

  @Override
  public List<String> list(String directory) {
    return inner.list(directory);
  }

  @Override
  public void createDirectory(String directory) {
    requireSpace("create directory", directory);
    run(VolumeCall.CREATE_DIRECTORY, directory, () -> inner.createDirectory(directory));
  }

  @Override
  public void syncDirectory(String directory) {
    run(VolumeCall.SYNC_DIRECTORY, directory, () -> inner.syncDirectory(directory));
  }

  @Override
  public long usableBytes() {
    return isFull() ? 0 : inner.usableBytes();
  }

  @Override
  public String describe(String name) {
    return inner.describe(name);
  }

  private synchronized boolean isFull() {
    return full;
  }

  private void requireSpace(String operation, String name) {
    if (isFull()) {
      throw new StorageException(
          operation,
          describe(name),
          Outcome.NOT_WRITTEN,
          new IOException("No space left on device"));
    }
  }

  private void run(VolumeCall call, String name, Runnable effect) {
    Fault fault = next(call, name);
    if (fault == null) {
      effect.run();
      return;
    }
    if (fault.moment() == Fault.Moment.AFTER) {
      effect.run();
    }
    throw refusal(fault, name);
  }

  private <T> T call(VolumeCall call, String name, Supplier<T> effect, Consumer<? super T> undo) {
    Fault fault = next(call, name);
    if (fault == null) {
      return effect.get();
    }
    if (fault.moment() == Fault.Moment.AFTER) {
      undo.accept(effect.get());
    }
    throw refusal(fault, name);
  }

  private StorageException refusal(Fault fault, String name) {
    return new StorageException(
        fault.call().name(),
        describe(name),
        fault.outcome(),
        new IOException("injected: " + fault));
  }

  /// Counts a call; the fault that it meets.
  private synchronized @Nullable Fault next(VolumeCall call, String name) {
    calls.merge(call, 1L, Long::sum);
    Fault met = null;
    for (Iterator<Armed> all = armed.iterator(); all.hasNext(); ) {
      Armed one = all.next();
      if (one.fault.call() != call || !name.startsWith(one.fault.nameStart())) {
        continue;
      }
      one.seen++;
      if (one.seen >= one.fault.nth() && met == null) {
        met = one.fault;
        fired++;
        if (!met.sticky()) {
          all.remove();
        }
      }
    }
    return met;
  }

  /// A file that refuses as its volume does.
  private final class FaultyFile implements VolumeFile {

    private final VolumeFile file;
    private final String name;

    FaultyFile(VolumeFile file, String name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      if (isFull() && offset + bytes.remaining() > file.size()) {
        requireSpace("write", name);
      }
      Fault fault = next(VolumeCall.WRITE, name);
      if (fault == null) {
        file.write(bytes, offset);
        return;
      }
      int limit = bytes.limit();
      switch (fault.moment()) {
        case BEFORE -> {}
        case MIDWAY -> {
          bytes.limit(bytes.position() + bytes.remaining() / 2);
          file.write(bytes, offset);
          bytes.limit(limit);
        }
        case AFTER -> file.write(bytes, offset);
      }
      throw refusal(fault, name);
    }

    @Override
    public int read(ByteBuffer bytes, long offset) {
      Fault fault = next(VolumeCall.READ, name);
      if (fault != null) {
        throw refusal(fault, name);
      }
      return file.read(bytes, offset);
    }

    @Override
    public void sync(boolean metadata) {
      run(VolumeCall.SYNC, name, () -> file.sync(metadata));
    }

    @Override
    public void truncate(long size) {
      if (size > file.size()) {
        requireSpace("truncate", name);
      }
      run(VolumeCall.TRUNCATE, name, () -> file.truncate(size));
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
