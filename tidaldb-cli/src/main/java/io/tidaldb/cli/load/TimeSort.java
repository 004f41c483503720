package io.tidaldb.cli.load;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.schema.StorageException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Records in the order of their time, equal times in the order of their lines, in bounded memory:
/// what does not fit is written to a temporary directory as sorted runs, which are merged.
///
/// ```
///  run:  ( time i64 | line i64 | bytes i32 | text UTF-8 ) …      big-endian, to the end of the file
/// ```
final class TimeSort implements AutoCloseable {

  /// A record that waits.
  ///
  /// @param nanos its time
  record Timed(long nanos, long line, String text) {}

  private static final Comparator<Timed> ORDER =
      Comparator.comparingLong(Timed::nanos).thenComparingLong(Timed::line);

  private static final int RUNS_MAX = 64;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long CHUNK_CHARACTERS_MAX = 32L << 20;

  private final int chunkRows;
  private final List<Timed> chunk = new ArrayList<>();
  private final List<Path> runs = new ArrayList<>();
  private final List<Run> open = new ArrayList<>();

  private @Nullable Path directory;
  private long chunkCharacters;
  private int runsWritten;
  private long size;

  /// @param chunkRows records that are kept in memory
  TimeSort(int chunkRows) {
    this.chunkRows = chunkRows;
  }

  void add(Timed record) {
    chunk.add(record);
    chunkCharacters += record.text.length();
    size++;
    if (chunk.size() >= chunkRows || chunkCharacters >= CHUNK_CHARACTERS_MAX) {
      spill();
    }
  }

  /// How many records were added.
  long size() {
    return size;
  }

  /// Sorted runs that were written to disk so far.
  int runsWritten() {
    return runsWritten;
  }

  /// Every record in order; nothing may be added afterwards.
  Iterator<Timed> sorted() {
    if (runs.isEmpty()) {
      chunk.sort(ORDER);
      return chunk.iterator();
    }
    if (!chunk.isEmpty()) {
      spill();
    }
    return new Merge(opened(runs));
  }

  @Override
  public void close() {
    open.forEach(Run::close);
    try {
      for (var run : runs) {
        Files.deleteIfExists(run);
      }
      if (directory != null) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw failed("delete", e);
    }
  }

  private void spill() {
    chunk.sort(ORDER);
    write(chunk.iterator());
    chunk.clear();
    chunkCharacters = 0;
    if (runs.size() == RUNS_MAX) {
      var merged = List.copyOf(runs);
      write(new Merge(opened(merged)));
      closeOpened();
      delete(merged);
      runs.removeAll(merged);
    }
  }

  private void write(Iterator<Timed> records) {
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("tidal-import-");
      }
      var run = directory.resolve("run-" + runsWritten++);
      runs.add(run);
      try (var out =
          new DataOutputStream(
              new BufferedOutputStream(Files.newOutputStream(run), BUFFER_BYTES))) {
        while (records.hasNext()) {
          var record = records.next();
          var text = record.text.getBytes(StandardCharsets.UTF_8);
          out.writeLong(record.nanos);
          out.writeLong(record.line);
          out.writeInt(text.length);
          out.write(text);
        }
      }
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private List<Run> opened(List<Path> paths) {
    for (var path : paths) {
      open.add(new Run(path));
    }
    return List.copyOf(open);
  }

  private void closeOpened() {
    open.forEach(Run::close);
    open.clear();
  }

  private void delete(List<Path> paths) {
    try {
      for (var path : paths) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw failed("delete", e);
    }
  }

  private StorageException failed(String operation, IOException cause) {
    return new StorageException(
        operation,
        directory == null ? System.getProperty("java.io.tmpdir") : directory.toString(),
        StorageException.Outcome.NOT_WRITTEN,
        cause);
  }

  /// One sorted file, read from its begin; its head is the record that comes next.
  private final class Run {
    private final DataInputStream in;
    private @Nullable Timed head;

    Run(Path path) {
      try {
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES));
      } catch (IOException e) {
        throw failed("read", e);
      }
      advance();
    }

    Timed head() {
      if (head == null) {
        throw new NoSuchElementException("run is at its end");
      }
      return head;
    }

    @CanIgnoreReturnValue
    boolean advance() {
      try {
        head = read();
      } catch (IOException e) {
        throw failed("read", e);
      }
      return head != null;
    }

    void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw failed("close", e);
      }
    }

    private @Nullable Timed read() throws IOException {
      long nanos;
      try {
        nanos = in.readLong();
      } catch (EOFException e) {
        return null;
      }
      var line = in.readLong();
      var text = in.readNBytes(in.readInt());
      return new Timed(nanos, line, new String(text, StandardCharsets.UTF_8));
    }
  }

  /// Takes the least head again and again.
  private static final class Merge implements Iterator<Timed> {
    private final PriorityQueue<Run> runs =
        new PriorityQueue<>(Comparator.comparing(Run::head, ORDER));

    Merge(List<Run> opened) {
      opened.stream().filter(run -> run.head != null).forEach(runs::add);
    }

    @Override
    public boolean hasNext() {
      return !runs.isEmpty();
    }

    @Override
    public Timed next() {
      var run = runs.remove();
      var record = run.head();
      if (run.advance()) {
        runs.add(run);
      }
      return record;
    }
  }
}
