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

  /// Items by how near their vectors are to one or more others.
  ///
  /// @param k at most so many, 1 … 4,096
  /// @param of what they are near to
  /// @param slot the embedding slot of items
  /// @param exact whether every vector is compared, however many there are
  record Ann(int k, Toward of, String slot, boolean exact) implements Source {

    /// The nearest to what the user prefers.
    public static Ann ofPreference(int k) {
      return new Ann(k, Toward.PREFERENCE, EmbeddingSlot.CONTENT, false);
    }

    /// The nearest to the request's seeds.
    public static Ann ofSeeds(int k) {
      return new Ann(k, Toward.SEED, EmbeddingSlot.CONTENT, false);
    }

    @Override
    public String label() {
      return "ann(k:%d, of:%s, slot:%s, exact:%s)".formatted(k, of.label(), slot, exact);
    }
  }

  /// What nearest vectors are near to.
  enum Toward {
    /// What the user prefers.
    PREFERENCE,
    /// The vectors of the user's last three positives, a third of the items each.
    RECENT,
    /// The vectors of the request's seeds.
    SEED;

    /// The name in profiles: lower case.
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
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
