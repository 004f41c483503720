package io.tidaldb.testing;

import io.tidaldb.schema.StorageException.Outcome;

/// One refusal of the disk: which call, when, and what it leaves.
///
/// @param call the kind of call
/// @param nth which of them after arming, counted from 1; only calls on matching names count
/// @param moment whether the effect happens all the same
/// @param sticky whether all later matching calls fail too
/// @param nameStart how the names begin that it is about; empty for all
public record Fault(VolumeCall call, long nth, Moment moment, boolean sticky, String nameStart) {

  /// When a call fails.
  public enum Moment {
    /// Without its effect.
    BEFORE,
    /// After half of the bytes of a write, which is what an interrupted series of short writes
    /// leaves; for other calls as `BEFORE`.
    MIDWAY,
    /// After its effect, which the caller does not learn.
    AFTER
  }

  /// The nth call of a kind fails once, without effect.
  public static Fault of(VolumeCall call, long nth) {
    if (nth < 1) {
      throw new IllegalArgumentException("calls count from 1: nth=" + nth);
    }
    return new Fault(call, nth, Moment.BEFORE, false, "");
  }

  /// The same at another moment.
  public Fault at(Moment other) {
    return new Fault(call, nth, other, sticky, nameStart);
  }

  /// The same for all later calls too.
  public Fault forEver() {
    return new Fault(call, nth, moment, true, nameStart);
  }

  /// The same for names that begin so.
  public Fault on(String start) {
    return new Fault(call, nth, moment, sticky, start);
  }

  /// What the disk says about the bytes.
  Outcome outcome() {
    return switch (call) {
      case OPEN, CREATE, READ -> Outcome.NOT_WRITTEN;
      case WRITE, SYNC, TRUNCATE, RENAME, DELETE, CREATE_DIRECTORY, SYNC_DIRECTORY ->
          Outcome.UNKNOWN;
    };
  }
}
