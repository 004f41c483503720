package io.tidaldb.ranking;

import io.tidaldb.schema.Window;

/// One raw number about a candidate: a column of a [Batch].
sealed interface Input {

  /// Its name in snapshots and explanations.
  String label();

  /// Whether it is a signal's value, so that snapshots hold it.
  default boolean isSignal() {
    return true;
  }

  /// A decayed score.
  record Decayed(String signal, int type) implements Input {
    @Override
    public String label() {
      return "decayed(" + signal + ")";
    }
  }

  /// A windowed count.
  record Count(String signal, int type, Window window) implements Input {
    @Override
    public String label() {
      return "count(" + signal + ", " + window.label() + ")";
    }
  }

  /// Events per second.
  record Velocity(String signal, int type, Window window) implements Input {
    @Override
    public String label() {
      return "velocity(" + signal + ", " + window.label() + ")";
    }
  }

  /// The all-time sum of weights.
  record WeightSum(String signal, int type) implements Input {
    @Override
    public String label() {
      return "weights(" + signal + ")";
    }
  }

  /// max(0, t − created) in nanoseconds.
  record Age() implements Input {
    @Override
    public String label() {
      return "age";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// A numeric field, not a number where it is absent.
  record FieldNumber(String field) implements Input {
    @Override
    public String label() {
      return field;
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// The share of the strongest edge, in [0, 1].
  record Together() implements Input {
    @Override
    public String label() {
      return "co_engagement";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// 1 if the user follows the item's creator, else 0.
  record Followed() implements Input {
    @Override
    public String label() {
      return "follows";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// 1 if the item is about what the user is interested in, else 0.
  record Interest() implements Input {
    @Override
    public String label() {
      return "interest_match";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// How often the item was shown to the user without being viewed.
  record Ignored() implements Input {
    @Override
    public String label() {
      return "fatigue";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// How many of the users whom the user follows engaged with the item.
  record Proof() implements Input {
    @Override
    public String label() {
      return "social_proof";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// A numeric field of the item's creator, not a number where it is absent.
  record CreatorNumber(String field) implements Input {
    @Override
    public String label() {
      return "creator." + field;
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// 1 if the user saved the item, else 0.
  record Saved() implements Input {
    @Override
    public String label() {
      return "saved";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// How near the item is to what the user prefers, in [0, 1].
  record Preferred() implements Input {
    @Override
    public String label() {
      return "preference_match";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// How near the item is to the nearest seed, in [0, 1].
  record Similar() implements Input {
    @Override
    public String label() {
      return "similarity";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// How much the item follows what the user engaged with last, in [0, 1].
  record Recent() implements Input {
    @Override
    public String label() {
      return "recent_match";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// How much the user engages with the item's creator, 0 without one.
  record Affinity() implements Input {
    @Override
    public String label() {
      return "creator_affinity";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// Whether a condition holds, 1 or 0.
  record Holds(String when, Conditions.Condition condition) implements Input {
    @Override
    public String label() {
      return when;
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }

  /// A hash of (seed, id) in [0, 1).
  record Chance(long seed) implements Input {
    @Override
    public String label() {
      return "random";
    }

    @Override
    public boolean isSignal() {
      return false;
    }
  }
}
