package io.tidaldb.ranking;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/// Advice for a name that does not exist: the known names within edit distance 2.
public final class NearNames {

  private static final int DISTANCE_MAX = 2;
  private static final int SUGGESTIONS = 3;

  private NearNames() {}

  /// `did you mean a, b?` for the nearest names, else `fallback`.
  public static String advice(String given, Collection<String> known, String fallback) {
    var near =
        known.stream()
            .filter(name -> distance(given, name) <= DISTANCE_MAX)
            .sorted(
                Comparator.comparingInt((String name) -> distance(given, name))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(SUGGESTIONS)
            .collect(Collectors.joining(", "));
    return near.isEmpty() ? fallback : "did you mean " + near + "?";
  }

  /// How many characters to insert, delete or replace to come from one to the other.
  static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > DISTANCE_MAX) {
      return DISTANCE_MAX + 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
