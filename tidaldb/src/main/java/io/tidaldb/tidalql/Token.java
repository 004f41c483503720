package io.tidaldb.tidalql;

import io.tidaldb.schema.QueryWords;
import org.jspecify.annotations.Nullable;

/// A piece of a text with its place.
///
/// @param kind what it is
/// @param text the word, the name without its back quotes, the string without quotes and escapes,
///   the digits, the symbol, the parameter's name
/// @param from where it begins
/// @param broken what is wrong with it, for [Kind#BROKEN]
record Token(Kind kind, String text, int from, @Nullable Broken broken) {

  /// What stands behind everything.
  static final String THE_END = "the end";

  private static final int SHOWN = 40;

  /// What a token is.
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SPAN,
    PARAMETER,
    SYMBOL,
    BROKEN,
    END
  }

  /// Why no token could be read.
  ///
  /// @param offset where
  /// @param found what stands there
  /// @param expected what should
  record Broken(int offset, String found, String expected) {}

  static Token of(Kind kind, String text, int from) {
    return new Token(kind, text, from, null);
  }

  static Token broken(int offset, String found, String expected) {
    return new Token(Kind.BROKEN, found, offset, new Broken(offset, found, expected));
  }

  /// @param upper the word in capitals
  boolean isWord(String upper) {
    return kind == Kind.WORD && text.equalsIgnoreCase(upper);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /// Whether it is a whole number, not below 0.
  boolean isCount() {
    return kind == Kind.NUMBER && text.charAt(0) != '-' && text.indexOf('.') < 0;
  }

  /// What stands there, for `found`.
  String shown() {
    return switch (kind) {
      case END -> THE_END;
      case PARAMETER -> "$" + text;
      default -> cut(text);
    };
  }

  /// What stands there, in a sentence.
  String quoted() {
    return kind == Kind.END ? THE_END : QueryWords.quoted(shown());
  }

  static String cut(String text) {
    return text.codePointCount(0, text.length()) <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
