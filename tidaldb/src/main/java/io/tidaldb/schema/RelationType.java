package io.tidaldb.schema;

import java.util.Locale;

/// How an account stands to another account or to an item.
public enum RelationType {
  /// Follows a creator or a user.
  FOLLOW(1),
  /// Hides both accounts from each other; ends `FOLLOW` both ways.
  BLOCK(2),
  /// Never shows the item again.
  HIDE(3),
  /// Leaves a creator's items out of what is retrieved, not out of what is searched.
  MUTE(4),
  /// How much a user engages with a creator; decays with half-life 30 days.
  AFFINITY(5);

  private static final RelationType[] TYPES = values();

  private final int code;

  RelationType(int code) {
    this.code = code;
  }

  /// The byte that stands for it in the log and in keys.
  public int code() {
    return code;
  }

  /// The name in requests and reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The type with this byte.
  ///
  /// @throws IllegalArgumentException if there is none
  public static RelationType ofCode(int code) {
    if (code < 1 || code > TYPES.length) {
      throw new IllegalArgumentException("unknown relation type: code=" + code);
    }
    return TYPES[code - 1];
  }

  /// Whether an entity of this kind can stand at the other end.
  public boolean takes(EntityKind kind) {
    return switch (this) {
      case FOLLOW, BLOCK -> kind != EntityKind.ITEM;
      case HIDE -> kind == EntityKind.ITEM;
      case MUTE, AFFINITY -> kind == EntityKind.CREATOR;
    };
  }
}
