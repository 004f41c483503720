package io.tidaldb.query;

/// What titles are ordered by: the sort key, then the title as written, both by code point.
///
/// @param key the sort key
/// @param raw the title as written
record TitleText(String key, String raw) implements Comparable<TitleText> {

  @Override
  public int compareTo(TitleText other) {
    int byKey = byCodePoint(key, other.key);
    return byKey != 0 ? byKey : byCodePoint(raw, other.raw);
  }

  /// By code point; [String#compareTo] goes by UTF-16 units, which puts the planes beyond the first
  /// before U+E000.
  static int byCodePoint(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogateX = Character.isSurrogate(x);
        boolean surrogateY = Character.isSurrogate(y);
        // Exactly one is part of a pair: the pair's code point is the greater, whatever the unit.
        return surrogateX != surrogateY
            ? Boolean.compare(surrogateX, surrogateY)
            : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
