package io.tidaldb.schema;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A text in TidalQL cannot be understood, or means something that cannot be: code `QUERY_SYNTAX`,
/// or that of what is wrong. The message says where, shows the line with a caret, and what could
/// have stood there.
public final class QuerySyntaxException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  /// The code of texts that cannot be understood.
  public static final String SYNTAX = "QUERY_SYNTAX";

  /// How many code points of a long line are shown before and behind the place.
  private static final int SHOWN = 60;

  private final int line;
  private final int column;
  private final int offset;
  private final String found;
  private final String[] expected;
  private final @Nullable String hint;

  /// What is wrong at a place.
  ///
  /// @param sentence what the message says of it
  /// @param found what stands there, `the end` behind everything
  /// @param expected names of what could stand there, sorted, at most 12; none for errors of
  ///   meaning
  /// @param hint the known name that was perhaps meant
  public record Problem(
      String sentence, String found, List<String> expected, Optional<String> hint) {
    public Problem {
      expected = List.copyOf(expected);
    }
  }

  /// @param code [#SYNTAX], or a stable name for the kind of mistake
  /// @param source the text
  /// @param offset the place in it, 0 … its length
  /// @param problem what is wrong there
  /// @param cause the cause, if there is one
  public QuerySyntaxException(
      String code, String source, int offset, Problem problem, @Nullable Throwable cause) {
    super(code, message(source, offset, problem), cause);
    int start = lineStart(source, offset);
    this.line = line(source, start);
    this.column = source.codePointCount(start, offset) + 1;
    this.offset = offset;
    this.found = problem.found;
    this.expected = problem.expected.toArray(new String[0]);
    this.hint = problem.hint.orElse(null);
  }

  /// The line of the place, from 1.
  public int line() {
    return line;
  }

  /// The column of the place, from 1, in code points.
  public int column() {
    return column;
  }

  /// The place, from 0, in `char`s of the text; its length at the end.
  public int offset() {
    return offset;
  }

  /// What stands there.
  public String found() {
    return found;
  }

  /// Sorted names of what could stand there, at most 12.
  public List<String> expected() {
    return List.of(expected);
  }

  /// The known name that was perhaps meant.
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  private static String message(String source, int offset, Problem problem) {
    int start = lineStart(source, offset);
    int column = source.codePointCount(start, offset) + 1;
    return "line "
        + line(source, start)
        + ", column "
        + column
        + ": "
        + problem.sentence
        + problem.hint.map(name -> "; did you mean " + name + "?").orElse("")
        + "\n"
        + shown(source, start, offset);
  }

  private static int lineStart(String source, int offset) {
    return offset == 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
  }

  private static int line(String source, int start) {
    int line = 1;
    for (int at = source.indexOf('\n'); at >= 0 && at < start; at = source.indexOf('\n', at + 1)) {
      line++;
    }
    return line;
  }

  /// The line of the place, cut where it is long, and a caret under the place.
  private static String shown(String source, int start, int offset) {
    int end = source.indexOf('\n', offset);
    int lineEnd = end < 0 ? source.length() : end;
    int from = offset;
    int before = 0;
    while (from > start && before < SHOWN) {
      from = source.offsetByCodePoints(from, -1);
      before++;
    }
    int to = offset;
    for (int i = 0; to < lineEnd && i < SHOWN; i++) {
      to = source.offsetByCodePoints(to, 1);
    }
    var cut = from > start ? "…" : "";
    return cut
        + printable(source.substring(from, to))
        + (to < lineEnd ? "…" : "")
        + "\n"
        + " ".repeat(before + cut.length())
        + "^";
  }

  /// One place on the screen for each code point, as far as that can be known.
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
