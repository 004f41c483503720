package io.tidaldb.cli.load;

import io.tidaldb.schema.StorageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The file of rows that were not loaded, one JSON object a line: source, line, reason, row. It is
/// made when the first row is rejected, in the place of an older one.
public final class Rejects implements AutoCloseable {

  /// How many are also kept for the report.
  private static final int SHOWN_MAX = 5;

  /// A row that was not loaded.
  ///
  /// @param source the file that the mapping names
  /// @param line where the row begins in it
  /// @param reason why
  /// @param row its text
  public record Reject(String source, long line, String reason, String row) {}

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;
  private final List<Reject> first = new ArrayList<>();

  private @Nullable BufferedWriter writer;
  private long count;

  /// @param file where to write
  public Rejects(Path file) {
    this.file = file;
  }

  void add(Reject reject) {
    try {
      if (writer == null) {
        writer = Files.newBufferedWriter(file);
      }
      var members = new LinkedHashMap<String, Object>();
      members.put("source", reject.source);
      members.put("line", reject.line);
      members.put("reason", reject.reason);
      members.put("row", reject.row);
      writer.write(JSON.writeValueAsString(members));
      writer.newLine();
    } catch (IOException e) {
      throw failed(e);
    }
    count++;
    if (first.size() < SHOWN_MAX) {
      first.add(reject);
    }
  }

  /// The file, which exists if there was a reject.
  public Path file() {
    return file;
  }

  /// How many rows were rejected.
  public long count() {
    return count;
  }

  /// The first of them.
  public List<Reject> first() {
    return List.copyOf(first);
  }

  @Override
  public void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private StorageException failed(IOException cause) {
    return new StorageException("write", file.toString(), StorageException.Outcome.UNKNOWN, cause);
  }
}
