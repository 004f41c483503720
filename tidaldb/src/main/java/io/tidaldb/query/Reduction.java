package io.tidaldb.query;

import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Source;
import java.util.List;

/// What a load level makes of a query's sources.
final class Reduction {

  private Reduction() {}

  /// The sources as they run at a level.
  static List<Source> of(List<Source> sources, LoadLevel level) {
    return level.isAtLeast(LoadLevel.REDUCED_CANDIDATES)
        ? sources.stream().map(Reduction::halved).toList()
        : sources;
  }

  private static Source halved(Source source) {
    return switch (source) {
      case Source.Scan scan -> scan;
      case Source.Ann(int k, var of, String slot, boolean exact) ->
          new Source.Ann(half(k), of, slot, exact);
      case Source.CoEngagement(int n, var of, int seeds) ->
          new Source.CoEngagement(half(n), of, seeds);
      case Source.RecentMatch(int n) -> new Source.RecentMatch(half(n));
      case Source.SignalHead(String signal, var measure, var window, int n) ->
          new Source.SignalHead(signal, measure, window, half(n));
      case Source.Followed(int n, var within) -> new Source.Followed(half(n), within);
      case Source.Affinity(int n, var within) -> new Source.Affinity(half(n), within);
      case Source.Interests(int n) -> new Source.Interests(half(n));
      case Source.NewItems(int n, var within) -> new Source.NewItems(half(n), within);
    };
  }

  private static int half(int n) {
    return Math.max(1, n / 2);
  }
}
