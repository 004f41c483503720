package io.tidaldb.ranking;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Source;
import java.time.Duration;
import java.util.Optional;

/// The rules that sources of candidates must keep.
public final class SourceRules {

  private static final int CANDIDATES_MAX = 4_096;
  private static final int SEEDS_MAX = 10;
  private static final Duration WITHIN_MAX = Duration.ofDays(36_500);

  private SourceRules() {}

  /// @throws InvalidRequestException if a profile's source breaks a rule
  static void check(Profile profile, Source source) {
    var problem = problem(source);
    ProfileRules.require(problem.isEmpty(), profile, problem.orElse(""));
  }

  /// @throws InvalidRequestException if a request's source breaks a rule
  public static void check(Source source) {
    var problem = problem(source);
    if (problem.isPresent()) {
      throw new InvalidRequestException("SOURCE_INVALID", "request " + problem.get());
    }
  }

  private static Optional<String> problem(Source source) {
    return switch (source) {
      case Source.Scan() -> Optional.empty();
      case Source.Ann(int k, var of, var slot, boolean exact) ->
          count(source, "k", k, CANDIDATES_MAX).or(() -> name(source, slot));
      case Source.CoEngagement(int n, var of, int seeds) ->
          count(source, "n", n, CANDIDATES_MAX).or(() -> count(source, "seeds", seeds, SEEDS_MAX));
      case Source.RecentMatch(int n) -> count(source, "n", n, CANDIDATES_MAX);
      case Source.Interests(int n) -> count(source, "n", n, CANDIDATES_MAX);
      case Source.SignalHead(var signal, var measure, var window, int n) -> {
        var problem = count(source, "n", n, CANDIDATES_MAX).or(() -> name(source, signal));
        if (problem.isEmpty() && measure == Measure.VELOCITY) {
          Windows.requireFinite(window, source.label());
        }
        yield problem;
      }
      case Source.Followed(int n, var within) -> newest(source, n, within);
      case Source.Affinity(int n, var within) -> newest(source, n, within);
      case Source.NewItems(int n, var within) -> newest(source, n, within);
    };
  }

  private static Optional<String> newest(Source source, int n, Duration within) {
    boolean fits =
        within.compareTo(Duration.ofSeconds(1)) >= 0
            && within.compareTo(WITHIN_MAX) <= 0
            && within.equals(Duration.ofSeconds(within.toSeconds()));
    return count(source, "n", n, CANDIDATES_MAX)
        .or(
            () ->
                fits
                    ? Optional.empty()
                    : Optional.of(
                        "has a source out of range: source="
                            + source.label()
                            + " within="
                            + within
                            + " allowed=1 s … 36500 days, whole seconds"));
  }

  private static Optional<String> name(Source source, String name) {
    return ProfileRules.isName(name)
        ? Optional.empty()
        : Optional.of("names something impossible: source=" + source.label());
  }

  private static Optional<String> count(Source source, String what, int given, int most) {
    return given >= 1 && given <= most
        ? Optional.empty()
        : Optional.of(
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
