package io.tidaldb.cli.load;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.StorageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The records of a file, one after another; gzip is recognised by its first two bytes.
final class RowReader implements AutoCloseable {

  /// A record longer than this is refused.
  static final int RECORD_CHARACTERS_MAX = 1 << 20;

  /// A quoted cell that spans more lines than this is taken for a forgotten quote.
  static final int RECORD_LINES_MAX = 1_000;

  private record Line(long number, String text, boolean cut) {}

  private final Path file;
  private final RowFormat format;
  private final CountingStream bytes;
  private final LineReader lines;
  private final Deque<Line> ahead = new ArrayDeque<>();
  private final Map<String, Integer> columns = new LinkedHashMap<>();

  private long line;
  private String text = "";

  private RowReader(Path file, RowFormat format, CountingStream bytes, LineReader lines) {
    this.file = file;
    this.format = format;
    this.bytes = bytes;
    this.lines = lines;
  }

  /// Opens a file.
  ///
  /// @param columns the columns that must be there
  /// @throws InvalidRequestException if there is no such file, or a column is missing
  static RowReader open(Path file, RowFormat format, Set<String> columns) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException(
          "FILE_NOT_FOUND",
          "file not found: file=" + file + "; say where the files are with --data");
    }
    try {
      var bytes = new CountingStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
      var reader = new InputStreamReader(plain(bytes), StandardCharsets.UTF_8);
      var rows = new RowReader(file, format, bytes, new LineReader(reader, RECORD_CHARACTERS_MAX));
      try {
        rows.readHeader(columns);
        return rows;
      } catch (RuntimeException e) {
        rows.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /// The next record, or null at the end.
  ///
  /// @throws BadRowException if the record cannot be read; [#line()] and [#text()] say which
  @Nullable Row next() throws BadRowException {
    try {
      @Var var first = nextLine();
      while (first != null && first.text.isBlank()) {
        first = nextLine();
      }
      if (first == null) {
        return null;
      }
      line = first.number;
      text = first.text;
      if (first.cut) {
        throw new BadRowException("record is too long: limit=" + RECORD_CHARACTERS_MAX);
      }
      return parse(first);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /// The record that these lines are.
  Row parse(long recordLine, String recordText) throws BadRowException {
    if (format == RowFormat.JSONL) {
      return JsonRow.parse(recordLine, recordText);
    }
    var cells = cells(recordText);
    if (cells.size() != columns.size()) {
      throw new BadRowException(
          "wrong number of cells: given=" + cells.size() + " expected=" + columns.size());
    }
    return new Delimited.Cells(recordLine, recordText, columns, cells);
  }

  /// The line on which the record read last begins.
  long line() {
    return line;
  }

  /// The text of the record read last.
  String text() {
    return text;
  }

  /// Bytes of the file that were taken so far.
  long bytes() {
    return bytes.count;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private Row parse(Line first) throws IOException, BadRowException {
    if (format == RowFormat.CSV && Delimited.isOpen(first.text)) {
      text = joined(first);
    }
    return parse(line, text);
  }

  /// A record over several lines. If its quote is never closed, the lines behind the first are
  /// given back.
  private String joined(Line first) throws IOException, BadRowException {
    var joined = new StringBuilder(first.text);
    @Var var open = true;
    var taken = new ArrayDeque<Line>();
    while (open && taken.size() < RECORD_LINES_MAX && joined.length() < RECORD_CHARACTERS_MAX) {
      var next = nextLine();
      if (next == null) {
        break;
      }
      taken.add(next);
      joined.append('\n').append(next.text);
      open ^= Delimited.isOpen(next.text);
    }
    if (open) {
      while (!taken.isEmpty()) {
        ahead.addFirst(taken.removeLast());
      }
      throw new BadRowException("quote is not closed");
    }
    return joined.toString();
  }

  private @Nullable Line nextLine() throws IOException {
    var waiting = ahead.pollFirst();
    if (waiting != null) {
      return waiting;
    }
    var next = lines.next();
    if (next == null) {
      return null;
    }
    var marked = lines.number() == 1 && next.startsWith("\uFEFF");
    return new Line(lines.number(), marked ? next.substring(1) : next, lines.cut());
  }

  private void readHeader(Set<String> wanted) throws IOException {
    if (format == RowFormat.JSONL) {
      return;
    }
    var header = nextLine();
    @Var var names = List.<String>of();
    try {
      names = header == null ? names : cells(header.text);
    } catch (BadRowException e) {
      throw new InvalidRequestException(
          "FILE_INVALID", "line of column names: file=" + file + " " + e.reason(), e);
    }
    for (var name : names) {
      columns.putIfAbsent(name, columns.size());
    }
    if (columns.size() != names.size() || !columns.keySet().containsAll(wanted)) {
      throw new InvalidRequestException(
          "COLUMN_NOT_FOUND",
          "columns do not fit the mapping: file="
              + file
              + " wanted="
              + wanted
              + " found="
              + names
              + "; correct the mapping, each name must be there once");
    }
  }

  private List<String> cells(String record) throws BadRowException {
    return format == RowFormat.CSV ? Delimited.comma(record) : Delimited.tab(record);
  }

  private static InputStream plain(CountingStream bytes) throws IOException {
    bytes.mark(2);
    var zipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
    bytes.reset();
    return zipped ? new GZIPInputStream(bytes, 1 << 16) : bytes;
  }

  private static StorageException failed(Path file, IOException cause) {
    return new StorageException(
        "read", file.toString(), StorageException.Outcome.NOT_WRITTEN, cause);
  }

  /// Counts the bytes that go through it.
  private static final class CountingStream extends InputStream {
    private final InputStream stream;
    private long count;
    private long marked;

    CountingStream(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws IOException {
      var read = stream.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      var read = stream.read(target, offset, length);
      count += Math.max(0, read);
      return read;
    }

    @Override
    public int available() throws IOException {
      return stream.available();
    }

    @Override
    public boolean markSupported() {
      return true;
    }

    @Override
    public synchronized void mark(int limit) {
      stream.mark(limit);
      marked = count;
    }

    @Override
    public synchronized void reset() throws IOException {
      stream.reset();
      count = marked;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
