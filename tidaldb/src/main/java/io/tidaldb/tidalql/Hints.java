package io.tidaldb.tidalql;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Known names that somebody may have meant who wrote another: those within edit distance 2.
final class Hints {

  private static final int DISTANCE_MAX = 2;
  private static final int LENGTH_MAX = 64;

  private Hints() {}

  /// The nearest known name, the first of several; none for words too short to be near anything.
  static Optional<String> nearest(String given, Collection<String> known) {
    if (given.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    var lower = given.toLowerCase(Locale.ROOT);
    Optional<String> best = Optional.empty();
    int least = Math.min(DISTANCE_MAX, given.length() - 1) + 1;
    for (var name : known) {
      int distance = distance(lower, name.toLowerCase(Locale.ROOT), least);
      if (distance < least) {
        least = distance;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /// How many characters to insert, delete, replace or swap with their neighbour, or `limit` if
  /// that many or more.
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      rows[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      rows[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
        least = Math.min(least, rows[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, rows[i - 2][j - 2] + 1);
        }
        rows[i][j] = least;
      }
    }
    return Math.min(rows[a.length()][b.length()], limit);
  }
}
