package io.tidaldb.engine;

import io.tidaldb.schema.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Writes JSON objects, one a line, up to a limit.
///
/// 64-bit ids are strings, times ISO-8601 with nine digits, numbers as they are read back.
final class JsonLines {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Appendable out;
  private final long limit;
  private final StringBuilder line = new StringBuilder();
  private long lines;
  private boolean refused;

  /// @param limit lines that are written; what comes later is dropped
  JsonLines(Appendable out, long limit) {
    this.out = out;
    this.limit = limit;
  }

  /// Begins an object of a type.
  JsonLines begin(String type) {
    line.setLength(0);
    line.append("{\"type\":");
    quote(type);
    return this;
  }

  JsonLines text(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  JsonLines id(String name, long value) {
    return text(name, Long.toUnsignedString(value));
  }

  JsonLines number(String name, long value) {
    name(name);
    line.append(value);
    return this;
  }

  JsonLines number(String name, double value) {
    name(name);
    line.append(value);
    return this;
  }

  JsonLines flag(String name, boolean value) {
    name(name);
    line.append(value);
    return this;
  }

  JsonLines time(String name, long nanos) {
    return text(name, TIME.format(Timestamp.ofNanos(nanos).toInstant()));
  }

  /// Begins an object inside; [#close] ends it.
  JsonLines open(String name) {
    name(name);
    line.append('{');
    return this;
  }

  JsonLines close() {
    line.append('}');
    return this;
  }

  /// Ends the object; false if the limit is reached and it was dropped.
  boolean end() {
    if (lines >= limit) {
      refused = true;
      return false;
    }
    line.append("}\n");
    try {
      var _ = out.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException("the export could not be written", e);
    }
    lines++;
    return true;
  }

  /// How many lines were written.
  long lines() {
    return lines;
  }

  /// Whether nothing was dropped.
  boolean isComplete() {
    return !refused;
  }

  private void name(String name) {
    if (line.charAt(line.length() - 1) != '{') {
      line.append(',');
    }
    quote(name);
    line.append(':');
  }

  private void quote(String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        case '\u2028', '\u2029' -> escape(c);
        default -> {
          if (c < 0x20) {
            escape(c);
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  private void escape(char c) {
    line.append("\\u%04x".formatted((int) c));
  }
}
