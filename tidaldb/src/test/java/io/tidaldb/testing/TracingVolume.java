package io.tidaldb.testing;

import io.tidaldb.disk.Volume;
import io.tidaldb.disk.VolumeFile;
import io.tidaldb.disk.VolumeName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A volume that records what is done to it and knows the rules of order: a file is synced before
/// it is renamed, and a directory is synced after its entries have changed.
///
/// **Threads.** Any; a call is recorded after its effect, under the monitor.
public final class TracingVolume implements Volume {

  /// One call that had its effect.
  ///
  /// @param call its kind
  /// @param name the file or directory; for a rename the old name
  /// @param target the new name of a rename, otherwise empty
  /// @param offset the offset of a read or write, the size of a truncate, otherwise 0
  /// @param bytes how many bytes were read or written
  public record Step(VolumeCall call, String name, String target, long offset, int bytes) {
    @Override
    public String toString() {
      return call + " " + name + (target.isEmpty() ? "" : " to " + target);
    }
  }

  private final Volume inner;
  private final List<Step> steps = new ArrayList<>();

  /// A volume with an empty record.
  public TracingVolume(Volume inner) {
    this.inner = inner;
  }

  /// What was done so far.
  public synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  /// The steps of some kinds, in words.
  public List<String> steps(VolumeCall... calls) {
    Set<VolumeCall> wanted = Set.of(calls);
    return steps().stream().filter(s -> wanted.contains(s.call())).map(Step::toString).toList();
  }

  /// Forgets what was done so far; also what is not synced.
  public synchronized void forget() {
    steps.clear();
  }

  /// Renames of files that were written or cut and not synced before: after a power cut the new
  /// name could stand on half a file.
  public List<String> unsyncedRenames() {
    Set<String> dirty = new HashSet<>();
    List<String> broken = new ArrayList<>();
    for (Step step : steps()) {
      switch (step.call()) {
        case CREATE, WRITE, TRUNCATE -> dirty.add(step.name());
        case SYNC, DELETE -> dirty.remove(step.name());
        case RENAME -> {
          if (dirty.remove(step.name())) {
            broken.add(step.toString());
            dirty.add(step.target());
          } else {
            dirty.remove(step.target());
          }
        }
        case OPEN, READ, CREATE_DIRECTORY, SYNC_DIRECTORY -> {}
      }
    }
    return broken;
  }

  /// Directories whose entries have changed since they were last synced: after a power cut those
  /// names are uncertain.
  public Set<String> unsyncedDirectories() {
    Set<String> changed = new LinkedHashSet<>();
    for (Step step : steps()) {
      switch (step.call()) {
        case CREATE, DELETE, CREATE_DIRECTORY -> changed.add(VolumeName.parent(step.name()));
        case RENAME ->
            Stream.of(step.name(), step.target()).map(VolumeName::parent).forEach(changed::add);
        case SYNC_DIRECTORY -> changed.remove(step.name());
        case OPEN, READ, WRITE, SYNC, TRUNCATE -> {}
      }
    }
    return changed;
  }

  /// Files that were written or cut and not synced since.
  public Set<String> unsyncedFiles() {
    Set<String> dirty = new LinkedHashSet<>();
    for (Step step : steps()) {
      switch (step.call()) {
        case WRITE, TRUNCATE -> dirty.add(step.name());
        case SYNC, DELETE -> dirty.remove(step.name());
        case RENAME -> {
          if (dirty.remove(step.name())) {
            dirty.add(step.target());
          }
        }
        case OPEN, CREATE, READ, CREATE_DIRECTORY, SYNC_DIRECTORY -> {}
      }
    }
    return dirty;
  }

  @Override
  public VolumeFile open(String name, OpenMode mode) {
    VolumeFile file = inner.open(name, mode);
    record(mode == OpenMode.CREATE ? VolumeCall.CREATE : VolumeCall.OPEN, name);
    return new TracedFile(file, name);
  }

  @Override
  public boolean exists(String name) {
    return inner.exists(name);
  }

  @Override
  public void rename(String from, String to) {
    inner.rename(from, to);
    record(new Step(VolumeCall.RENAME, from, to, 0, 0));
  }

  @Override
  public void delete(String name) {
    boolean present = inner.exists(name);
    inner.delete(name);
    if (present) {
      record(VolumeCall.DELETE, name);
    }
  }

  @Override
  public List<String> list(String directory) {
    return inner.list(directory);
  }

  @Override
  public void createDirectory(String directory) {
    boolean present = inner.exists(directory);
    inner.createDirectory(directory);
    if (!present) {
      record(VolumeCall.CREATE_DIRECTORY, directory);
    }
  }

  @Override
  public void syncDirectory(String directory) {
    inner.syncDirectory(directory);
    record(VolumeCall.SYNC_DIRECTORY, directory);
  }

  @Override
  public long usableBytes() {
    return inner.usableBytes();
  }

  @Override
  public String describe(String name) {
    return inner.describe(name);
  }

  private void record(VolumeCall call, String name) {
    record(new Step(call, name, "", 0, 0));
  }

  private synchronized void record(Step step) {
    steps.add(step);
  }

  /// A file whose calls are recorded under the name it was opened with.
  private final class TracedFile implements VolumeFile {

    private final VolumeFile file;
    private final String name;

    TracedFile(VolumeFile file, String name) {
      this.file = file;
      this.name = name;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) {
      int count = bytes.remaining();
      file.write(bytes, offset);
      record(new Step(VolumeCall.WRITE, name, "", offset, count));
    }

    @Override
    public int read(ByteBuffer bytes, long offset) {
      int count = file.read(bytes, offset);
      record(new Step(VolumeCall.READ, name, "", offset, count));
      return count;
    }

    @Override
    public void sync(boolean metadata) {
      file.sync(metadata);
      record(VolumeCall.SYNC, name);
    }

    @Override
    public void truncate(long size) {
      file.truncate(size);
      record(new Step(VolumeCall.TRUNCATE, name, "", size, 0));
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
