package io.tidaldb.schema;

import java.util.Locale;

/// What the database remembers of a user about an item, as signals of the matching meaning leave
/// it.
public enum UserState {
  /// Viewed, or completed in any part; for ever.
  SEEN(1),
  /// Completed to nine tenths or more; for ever.
  COMPLETED(2),
  /// Said to be of no interest; for ever.
  NOT_INTERESTED(3),
  /// Liked and not taken back.
  LIKED(4),
  /// Disliked and not taken back.
  DISLIKED(5),
  /// Saved and not taken back.
  SAVED(6),
  /// Shown lately: the last 5,000 impressions, not older than 30 days.
  SHOWN(7),
  /// Begun and not finished: the 1,000 latest.
  IN_PROGRESS(8),
  /// The 1,000 latest distinct items viewed or completed.
  HISTORY(9);

  private static final UserState[] STATES = values();

  private final int code;

  UserState(int code) {
    this.code = code;
  }

  /// The byte that stands for it in the log and in keys.
  public int code() {
    return code;
  }

  /// The name in requests and reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The state with this byte.
  ///
  /// @throws IllegalArgumentException if there is none
  public static UserState ofCode(int code) {
    if (code < 1 || code > STATES.length) {
      throw new IllegalArgumentException("unknown user state: code=" + code);
    }
    return STATES[code - 1];
  }
}
