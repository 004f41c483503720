package io.tidaldb.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A predicate's text as tokens, each with its place.
final class PredicateTokens {

  /// What a token is.
  enum Kind {
    NAME,
    STRING,
    NUMBER,
    SYMBOL,
    END
  }

  /// @param kind what it is
  /// @param text the name, the string without its quotes, the digits, the symbol
  /// @param quoted whether a name stood in back quotes and so is no keyword
  /// @param offset where it begins
  record Token(Kind kind, String text, boolean quoted, int offset) {

    boolean isWord(String word) {
      return kind == Kind.NAME && !quoted && text.toLowerCase(Locale.ROOT).equals(word);
    }

    boolean isSymbol(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /// The token as a message shows it.
    String shown() {
      return switch (kind) {
        case END -> "the end";
        case STRING -> PredicateText.quoted(text);
        default -> "\"" + text + "\"";
      };
    }
  }

  private final String source;
  private int at;

  PredicateTokens(String source) {
    this.source = source;
  }

  List<Token> read() {
    var tokens = new ArrayList<Token>();
    while (true) {
      skipBlanks();
      if (at == source.length()) {
        tokens.add(new Token(Kind.END, "", false, at));
        return tokens;
      }
      tokens.add(next());
    }
  }

  private void skipBlanks() {
    while (at < source.length()) {
      if (source.startsWith("--", at)) {
        int end = source.indexOf('\n', at);
        at = end < 0 ? source.length() : end;
      } else if (Character.isWhitespace(source.charAt(at))) {
        at++;
      } else {
        return;
      }
    }
  }

  private Token next() {
    int from = at;
    char letter = source.charAt(at);
    if (letter == '"' || letter == '\'') {
      return new Token(Kind.STRING, string(letter), false, from);
    }
    if (letter == '`') {
      int end = source.indexOf('`', at + 1);
      if (end < 0) {
        throw wrong(from, List.of("a closing `"), "the end");
      }
      at = end + 1;
      return new Token(Kind.NAME, source.substring(from + 1, end), true, from);
    }
    if (isLetter(letter)) {
      // Behind a number stands its unit, and "1h30m" goes on with a number.
      boolean unit = from > 0 && isDigit(source.charAt(from - 1));
      while (at < source.length()
          && (isLetter(source.charAt(at)) || (!unit && isDigit(source.charAt(at))))) {
        at++;
      }
      return new Token(Kind.NAME, source.substring(from, at), false, from);
    }
    if (isDigit(letter)
        || (letter == '-' && at + 1 < source.length() && isDigit(source.charAt(at + 1)))) {
      return number(from);
    }
    for (var symbol : List.of("<=", ">=", "!=", "=", "<", ">", "(", ")", ",", ":")) {
      if (source.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Kind.SYMBOL, symbol, false, from);
      }
    }
    throw wrong(
        from,
        List.of("a name", "a value", "a symbol"),
        "\"" + Character.toString(source.codePointAt(from)) + "\"");
  }

  private Token number(int from) {
    at++;
    digits();
    if (at + 1 < source.length() && source.charAt(at) == '.' && isDigit(source.charAt(at + 1))) {
      at++;
      digits();
    }
    return new Token(Kind.NUMBER, source.substring(from, at), false, from);
  }

  private void digits() {
    while (at < source.length() && isDigit(source.charAt(at))) {
      at++;
    }
  }

  private String string(char quote) {
    int from = at++;
    var out = new StringBuilder();
    while (at < source.length() && source.charAt(at) != quote) {
      char letter = source.charAt(at++);
      if (letter == '\\' && at < source.length()) {
        letter = escaped(source.charAt(at++));
      }
      out.append(letter);
    }
    if (at == source.length()) {
      throw wrong(from, List.of("a closing " + quote), "the end");
    }
    at++;
    return out.toString();
  }

  private char escaped(char letter) {
    switch (letter) {
      case 'n' -> {
        return '\n';
      }
      case 't' -> {
        return '\t';
      }
      case '"', '\'', '\\' -> {
        return letter;
      }
      case 'u' -> {
        try {
          int code = Integer.parseInt(source.substring(at, at + 4), 16);
          at += 4;
          return (char) code;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
          throw wrong(at, List.of("four hexadecimal digits"), "something else");
        }
      }
      default ->
          throw wrong(at - 1, List.of("\\\"", "\\'", "\\\\", "\\n", "\\t", "\\u"), "\\" + letter);
    }
  }

  private static boolean isLetter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  /// The refusal of a text, with line and column (from 1, code points) of a place.
  InvalidRequestException wrong(int offset, List<String> expected, String found) {
    int lineStart = source.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
    if (lineStart > offset) {
      lineStart = 0;
    }
    long line = source.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
    int column = source.codePointCount(lineStart, offset) + 1;
    return new InvalidRequestException(
        "PREDICATE_SYNTAX",
        "predicate not understood: line "
            + line
            + ", column "
            + column
            + ": expected "
            + String.join(", ", expected.stream().sorted().toList())
            + " but found "
            + found);
  }
}
