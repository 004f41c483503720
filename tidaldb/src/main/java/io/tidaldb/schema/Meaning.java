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

  private static final double COMPLETION_POSITIVE = 0.5;

  /// Whether a signal of this meaning and weight says that its user wants more of this: the
  /// evidence of co-engagement and of what a network likes. A completion does from one half.
  public boolean isPositive(double weight) {
    return switch (this) {
      case LIKE, SAVE, SHARE, COMMENT, PURCHASE -> weight > 0;
      case COMPLETION -> weight >= COMPLETION_POSITIVE;
      case IMPRESSION,
          VIEW,
          DISLIKE,
          SKIP,
          NOT_INTERESTED,
          HIDE,
          REPORT,
          NOTIFIED,
          UNLIKE,
          UNSAVE ->
          false;
    };
  }

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
