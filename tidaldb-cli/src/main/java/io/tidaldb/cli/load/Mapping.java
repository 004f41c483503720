package io.tidaldb.cli.load;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A mapping file: a schema, and the files whose rows become entities and signals.
///
/// @param schema what the database must know; empty for what it knows already
/// @param sources in the order in which they are loaded
public record Mapping(Optional<Schema> schema, List<Source> sources) {

  /// Reads a mapping file.
  ///
  /// @throws InvalidRequestException if there is no such file or it cannot be right
  public static Mapping read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException("FILE_NOT_FOUND", "mapping not found: file=" + file);
    }
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new StorageException("read", file.toString(), StorageException.Outcome.NOT_WRITTEN, e);
    } catch (InvalidRequestException e) {
      if (!e.code().equals("MAPPING_INVALID")) {
        throw e;
      }
      throw new InvalidRequestException(
          e.code(), "mapping is not valid: file=" + file + "\n  " + e.getMessage(), e);
    }
  }

  /// Where the file of a source is.
  ///
  /// @param folder where the files are
  /// @param files other files, by the name that the mapping uses
  public Path file(Source source, Path folder, Map<String, Path> files) {
    return files.getOrDefault(source.file(), folder.resolve(source.file()));
  }

  /// The files, as the mapping names them.
  public Set<String> fileNames() {
    return sources.stream().map(Source::file).collect(Collectors.toCollection(TreeSet::new));
  }

  static Mapping parse(String text) {
    var top = Node.parse(text).allow("description", "schema", "sources");
    var sources = top.require("sources").elements().stream().map(Source::of).toList();
    var producers = new HashSet<String>();
    for (var source : sources) {
      if (!producers.add(source.producer())) {
        throw new InvalidRequestException(
            "MAPPING_INVALID",
            "two sources have one producer: producer="
                + source.producer()
                + "; name one of them with \"producer\"");
      }
    }
    return new Mapping(top.get("schema").map(SchemaMapping::schema), sources);
  }
}
