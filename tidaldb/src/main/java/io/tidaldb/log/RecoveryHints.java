package io.tidaldb.log;

import io.tidaldb.disk.CleanMark;
import java.util.Optional;

/// What the rest of the store knows about the log before it is read.
///
/// @param replayFrom the first position that some view has not applied
/// @param knownPosition the highest position that any generation or view knows, 0 if none: it was
///   durable once
/// @param clean the mark of a clean close, if it is there
public record RecoveryHints(long replayFrom, long knownPosition, Optional<CleanMark> clean) {

  /// Nothing is known: replay all.
  public static RecoveryHints none() {
    return new RecoveryHints(1, 0, Optional.empty());
  }
}
