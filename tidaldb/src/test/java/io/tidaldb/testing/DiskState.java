package io.tidaldb.testing;

import io.tidaldb.disk.VolumeName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What stands on a simulated disk after a power cut: names and the bytes behind them.
final class DiskState {

  private final Map<String, SimulatedFile> names;
  private final Set<String> directories;
  private final Map<SimulatedFile, SimulatedFile.Image> changed = new HashMap<>();

  DiskState(Map<String, SimulatedFile> names, Set<String> directories) {
    this.names = new TreeMap<>(names);
    this.directories = new TreeSet<>(directories);
  }

  /// Applies the chosen ones of the pending units, in the order in which they were issued.
  void apply(List<PendingUnit> pending, BitSet kept) {
    kept.stream().forEach(i -> apply(pending.get(i)));
  }

  void apply(PendingUnit unit) {
    switch (unit) {
      case PendingUnit.Data data -> apply(image(data.file()), data);
      case PendingUnit.Entry entry -> apply(names, directories, entry);
    }
  }

  /// Applies a change of a file to an image of it.
  static void apply(SimulatedFile.Image image, PendingUnit.Data data) {
    switch (data) {
      case PendingUnit.Sector(var _, var offset, var content) -> image.write(offset, content);
      case PendingUnit.Size(var _, var size, var cut) -> {
        if (cut) {
          image.cut(size);
        } else {
          image.grow(size);
        }
      }
    }
  }

  /// Applies a change of a directory to a tree.
  static void apply(
      Map<String, SimulatedFile> names, Set<String> directories, PendingUnit.Entry entry) {
    switch (entry) {
      case PendingUnit.Link(var name, var file) -> names.put(name, file);
      case PendingUnit.Unlink(var name, var file) -> names.remove(name, file);
      case PendingUnit.Move(var from, var name, var file) -> {
        names.remove(from, file);
        names.put(name, file);
      }
      case PendingUnit.Directory(var name) -> directories.add(name);
    }
  }

  /// Fills what was written in a grown part but not kept with other bytes than zero, as a file
  /// system may that allocates a block and loses its content. False if there is no such part.
  boolean fillLostSectors(List<PendingUnit> pending, BitSet kept, long seed) {
    Random random = new Random(seed);
    Map<SimulatedFile, Set<Integer>> safe = new HashMap<>();
    for (int i = 0; i < pending.size(); i++) {
      if (kept.get(i) && pending.get(i) instanceof PendingUnit.Sector sector) {
        safe.computeIfAbsent(sector.file(), f -> new HashSet<>()).add(sector.offset());
      }
    }
    boolean filled = false;
    for (PendingUnit unit : pending) {
      if (unit instanceof PendingUnit.Sector(var file, var offset, var content)
          && safe.computeIfAbsent(file, f -> new HashSet<>()).add(offset)) {
        int from = Math.max(offset, file.durable.size());
        int to = Math.min(offset + content.remaining(), image(file).size());
        if (from < to) {
          byte[] garbage = new byte[to - from];
          random.nextBytes(garbage);
          image(file).write(from, ByteBuffer.wrap(garbage));
          filled = true;
        }
      }
    }
    return filled;
  }

  /// Replaces the end of one kept sector by what stood there before: torn at any byte.
  void tear(PendingUnit.Sector sector, int keptBytes) {
    SimulatedFile.Image before = sector.file().durable;
    byte[] old = new byte[sector.content().remaining() - keptBytes];
    byte[] known =
        before.range(
            Math.min(sector.offset() + keptBytes, before.size()),
            sector.offset() + sector.content().remaining());
    System.arraycopy(known, 0, old, 0, Math.min(known.length, old.length));
    image(sector.file()).write(sector.offset() + keptBytes, ByteBuffer.wrap(old));
  }

  /// The names that can be reached, with their bytes; a name in a lost directory is lost.
  Map<String, SimulatedFile.Image> files() {
    Map<String, SimulatedFile.Image> files = new TreeMap<>();
    names.forEach(
        (name, file) -> {
          if (directoryIsThere(VolumeName.parent(name))) {
            files.put(name, changed.getOrDefault(file, file.durable));
          }
        });
    return files;
  }

  /// The directories that can be reached.
  Set<String> directories() {
    Set<String> reached = new TreeSet<>(directories);
    reached.removeIf(name -> !directoryIsThere(name));
    return reached;
  }

  /// Equal for states with equal names and bytes.
  String hash() {
    return hash(files(), directories());
  }

  static String hash(Map<String, SimulatedFile.Image> files, Set<String> directories) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String directory : directories) {
        digest.update(("d " + directory + "\n").getBytes(StandardCharsets.UTF_8));
      }
      files.forEach(
          (name, image) -> {
            byte[] header = ("f " + name + " ").getBytes(StandardCharsets.UTF_8);
            digest.update(header);
            digest.update(ByteBuffer.allocate(4).putInt(0, image.size()));
            digest.update(image.content());
          });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean directoryIsThere(String directory) {
    return directory.isEmpty()
        || (directories.contains(directory) && directoryIsThere(VolumeName.parent(directory)));
  }

  private SimulatedFile.Image image(SimulatedFile file) {
    return changed.computeIfAbsent(file, f -> f.durable.copy());
  }
}
