package io.tidaldb.disk;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The place where a store is or will be: refuses what cannot be one before anything is made or
/// locked.
final class DataDirectory {

  private static final String CODE = "DATA_DIRECTORY_INVALID";

  private DataDirectory() {}

  /// The real path of a directory for writing, made if only it is missing.
  static Path prepare(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      create(absolute);
    }
    Path directory = real(absolute);
    if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
      throw refused("no permission to write in the data directory", directory);
    }
    StoreIdentity.refuseForeign(names(directory), directory.toString());
    return directory;
  }

  /// The real path of a directory that holds a store.
  static Path existing(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      throw refused("data directory does not exist", absolute);
    }
    Path directory = real(absolute);
    if (!Files.exists(directory.resolve(StorePaths.IDENTITY), LinkOption.NOFOLLOW_LINKS)) {
      throw refused("directory holds no store", directory);
    }
    return directory;
  }

  private static void create(Path directory) {
    Path parent = directory.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw refused("parent of the data directory is no directory", directory);
    }
    if (!Files.isWritable(parent) || Files.isSymbolicLink(directory)) {
      throw refused("data directory cannot be made", directory);
    }
    try {
      Files.createDirectory(directory, OwnerOnly.directory(directory));
    } catch (FileAlreadyExistsException e) {
      return; // Someone else was faster; the lock decides.
    } catch (IOException e) {
      throw new StorageException("create directory", directory.toString(), NoSpace.outcome(e), e);
    }
    DiskVolume.sync(parent, "sync directory");
  }

  private static Path real(Path path) {
    if (!Files.isDirectory(path)) {
      throw refused("data directory is a file", path);
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new StorageException("resolve", path.toString(), Outcome.NOT_WRITTEN, e);
    }
  }

  private static List<String> names(Path directory) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
      return names;
    } catch (IOException e) {
      throw new StorageException("list", directory.toString(), Outcome.NOT_WRITTEN, e);
    }
  }

  private static InvalidRequestException refused(String what, Path path) {
    return new InvalidRequestException(CODE, what + ": path=" + path);
  }
}
