package io.tidaldb.schema;

/// The type of a metadata field: which Java values it takes, how a string is parsed, how it is
/// queried.
public enum FieldType {
  /// One `String` of at most 256 bytes of UTF-8.
  KEYWORD(1),
  /// At most 64 keywords; a string is split at commas.
  TAGS(2),
  /// `Integer` or `Long`; queried as a number.
  INTEGER(3),
  /// `Float` or `Double`, finite.
  NUMBER(4),
  /// `Duration`; from a string, decimal seconds or ISO-8601; queried in seconds.
  DURATION(5),
  /// `Instant` or [Timestamp]; from a string, ISO-8601 or decimal nanoseconds since 1970.
  TIME(6),
  /// `Boolean`; from a string, `true` or `false`.
  BOOLEAN(7),
  /// [EntityId] or `Long`, read as unsigned.
  ID(8),
  /// `String` of at most 256 KiB, searched as text.
  TEXT(9),
  /// What an undeclared key holds: a `String` of at most 4 KiB, kept and returned, never queried.
  PLAIN(10);

  private final int code;

  FieldType(int code) {
    this.code = code;
  }

  /// The number that stands for this type on disk.
  public int code() {
    return code;
  }

  /// Whether a value is a number, a moment or a boolean: 8 bytes that an update logs alone and that
  /// keep the time they were said for.
  public boolean isNumeric() {
    return switch (this) {
      case INTEGER, NUMBER, DURATION, TIME, BOOLEAN -> true;
      case KEYWORD, TAGS, ID, TEXT, PLAIN -> false;
    };
  }

  /// The type with this number on disk.
  ///
  /// @throws IllegalArgumentException if there is none
  public static FieldType ofCode(int code) {
    for (var type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown field type: code=" + code);
  }
}
