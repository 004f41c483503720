package io.tidaldb.disk;

import java.util.Optional;

/// What a file of ours is.
public enum FileKind {
  /// The store's id.
  IDENTITY(1),
  /// The mark of a clean close.
  CLEAN(2),
  /// A part of the log.
  SEGMENT(3);

  private final int code;

  FileKind(int code) {
    this.code = code;
  }

  /// The number in the header.
  public int code() {
    return code;
  }

  static Optional<FileKind> ofCode(int code) {
    for (FileKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
