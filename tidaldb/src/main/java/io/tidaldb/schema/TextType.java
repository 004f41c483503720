package io.tidaldb.schema;

/// How a text field is searched.
public enum TextType {
  /// Words of a text, analysed.
  TEXT,
  /// The whole value as one word.
  KEYWORD
}
