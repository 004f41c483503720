package io.tidaldb.schema;

/// Where a profile takes its candidates from, inside what the filter allows.
public sealed interface Source {

  /// The source's text in profiles, for example `co_engagement(of:seed, n:200, seeds:10)`.
  String label();

  /// Everything that is allowed.
  record Scan() implements Source {
    @Override
    public String label() {
      return "scan";
    }
  }

  /// Items by the summed strength of their edges to the seeds.
  ///
  /// @param n at most so many, 1 … 4,096
  /// @param of whose edges
  /// @param seeds at most so many seeds, 1 … 10
  record CoEngagement(int n, Of of, int seeds) implements Source {
    @Override
    public String label() {
      return "co_engagement(of:" + of.label() + ", n:" + n + ", seeds:" + seeds + ")";
    }
  }

  /// What the seeds of a source are.
  enum Of {
    /// The user's last positives.
    RECENT,
    /// The request's seeds.
    SEED;

    /// The name in profiles: lower case.
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
