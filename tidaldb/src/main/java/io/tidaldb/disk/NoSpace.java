package io.tidaldb.disk;

import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.util.List;

/// Tells a full disk from a broken one. Java has no type for it, only the system's words; in
/// another language than English they are not recognised, and the outcome is then the cautious one.
final class NoSpace {

  private static final List<String> WORDS =
      List.of("No space left", "Disk quota exceeded", "not enough space on the disk");

  private NoSpace() {}

  /// The outcome of a call that wrote nothing before it failed.
  static Outcome outcome(IOException cause) {
    return says(cause) ? Outcome.NOT_WRITTEN : Outcome.UNKNOWN;
  }

  static boolean says(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    return WORDS.stream().anyMatch(message::contains);
  }
}
