package io.tidaldb.log;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What changes a session, apart from the signals in it ([Event.SignalRecorded] with its session).
/// The user of each event but the last is the session's.
public sealed interface SessionEvent extends Event {

  /// Ended by its caller.
  int CLOSED_BY_CALLER = 1;

  /// Ended by the clock.
  int CLOSED_EXPIRED = 2;

  /// `0x50`: a session runs.
  record SessionStarted(
      long time,
      long user,
      long session,
      String policy,
      String agent,
      SortedMap<String, String> metadata,
      @Nullable IdempotencyKey key)
      implements SessionEvent {
    @Override
    public boolean hasUser() {
      return true;
    }
  }

  /// `0x51`: something to remember was said, about an entity or in general.
  ///
  /// @param about whether it is about an entity
  /// @param kind kind of the entity; ITEM without one
  /// @param entity 0 without one
  record SessionAnnotated(
      long time,
      long user,
      long session,
      boolean about,
      EntityKind kind,
      long entity,
      String text,
      @Nullable IdempotencyKey key)
      implements SessionEvent {
    @Override
    public boolean hasUser() {
      return true;
    }
  }

  /// `0x52`: a session has ended.
  ///
  /// @param reason [#CLOSED_BY_CALLER] or [#CLOSED_EXPIRED]
  record SessionClosed(long time, long user, long session, int reason, @Nullable IdempotencyKey key)
      implements SessionEvent {
    @Override
    public boolean hasUser() {
      return true;
    }
  }

  /// `0x53`: calls of a session were refused since the last such event.
  ///
  /// @param reason which rule refused, 1 … 255
  /// @param count how many
  /// @param signal name of the last one's signal; empty if it was none
  /// @param entity of the last one; 0 if it had none
  record SessionRefused(
      long time, long user, long session, int reason, int count, String signal, long entity)
      implements SessionEvent {
    @Override
    public boolean hasUser() {
      return true;
    }

    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }
  }

  /// `0x54`: archived sessions of a policy are gone.
  ///
  /// @param closedUntil those that ended at or before, nanoseconds since 1970
  record ArchiveCut(long time, String policy, long closedUntil) implements SessionEvent {
    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }
  }
}
