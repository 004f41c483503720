package io.tidaldb.schema;

import java.util.Locale;

/// Why a session ended.
public enum SessionEnd {
  /// Its caller closed it.
  CALLER(1),
  /// Its time was over.
  EXPIRED(2),
  /// The schema gave up its policy.
  POLICY_DROPPED(3),
  /// Its user was erased.
  ERASED(4);

  private static final SessionEnd[] ENDS = values();

  private final int code;

  SessionEnd(int code) {
    this.code = code;
  }

  /// The number that stands for it in the store.
  public int code() {
    return code;
  }

  /// The name in reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The reason with this number.
  ///
  /// @throws IllegalArgumentException if there is none
  public static SessionEnd ofCode(int code) {
    if (code < 1 || code > ENDS.length) {
      throw new IllegalArgumentException("unknown end of a session: code=" + code);
    }
    return ENDS[code - 1];
  }
}
