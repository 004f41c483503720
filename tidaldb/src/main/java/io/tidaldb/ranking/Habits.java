package io.tidaldb.ranking;

/// What a ranking knows of what the user of a query does, keeps and follows. Each part is read when
/// it is first asked for. Used by one thread.
public interface Habits {

  /// The time of what never happened.
  long NEVER = Long.MIN_VALUE;

  /// When the user saved the item in a slot, nanoseconds since 1970; [#NEVER] if not.
  long savedAt(int slot);

  /// Whether the user follows a creator.
  boolean follows(long creator);

  /// Whether the user said to be interested in anything.
  boolean hasInterests();

  /// Whether the item in a slot is about what the user is interested in.
  boolean isInteresting(int slot);

  /// How often the item in a slot was shown to the user in 7 days without being viewed.
  double ignored(int slot);

  /// The users whom the user follows.
  Network network();
}
