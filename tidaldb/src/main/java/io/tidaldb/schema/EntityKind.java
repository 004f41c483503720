package io.tidaldb.schema;

/// What an entity is. The same id in two kinds is two entities.
public enum EntityKind {
  /// Content that can be retrieved: a video, a song, a post, an offer.
  ITEM(1),
  /// Someone who acts.
  USER(2),
  /// Someone whose items are retrieved. USER n and CREATOR n are one account.
  CREATOR(3);

  private final int code;

  EntityKind(int code) {
    this.code = code;
  }

  /// The number that stands for this kind on disk.
  public int code() {
    return code;
  }

  /// The kind with this number on disk.
  ///
  /// @throws IllegalArgumentException if there is none
  public static EntityKind ofCode(int code) {
    return switch (code) {
      case 1 -> ITEM;
      case 2 -> USER;
      case 3 -> CREATOR;
      default -> throw new IllegalArgumentException("unknown entity kind: code=" + code);
    };
  }
}
