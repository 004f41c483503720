package io.tidaldb.disk;

import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// A [Volume] of real files under one directory.
///
/// Files are made for their owner only (0600, directories 0700, where the file system knows such
/// bits). Symbolic links below the root are not followed: a link could lead out of it.
///
/// **Threads.** No state but the root; any thread may call. An interrupted thread closes the
/// channel it uses, so the threads that call are the engine's own and never interrupted.
public final class DiskVolume implements Volume {

  private final Path root;
  private final boolean writable;

  private DiskVolume(Path root, boolean writable) {
    this.root = root;
    this.writable = writable;
  }

  /// The volume under an existing directory.
  public static DiskVolume open(Path root) {
    return new DiskVolume(realDirectory(root), true);
  }

  /// The volume under an existing directory; it refuses every change with an
  /// [IllegalStateException].
  public static DiskVolume readOnly(Path root) {
    return new DiskVolume(realDirectory(root), false);
  }

  /// The real path of the root.
  public Path root() {
    return root;
  }

  /// Checks that this platform lets a directory be synced, without which no name is ever known to
  /// be durable. The JDK does not promise it, so a database asks before it trusts it.
  public void checkDirectorySync() {
    checkWritable();
    sync(root, "check that directories can be synced");
  }

  @Override
  public VolumeFile open(String name, OpenMode mode) {
    if (mode != OpenMode.READ) {
      checkWritable();
    }
    Path path = file(name);
    try {
      if (mode != OpenMode.CREATE) {
        requireRegular(path);
      }
      Set<OpenOption> options =
          switch (mode) {
            case READ -> Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            case WRITE ->
                Set.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            case CREATE ->
                Set.of(
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW,
                    LinkOption.NOFOLLOW_LINKS);
          };
      FileChannel channel =
          mode == OpenMode.CREATE
              ? FileChannel.open(path, options, OwnerOnly.file(path))
              : FileChannel.open(path, options);
      return new DiskFile(channel, path, mode != OpenMode.READ);
    } catch (IOException e) {
      throw new StorageException("open", path.toString(), Outcome.NOT_WRITTEN, e);
    }
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(root.resolve(VolumeName.directory(name)), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void rename(String from, String to) {
    checkWritable();
    Path source = file(from);
    Path target = file(to);
    try {
      requireRegular(source);
      if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(target.toString(), null, "is a directory");
      }
    } catch (IOException e) {
      throw new StorageException("rename", source.toString(), Outcome.NOT_WRITTEN, e);
    }
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException | AtomicMoveNotSupportedException e) {
      throw new StorageException("rename", source.toString(), Outcome.NOT_WRITTEN, e);
    } catch (IOException e) {
      throw new StorageException("rename", source.toString(), NoSpace.outcome(e), e);
    }
  }

  @Override
  public void delete(String name) {
    checkWritable();
    Path path = file(name);
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileSystemException(path.toString(), null, "is a directory");
      }
    } catch (IOException e) {
      throw new StorageException("delete", path.toString(), Outcome.NOT_WRITTEN, e);
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new StorageException("delete", path.toString(), Outcome.UNKNOWN, e);
    }
  }

  @Override
  public List<String> list(String directory) {
    Path path = directory(directory);
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      for (Path entry : stream) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw new StorageException("list", path.toString(), Outcome.NOT_WRITTEN, e.getCause());
    } catch (IOException e) {
      throw new StorageException("list", path.toString(), Outcome.NOT_WRITTEN, e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void createDirectory(String directory) {
    checkWritable();
    Path path = directory(directory);
    try {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(path, OwnerOnly.directory(root));
      }
    } catch (IOException e) {
      throw new StorageException("create directory", path.toString(), NoSpace.outcome(e), e);
    }
  }

  @Override
  public void syncDirectory(String directory) {
    checkWritable();
    sync(directory(directory), "sync directory");
  }

  @Override
  public long usableBytes() {
    try {
      return Files.getFileStore(root).getUsableSpace();
    } catch (IOException e) {
      throw new StorageException("ask for space", root.toString(), Outcome.NOT_WRITTEN, e);
    }
  }

  @Override
  public String describe(String name) {
    return root.resolve(name).toString();
  }

  @Override
  public String toString() {
    return root.toString();
  }

  static void sync(Path directory, String operation) {
    try {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new NotDirectoryException(directory.toString());
      }
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw new StorageException(operation, directory.toString(), Outcome.UNKNOWN, e);
    }
  }

  private static Path realDirectory(Path path) {
    try {
      Path real = path.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new NotDirectoryException(real.toString());
      }
      return real;
    } catch (IOException e) {
      throw new StorageException("open volume", path.toString(), Outcome.NOT_WRITTEN, e);
    }
  }

  private Path file(String name) {
    return inside(root.resolve(VolumeName.file(name)));
  }

  private Path directory(String name) {
    return inside(root.resolve(VolumeName.directory(name)));
  }

  /// Refuses a path below a symbolic link: every directory between it and the root must be one.
  private Path inside(Path path) {
    for (Path p = path.getParent(); p != null && p.startsWith(root) && !p.equals(root); ) {
      if (Files.isSymbolicLink(p)) {
        FileSystemException cause =
            new FileSystemException(p.toString(), null, "symbolic links are not followed");
        throw new StorageException("reach", path.toString(), Outcome.NOT_WRITTEN, cause);
      }
      p = p.getParent();
    }
    return path;
  }

  /// A directory opens for reading and a pipe may block for ever, so the kind is asked first.
  private static void requireRegular(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(path.toString(), null, "not a regular file");
    }
  }

  private void checkWritable() {
    if (!writable) {
      throw new IllegalStateException("volume is read-only: path=" + root);
    }
  }
}
