package io.tidaldb.cli.load;

import com.google.errorprone.annotations.Var;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// Lines of a text, each of at most so many characters: what is longer is cut there, so that a file
/// without line ends cannot fill the memory.
final class LineReader implements Closeable {

  private final Reader reader;
  private final int charactersMax;
  private final char[] buffer = new char[1 << 16];
  private final StringBuilder line = new StringBuilder();

  private int at;
  private int end;
  private long number;
  private boolean cut;

  LineReader(Reader reader, int charactersMax) {
    this.reader = reader;
    this.charactersMax = charactersMax;
  }

  /// The next line without its end, or null at the end of the text.
  @Nullable String next() throws IOException {
    line.setLength(0);
    cut = false;
    @Var var any = false;
    while (fill()) {
      any = true;
      var from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      keep(from, at);
      if (at < end) {
        at++;
        break;
      }
    }
    if (!any) {
      return null;
    }
    number++;
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    return line.toString();
  }

  /// The number of the line given last, from 1.
  long number() {
    return number;
  }

  /// Whether the line given last was longer than allowed.
  boolean cut() {
    return cut;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private void keep(int from, int to) {
    var room = charactersMax - line.length();
    cut |= to - from > room;
    line.append(buffer, from, Math.min(to - from, room));
  }

  private boolean fill() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, reader.read(buffer));
    }
    return at < end;
  }
}
