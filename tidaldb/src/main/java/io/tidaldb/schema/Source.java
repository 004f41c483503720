package io.tidaldb.schema;

import java.time.Duration;

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

  /// Items that follow what the user engaged with last, as [Feature.RecentMatch] says.
  ///
  /// @param n at most so many, 1 … 4,096
  record RecentMatch(int n) implements Source {
    @Override
    public String label() {
      return "recent_match(n:" + n + ")";
    }
  }

  /// The greatest by a measure of a signal, those without any left out; under a cohort in its
  /// ledger.
  ///
  /// @param signal the signal's name, or the meaning that it has
  /// @param window of counts and velocities
  /// @param n at most so many, 1 … 4,096
  record SignalHead(String signal, Measure measure, Window window, int n) implements Source {

    /// The fastest within 24 hours.
    public static SignalHead fastest(String signal, int n) {
      return new SignalHead(signal, Measure.VELOCITY, Window.TWENTY_FOUR_HOURS, n);
    }

    @Override
    public String label() {
      return "signal_head(signal:%s, measure:%s, window:%s, n:%d)"
          .formatted(signal, measure.label(), window.label(), n);
    }
  }

  /// The newest items of the creators whom the user follows, at most 20 each.
  ///
  /// @param n at most so many, 1 … 4,096
  /// @param within no older than that
  record Followed(int n, Duration within) implements Source {
    @Override
    public String label() {
      return "followed(n:" + n + ", within:" + within.toSeconds() + "s)";
    }
  }

  /// The newest items of the 20 creators whom the user engages with most.
  ///
  /// @param n at most so many, 1 … 4,096
  /// @param within no older than that
  record Affinity(int n, Duration within) implements Source {
    @Override
    public String label() {
      return "affinity(n:" + n + ", within:" + within.toSeconds() + "s)";
    }
  }

  /// The fastest viewed of the items whose category or a tag is among the user's interests.
  ///
  /// @param n at most so many, 1 … 4,096
  record Interests(int n) implements Source {
    @Override
    public String label() {
      return "interests(n:" + n + ")";
    }
  }

  /// The newest items.
  ///
  /// @param n at most so many, 1 … 4,096
  /// @param within no older than that
  record NewItems(int n, Duration within) implements Source {
    @Override
    public String label() {
      return "new_items(n:" + n + ", within:" + within.toSeconds() + "s)";
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
