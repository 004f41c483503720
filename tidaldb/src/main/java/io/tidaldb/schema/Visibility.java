package io.tidaldb.schema;

import java.util.Locale;

/// Who may see a collection.
public enum Visibility {
  /// Its owner, and the users it is shared with.
  PRIVATE(1),
  /// Anyone who has its id; not listed to others.
  UNLISTED(2),
  /// Everyone; listed to all.
  PUBLIC(3);

  private static final Visibility[] LEVELS = values();

  private final int code;

  Visibility(int code) {
    this.code = code;
  }

  /// The byte that stands for it in the log and in rows.
  public int code() {
    return code;
  }

  /// The name in requests and reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The visibility with this byte.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Visibility ofCode(int code) {
    if (code < 1 || code > LEVELS.length) {
      throw new IllegalArgumentException("unknown visibility: code=" + code);
    }
    return LEVELS[code - 1];
  }
}
