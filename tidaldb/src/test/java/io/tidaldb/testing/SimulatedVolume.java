package io.tidaldb.testing;

import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.disk.VolumeName;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A disk in memory that knows what a power cut may leave of it.
///
/// It keeps what readers see apart from what is durable. Between the two are the *pending units*,
/// in the order in which they were issued: sectors, sizes, directory entries. A sync of a file
/// makes its sectors and sizes durable, a sync of a directory its entries, and nothing else does. A
/// state after a power cut is the durable state plus **any subset** of the pending units: that is
/// more than a journaling file system allows itself, and what ours must bear.
///
/// Changing operations are counted from 1. At the one chosen by [#crashAt] the world stops *before*
/// its effect: it and every later call throw [SimulatedCrash].
///
/// **Threads.** Any; every call holds the volume's monitor.
public final class SimulatedVolume implements Volume {

  /// The sector of most disks, in bytes.
  public static final int SECTOR_BYTES = 512;

  private final int tearBytes;
  private final Map<String, SimulatedFile> names = new TreeMap<>();
  private final Set<String> directories = new TreeSet<>();
  private final Map<String, SimulatedFile> durableNames = new TreeMap<>();
  private final Set<String> durableDirectories = new TreeSet<>();
  private List<PendingUnit> pending = new ArrayList<>();
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private boolean stopped;
  private long bytesMax = 1L << 30;

  /// An empty disk with sectors of 512 bytes.
  public SimulatedVolume() {
    this(SECTOR_BYTES);
  }

  /// An empty disk.
  ///
  /// @param tearBytes a write may be torn at multiples of this; 64, 512 or 4096 are the usual ones
  public SimulatedVolume(int tearBytes) {
    if (tearBytes < 1) {
      throw new IllegalArgumentException("tearBytes < 1: " + tearBytes);
    }
    this.tearBytes = tearBytes;
  }

  private SimulatedVolume(int tearBytes, DiskState state) {
    this(tearBytes);
    state.files().forEach((name, image) -> names.put(name, new SimulatedFile(image.copy())));
    directories.addAll(state.directories());
    durableNames.putAll(names);
    durableDirectories.addAll(directories);
  }

  /* --- what a test says and asks --- */

  /// Stops the world before the nth changing operation from now on, counted from 1.
  public synchronized SimulatedVolume crashAt(long nth) {
    crashAt = operations + nth;
    return this;
  }

  /// Stops the world now.
  public synchronized void stop() {
    stopped = true;
  }

  /// How large all files together may be; writing more is a full disk.
  public synchronized SimulatedVolume capacity(long bytes) {
    bytesMax = bytes;
    return this;
  }

  /// Changing operations so far.
  public synchronized long operations() {
    return operations;
  }

  /// Whether the world has stopped.
  public synchronized boolean stopped() {
    return stopped;
  }

  /// How many units a power cut could lose now.
  public synchronized int pendingUnits() {
    return reachable().size();
  }

  /// Stops the world; what is on the disk afterwards.
  public synchronized SimulatedVolume crash(CrashChoice choice) {
    stopped = true;
    return crashStates().choose(choice);
  }

  /// The legal states after a power cut now, each once, made one at a time. Do not change the
  /// volume meanwhile.
  public synchronized Stream<CrashState> crashStates(CrashPlan plan) {
    return crashStates().stream(plan);
  }

  /// Equal for volumes whose readers see equal names and bytes.
  public synchronized String contentHash() {
    Map<String, SimulatedFile.Image> files = new TreeMap<>();
    names.forEach((name, file) -> files.put(name, file.current));
    return DiskState.hash(files, directories);
  }

  /// Flips bits of a file as readers see it and as it is stored: damage at rest.
  public synchronized void damage(String name, int offset, int mask) {
    SimulatedFile file = find("damage", name);
    for (SimulatedFile.Image image : List.of(file.current, file.durable)) {
      byte[] old = image.range(offset, offset + 1);
      if (old.length == 1) {
        image.write(offset, ByteBuffer.wrap(new byte[] {(byte) (old[0] ^ mask)}));
      }
    }
  }

  /// A copy of a file's bytes.
  public synchronized byte[] content(String name) {
    return find("read", name).current.content();
  }

  /// One line per file and directory, for the report of a failure.
  public synchronized String listing() {
    Stream<String> lines =
        Stream.concat(
            directories.stream().map(name -> name + "/"),
            names.entrySet().stream().map(e -> e.getKey() + " " + e.getValue().current.size()));
    return lines.sorted().collect(Collectors.joining("\n"));
  }

