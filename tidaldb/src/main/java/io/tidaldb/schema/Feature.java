package io.tidaldb.schema;

import java.time.Duration;

/// One number that a profile reads about a candidate, brought to [0, 1): what is bounded by nature
/// is used as it is; any other value x becomes u = √r / (1 + √r) with r its size relative to a
/// reference. For signals r = (x / X) · √N, X the same measure of all entities together and N how
/// many live entities there are.
public sealed interface Feature {

  /// The feature's text in profiles, for example `velocity(signal:view, window:24h)`.
  String label();

  /// The decayed score of a signal.
  record Decayed(String signal) implements Feature {
    @Override
    public String label() {
      return "decayed(signal:" + signal + ")";
    }
  }

  /// Events of a signal in a window.
  record Count(String signal, Window window) implements Feature {
    @Override
    public String label() {
      return "count(signal:" + signal + ", window:" + window.label() + ")";
    }
  }

  /// Events per second of a signal in a window.
  record Velocity(String signal, Window window) implements Feature {
    @Override
    public String label() {
      return "velocity(signal:" + signal + ", window:" + window.label() + ")";
    }
  }

  /// 0.5·u(velocity share) + 0.3·u(velocity view) + 0.2·u(velocity reach).
  record Trending(Window window) implements Feature {
    @Override
    public String label() {
      return "trending(window:" + window.label() + ")";
    }
  }

  /// 2^(−age / halfLife).
  record Recency(Duration halfLife) implements Feature {
    @Override
    public String label() {
      return "recency(half_life:" + halfLife.toSeconds() + "s)";
    }
  }

  /// (S + 20·p) / (V + 20): the share of views that were finished, pulled toward the prior p.
  record CompletionRate() implements Feature {
    @Override
    public String label() {
      return "completion_rate";
    }
  }

  /// The lower end of Wilson's interval (z = 1.96) of finished among viewed, or of likes among
  /// likes and dislikes.
  record Quality() implements Feature {
    @Override
    public String label() {
      return "quality";
    }
  }

  /// A numeric field with r = x / pivot.
  record FieldValue(String field, double pivot) implements Feature {
    @Override
    public String label() {
      return "field(name:" + field + ", pivot:" + pivot + ")";
    }
  }

  /// How near the item is to the nearest seed of the query, in the space of vectors.
  record Similarity() implements Feature {
    @Override
    public String label() {
      return "similarity";
    }
  }

  /// How near the item is to what the user prefers, in the space of vectors.
  record PreferenceMatch() implements Feature {
    @Override
    public String label() {
      return "preference_match";
    }
  }

  /// The strength of the edge to a seed of the query (else to a recent positive of the user), as a
  /// share of that one's strongest edge; the greatest counts.
  record CoEngagement() implements Feature {
    @Override
    public String label() {
      return "co_engagement";
    }
  }

  /// How much the item follows what the user engaged with last: the newest 20 positives, the p-th
  /// newest counted 1 / p, by how much users engage with the item after each of them. Relative to
  /// the item of which that is most, in [0, 1].
  record RecentMatch() implements Feature {
    @Override
    public String label() {
      return "recent_match";
    }
  }

  /// How much the user engages with the item's creator, with r = W / 5.
  record CreatorAffinity() implements Feature {
    @Override
    public String label() {
      return "creator_affinity";
    }
  }

  /// Whether the user follows the item's creator: 1 or 0.
  record Follows() implements Feature {
    @Override
    public String label() {
      return "follows";
    }
  }

  /// Whether the item's category or one of its tags is among the user's interests: 1 or 0.
  record InterestMatch() implements Feature {
    @Override
    public String label() {
      return "interest_match";
    }
  }

  /// How often the item was shown to the user in 7 days without ever being viewed, with r = x / 3.
  record Fatigue() implements Feature {
    @Override
    public String label() {
      return "fatigue";
    }
  }

  /// How many of the users whom the user follows have the item among their last 50 positives, with
  /// r = x / 3.
  record SocialProof() implements Feature {
    @Override
    public String label() {
      return "social_proof";
    }
  }

  /// A numeric field of the item's creator, or `followers`, with r = x / pivot.
  record CreatorField(String field, double pivot) implements Feature {
    @Override
    public String label() {
      return "creator_field(name:" + field + ", pivot:" + pivot + ")";
    }
  }

  /// A hash of (seed, id) in [0, 1).
  record Random() implements Feature {
    @Override
    public String label() {
      return "random";
    }
  }
}
