package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens databases that exist: a question must not make one.
public final class Stores {

  private Stores() {}

  /// Opens the database in a directory.
  ///
  /// @throws InvalidRequestException if there is none
  public static TidalDb open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new InvalidRequestException(
          "NO_DATABASE", "no database here: path=" + directory + "; 'tidal import' makes one");
    }
    return TidalDb.open(directory);
  }
}
