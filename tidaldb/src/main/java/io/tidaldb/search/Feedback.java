package io.tidaldb.search;

import io.tidaldb.schema.Meaning;

/// What a signal teaches about its user: how far the preference moves toward the item's vector (or
/// away from it), and how much evidence that is. Version 1 of the rule.
final class Feedback {

  /// Following a creator moves the preference toward the creator's vector.
  static final double FOLLOW_RATE = 0.10;

  static final double FOLLOW_EVIDENCE = 1;

  /// Behind a vector that was written with the user.
  static final double WRITTEN_EVIDENCE = 5;

  /// The farthest that one positive signal moves a preference.
  static final double STEP_MAX = 0.5;

  /// A preference that a negative signal would leave shorter than this stays as it is.
  static final double LENGTH_MIN = 1e-3;

  private Feedback() {}

  /// How far a preference moves by a signal of weight 1: toward the item if above 0, away if below.
  static double rate(Meaning meaning) {
    return switch (meaning) {
      case VIEW -> 0.02;
      case COMPLETION, SHARE -> 0.15;
      case LIKE -> 0.10;
      case COMMENT -> 0.08;
      case SAVE -> 0.12;
      case PURCHASE -> 0.20;
      case SKIP -> -0.05;
      case DISLIKE -> -0.10;
      case NOT_INTERESTED -> -0.15;
      case HIDE, REPORT -> -0.20;
      case IMPRESSION, NOTIFIED, UNLIKE, UNSAVE -> 0;
    };
  }

  /// The positive evidence of a signal.
  static double evidence(Meaning meaning, double weight) {
    return switch (meaning) {
      case VIEW -> 0.2;
      case COMPLETION -> weight;
      case LIKE, COMMENT, SAVE, SHARE -> 1;
      case PURCHASE -> 2;
      case SKIP, DISLIKE, NOT_INTERESTED, HIDE, REPORT, IMPRESSION, NOTIFIED, UNLIKE, UNSAVE -> 0;
    };
  }
}
