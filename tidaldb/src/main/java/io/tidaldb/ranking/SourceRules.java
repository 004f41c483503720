package io.tidaldb.ranking;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Source;
import java.time.Duration;

/// The rules that a profile's sources of candidates must keep.
final class SourceRules {

  private static final int CANDIDATES_MAX = 4_096;
  private static final int SEEDS_MAX = 10;
  private static final Duration WITHIN_MAX = Duration.ofDays(36_500);

  private SourceRules() {}

  /// @throws InvalidRequestException if the source breaks a rule
  static void check(Profile profile, Source source) {
    switch (source) {
      case Source.Scan() -> {}
      case Source.Ann(int k, var of, var slot, boolean exact) -> {
        count(profile, source, "k", k, CANDIDATES_MAX);
        name(profile, source, slot);
      }
      case Source.CoEngagement(int n, var of, int seeds) -> {
        count(profile, source, "n", n, CANDIDATES_MAX);
        count(profile, source, "seeds", seeds, SEEDS_MAX);
      }
      case Source.RecentMatch(int n) -> count(profile, source, "n", n, CANDIDATES_MAX);
      case Source.Interests(int n) -> count(profile, source, "n", n, CANDIDATES_MAX);
      case Source.SignalHead(var signal, var measure, var window, int n) -> {
        count(profile, source, "n", n, CANDIDATES_MAX);
        name(profile, source, signal);
        if (measure == Measure.VELOCITY) {
          Windows.requireFinite(window, source.label());
        }
      }
      case Source.Followed(int n, var within) -> newest(profile, source, n, within);
      case Source.Affinity(int n, var within) -> newest(profile, source, n, within);
      case Source.NewItems(int n, var within) -> newest(profile, source, n, within);
    }
  }

  private static void newest(Profile profile, Source source, int n, Duration within) {
    count(profile, source, "n", n, CANDIDATES_MAX);
    ProfileRules.require(
        within.compareTo(Duration.ofSeconds(1)) >= 0
            && within.compareTo(WITHIN_MAX) <= 0
            && within.equals(Duration.ofSeconds(within.toSeconds())),
        profile,
        "has a source out of range: source="
            + source.label()
            + " within="
            + within
            + " allowed=1 s … 36500 days, whole seconds");
  }

  private static void name(Profile profile, Source source, String name) {
    ProfileRules.require(
        ProfileRules.isName(name), profile, "names something impossible: source=" + source.label());
  }

  private static void count(Profile profile, Source source, String what, int given, int most) {
    ProfileRules.require(
        given >= 1 && given <= most,
        profile,
        "has a source out of range: source="
            + source.label()
            + " "
            + what
            + "="
            + given
            + " allowed=1…"
            + most);
  }
}