  private CrashStates crashStates() {
    TreeMap<String, SimulatedFile> durable = new TreeMap<>(durableNames);
    TreeSet<String> durableTree = new TreeSet<>(durableDirectories);
    Function<DiskState, SimulatedVolume> make = state -> new SimulatedVolume(tearBytes, state);
    return new CrashStates(() -> new DiskState(durable, durableTree), reachable(), make);
  }

  /// The pending units without those of files that no state can name.
  private List<PendingUnit> reachable() {
    Set<SimulatedFile> named = new HashSet<>(durableNames.values());
    for (PendingUnit unit : pending) {
      switch (unit) {
        case PendingUnit.Link link -> named.add(link.file());
        case PendingUnit.Move move -> named.add(move.file());
        case PendingUnit.Data _, PendingUnit.Unlink _, PendingUnit.Directory _ -> {}
      }
    }
    return pending.stream()
        .filter(u -> !(u instanceof PendingUnit.Data data) || named.contains(data.file()))
        .toList();
  }

  /* --- the volume --- */

  @Override
  public synchronized VolumeFile open(String name, OpenMode mode) {
    VolumeName.file(name);
    if (mode != OpenMode.CREATE) {
      checkRunning();
      return new Handle(name, find("open", name), mode != OpenMode.READ);
    }
    change("create", name);
    if (exists(name)) {
      throw refused("open", name, new FileAlreadyExistsException(name));
    }
    requireDirectory("open", VolumeName.parent(name));
    SimulatedFile file = new SimulatedFile(new SimulatedFile.Image());
    entry(new PendingUnit.Link(name, file));
    return new Handle(name, file, true);
  }

  @Override
  public synchronized boolean exists(String name) {
    checkRunning();
    return VolumeName.directory(name).isEmpty()
        || names.containsKey(name)
        || directories.contains(name);
  }

  @Override
  public synchronized void rename(String from, String to) {
    VolumeName.file(from);
    VolumeName.file(to);
    change("rename", from);
    SimulatedFile file = find("rename", from);
    requireDirectory("rename", VolumeName.parent(to));
    if (directories.contains(to)) {
      throw refused("rename", from, new FileAlreadyExistsException(to));
    }
    if (!from.equals(to)) {
      entry(new PendingUnit.Move(from, to, file));
    }
  }

  @Override
  public synchronized void delete(String name) {
    VolumeName.file(name);
    change("delete", name);
    if (directories.contains(name)) {
      throw refused("delete", name, new FileSystemException(name, null, "is a directory"));
    }
    SimulatedFile file = names.get(name);
    if (file != null) {
      entry(new PendingUnit.Unlink(name, file));
    }
  }

  @Override
  public synchronized List<String> list(String directory) {
    checkRunning();
    VolumeName.directory(directory);
    if (names.containsKey(directory)) {
      throw refused("list", directory, new FileSystemException(directory, null, "is a file"));
    }
    return Stream.concat(names.keySet().stream(), directories.stream())
        .filter(name -> VolumeName.parent(name).equals(directory))
        .map(VolumeName::last)
        .sorted()
        .toList();
  }

  @Override
  public synchronized void createDirectory(String directory) {
    VolumeName.directory(directory);
    change("create directory", directory);
    if (names.containsKey(directory)) {
      throw refused("create directory", directory, new FileAlreadyExistsException(directory));
    }
    makeDirectories(directory);
  }

  @Override
  public synchronized void syncDirectory(String directory) {
    VolumeName.directory(directory);
    change("sync directory", directory);
    requireDirectory("sync directory", directory);
    Set<String> synced = syncedTogether(directory);
    List<PendingUnit> rest = new ArrayList<>();
    for (PendingUnit unit : pending) {
      if (unit instanceof PendingUnit.Entry entry
          && synced.contains(VolumeName.parent(entry.name()))) {
        DiskState.apply(durableNames, durableDirectories, entry);
      } else {
        rest.add(unit);
      }
    }
    pending = rest;
  }

  @Override
  public synchronized long usableBytes() {
    checkRunning();
    return Math.max(0, bytesMax - usedBytes());
  }

  @Override
  public String describe(String name) {
    return "simulated:" + name;
  }

  /// A rename between two directories is one transaction: whoever syncs one has synced both.
  private Set<String> syncedTogether(String directory) {
    Set<String> synced = new HashSet<>();
    int before = 0;
    for (synced.add(directory); synced.size() > before; ) {
      before = synced.size();
      for (PendingUnit unit : pending) {
        if (unit instanceof PendingUnit.Move(var from, var name, var _)) {
          Set<String> both = Set.copyOf(List.of(VolumeName.parent(from), VolumeName.parent(name)));
          if (!Collections.disjoint(both, synced)) {
            synced.addAll(both);
          }
        }
      }
    }
    return synced;
  }

