package io.tidaldb.schema;

import java.util.Locale;
import java.util.Optional;

/// What a signal says, whatever it is called: profiles and sort modes speak of meanings, so a
/// signal `play` can mean [#VIEW].
///
/// A signal type named like a meaning has it by default; at most one type per meaning.
public enum Meaning {
  IMPRESSION,
  VIEW,
  COMPLETION,
  LIKE,
  DISLIKE,
  SHARE,
  COMMENT,
  SAVE,
  PURCHASE,
  SKIP,
  NOT_INTERESTED,
  HIDE,
  REPORT,
  NOTIFIED,
  UNLIKE,
  UNSAVE;

  /// The meaning's name in schemas and queries: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The meaning with this label.
  public static Optional<Meaning> ofLabel(String label) {
    for (var meaning : values()) {
      if (meaning.label().equals(label)) {
        return Optional.of(meaning);
      }
    }
    return Optional.empty();
  }
}
