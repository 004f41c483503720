package io.tidaldb.tidalql;

import io.tidaldb.schema.QueryWords;
import io.tidaldb.tidalql.Token.Kind;

/// Cuts a text into tokens, one after the other. What is no token is a broken one.
final class Lexer {

  private static final String SYMBOLS = "(),:=<>[]@.;+-";
  private static final String A_NAME = "a name like [a-z][a-z0-9_]{0,63}";

  private final String source;
  private int at;

  Lexer(String source) {
    this.source = source;
  }

  /// The next token; behind the last, the end, again and again.
  Token next() {
    skipBlanks();
    if (at == source.length()) {
      return Token.of(Kind.END, "", at);
    }
    int from = at;
    char letter = source.charAt(from);
    if (isLetter(letter)) {
      skipWord();
      return Token.of(Kind.WORD, source.substring(from, at), from);
    }
    if (isDigit(letter) || (letter == '-' && isDigit(charAt(from + 1)))) {
      return number(from);
    }
    return switch (letter) {
      case '"', '\'' -> string(from, letter);
      case '`' -> quotedName(from);
      case '$' -> parameter(from);
      default -> symbol(from, letter);
    };
  }

  private void skipBlanks() {
    while (at < source.length()) {
      char letter = source.charAt(at);
      if (letter == '-' && charAt(at + 1) == '-') {
        int end = source.indexOf('\n', at);
        at = end < 0 ? source.length() : end;
      } else if (letter == ' ' || Character.isWhitespace(letter)) {
        at++;
      } else {
        return;
      }
    }
  }

  private void skipWord() {
    while (isLetter(charAt(at)) || isDigit(charAt(at))) {
      at++;
    }
  }

  private void skipDigits() {
    while (isDigit(charAt(at))) {
      at++;
    }
  }

  /// A number, or a span: `1h30m`.
  private Token number(int from) {
    at++;
    skipDigits();
    if (charAt(at) == '.' && isDigit(charAt(at + 1))) {
      at++;
      skipDigits();
      return isLetter(charAt(at))
          ? Token.broken(at, word(at), "a blank behind the number")
          : Token.of(Kind.NUMBER, source.substring(from, at), from);
    }
    if (!isLetter(charAt(at))) {
      return Token.of(Kind.NUMBER, source.substring(from, at), from);
    }
    while (isLetter(charAt(at))) {
      int unit = at;
      while (isLetter(charAt(at))) {
        at++;
      }
      if (Spans.unit(source, unit, at).isEmpty()) {
        return Token.broken(unit, word(unit), "one of the units " + Spans.UNITS);
      }
      int digits = at;
      skipDigits();
      if (at > digits && !isLetter(charAt(at))) {
        return Token.broken(at, shownAt(at), "one of the units " + Spans.UNITS);
      }
    }
    return Token.of(Kind.SPAN, source.substring(from, at), from);
  }

  private Token string(int from, char quote) {
    int end = from + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      if (source.charAt(end) == '\\') {
        return escaped(from, quote, end);
      }
      end++;
    }
    if (end == source.length()) {
      return open(from, quote);
    }
    at = end + 1;
    return Token.of(Kind.STRING, source.substring(from + 1, end), from);
  }

  /// A string with escapes.
  ///
  /// @param first where the first of them is
  private Token escaped(int from, char quote, int first) {
    var out = new StringBuilder(source.length() - from < 256 ? source.length() - from : 256);
    out.append(source, from + 1, first);
    at = first;
    while (at < source.length() && source.charAt(at) != quote) {
      char letter = source.charAt(at++);
      if (letter != '\\') {
        out.append(letter);
        continue;
      }
      int code = escape();
      if (code < 0) {
        return Token.broken(at, shownAt(at), "one of the escapes \\\" \\' \\\\ \\n \\t \\uXXXX");
      }
      out.append((char) code);
    }
    if (at >= source.length()) {
      return open(from, quote);
    }
    at++;
    return Token.of(Kind.STRING, out.toString(), from);
  }

  /// The character behind a backslash, or -1, and goes behind it.
  private int escape() {
    char letter = charAt(at);
    if (letter == 'u') {
      return unicode();
    }
    int code =
        switch (letter) {
          case '"', '\'', '\\' -> letter;
          case 'n' -> '\n';
          case 't' -> '\t';
          default -> -1;
        };
    at += code < 0 ? 0 : 1;
    return code;
  }

  private int unicode() {
    int code = 0;
    for (int i = 1; i <= 4; i++) {
      int digit = charAt(at + i) < 128 ? Character.digit(charAt(at + i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
    }
    at += 5;
    return code;
  }

  private Token open(int from, char quote) {
    return Token.broken(from, Token.cut(source.substring(from)), "a closing " + quote);
  }

  private Token quotedName(int from) {
    int end = source.indexOf('`', from + 1);
    if (end < 0) {
      return open(from, '`');
    }
    var name = source.substring(from + 1, end);
    at = end + 1;
    return QueryWords.NAME.matcher(name).matches()
        ? Token.of(Kind.QUOTED, name, from)
        : Token.broken(from, Token.cut(name), A_NAME);
  }

  private Token parameter(int from) {
    at = from + 1;
    skipWord();
    var name = source.substring(from + 1, at);
    return QueryWords.NAME.matcher(name).matches()
        ? Token.of(Kind.PARAMETER, name, from)
        : Token.broken(from, "$" + Token.cut(name), "$ and " + A_NAME);
  }

  private Token symbol(int from, char letter) {
    if (charAt(from + 1) == '=' && (letter == '<' || letter == '>' || letter == '!')) {
      at = from + 2;
      return Token.of(Kind.SYMBOL, letter == '<' ? "<=" : letter == '>' ? ">=" : "!=", from);
    }
    int known = SYMBOLS.indexOf(letter);
    if (known < 0) {
      return Token.broken(from, shownAt(from), "a word, a value or a symbol");
    }
    at = from + 1;
    return Token.of(Kind.SYMBOL, SYMBOLS.substring(known, known + 1), from);
  }

  /// The word that begins somewhere, for a message.
  private String word(int from) {
    int end = from;
    while (isLetter(charAt(end)) || isDigit(charAt(end))) {
      end++;
    }
    return Token.cut(source.substring(from, end));
  }

  private String shownAt(int offset) {
    return offset >= source.length()
        ? Token.THE_END
        : Character.toString(source.codePointAt(offset));
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : 0;
  }

  private static boolean isLetter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }
}