  private void makeDirectories(String directory) {
    if (!directory.isEmpty() && !directories.contains(directory)) {
      makeDirectories(VolumeName.parent(directory));
      entry(new PendingUnit.Directory(directory));
    }
  }

  private void entry(PendingUnit.Entry entry) {
    pending.add(entry);
    DiskState.apply(names, directories, entry);
  }

  private SimulatedFile find(String operation, String name) {
    SimulatedFile file = names.get(name);
    if (file == null) {
      throw refused(operation, name, new NoSuchFileException(name));
    }
    return file;
  }

  private void requireDirectory(String operation, String directory) {
    if (!directory.isEmpty() && !directories.contains(directory)) {
      throw refused(operation, directory, new NoSuchFileException(directory));
    }
  }

  private StorageException refused(String operation, String name, IOException cause) {
    return new StorageException(operation, describe(name), Outcome.NOT_WRITTEN, cause);
  }

  private void change(String operation, String name) {
    checkRunning();
    operations++;
    if (operations == crashAt) {
      stopped = true;
      throw new SimulatedCrash("operation=" + operations + " " + operation + " " + name);
    }
  }

  private void checkRunning() {
    if (stopped) {
      throw new SimulatedCrash("a disk that has stopped");
    }
  }

  private long usedBytes() {
    return names.values().stream().mapToLong(file -> file.current.size()).sum();
  }

  /// An open file; outlives its name.
  private final class Handle implements VolumeFile {

    private final String name;
    private final SimulatedFile file;
    private final boolean writable;
    private boolean closed;

    Handle(String name, SimulatedFile file, boolean writable) {
      this.name = name;
      this.file = file;
      this.writable = writable;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      synchronized (SimulatedVolume.this) {
        checkWritable();
        change("write", name);
        if (!bytes.hasRemaining()) {
          return;
        }
        int end = Math.toIntExact(offset + bytes.remaining());
        requireSpace(end);
        if (end > file.current.size()) {
          file.current.grow(end);
          pending.add(new PendingUnit.Size(file, end, false));
        }
        file.current.write((int) offset, bytes);
        bytes.position(bytes.limit());
        for (int sector = (int) offset / tearBytes * tearBytes; sector < end; sector += tearBytes) {
          ByteBuffer content = ByteBuffer.wrap(file.current.range(sector, sector + tearBytes));
          pending.add(new PendingUnit.Sector(file, sector, content));
        }
      }
    }

    @Override
    public int read(ByteBuffer bytes, long offset) {
      synchronized (SimulatedVolume.this) {
        checkOpen();
        checkRunning();
        if (offset >= file.current.size()) {
          return 0;
        }
        int from = (int) offset;
        int to = (int) Math.min((long) from + bytes.remaining(), file.current.size());
        bytes.put(file.current.range(from, to));
        return to - from;
      }
    }

    @Override
    public void sync(boolean metadata) {
      synchronized (SimulatedVolume.this) {
        checkWritable();
        change("sync", name);
        List<PendingUnit> rest = new ArrayList<>();
        for (PendingUnit unit : pending) {
          if (unit instanceof PendingUnit.Data data && data.file() == file) {
            DiskState.apply(file.durable, data);
          } else {
            rest.add(unit);
          }
        }
        pending = rest;
      }
    }

    @Override
    public void truncate(long size) {
      synchronized (SimulatedVolume.this) {
        checkWritable();
        change("truncate", name);
        int newSize = Math.toIntExact(size);
        requireSpace(newSize);
        if (newSize != file.current.size()) {
          file.current.cut(newSize);
          pending.add(new PendingUnit.Size(file, newSize, true));
        }
      }
    }

    @Override
    public long size() {
      synchronized (SimulatedVolume.this) {
        checkOpen();
        checkRunning();
        return file.current.size();
      }
    }

    @Override
    public void close() {
      synchronized (SimulatedVolume.this) {
        closed = true;
      }
    }

    private void requireSpace(int end) {
      if (end > file.current.size() && usedBytes() + end - file.current.size() > bytesMax) {
        throw refused("write", name, new IOException("No space left on device"));
      }
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("file is closed: name=" + name);
      }
    }

    private void checkWritable() {
      checkOpen();
      if (!writable) {
        throw new IllegalStateException("file was opened for reading: name=" + name);
      }
    }
  }
}
