package io.tidaldb.log;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import org.jspecify.annotations.Nullable;

/// What a call becomes. Self-contained: its own time, user, ids; whatever depends on earlier state
/// was resolved before it entered the log. A switch over the family has no `default`, so a new
/// event makes the compiler list the places to think about.
public sealed interface Event
    permits Event.Blank,
        Event.SignalRecorded,
        Event.EntityWritten,
        Event.NumbersWritten,
        Event.EntityDeleted,
        Event.UserErased,
        Event.ProfileSaved,
        Event.ProfileDropped,
        Event.SchemaChanged,
        RelationEvent,
        CohortEvent,
        CollectionEvent,
        SessionEvent,
        VectorEvent,
        RankingEvent {

  /// Nanoseconds since 1970; never later than the receive time of its frame.
  long time();

  /// Whether the event belongs to a user.
  default boolean hasUser() {
    return false;
  }

  /// The user it belongs to, or 0 without one.
  default long user() {
    return 0;
  }

  /// The producer's key, or null.
  @Nullable IdempotencyKey key();

  /// `0x00`: keeps a position, changes nothing.
  record Blank(long time) implements Event {
    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }
  }

  /// `0x01`: something happened to an entity.
  ///
  /// @param type signal type id
  /// @param kind kind of the target
  /// @param entity target
  /// @param weight finite, never −0.0
  /// @param flags [#USER], [#CREATOR], [#SESSION], [#FIRST_VIEW]
  /// @param creator the item's creator at this position, with [#CREATOR]
  /// @param session the session it happened in, with [#SESSION]
  record SignalRecorded(
      long time,
      int type,
      EntityKind kind,
      long entity,
      double weight,
      int flags,
      long user,
      long creator,
      long session,
      @Nullable IdempotencyKey key)
      implements Event {

    /// The creator is known.
    public static final int CREATOR = 1;

    /// It happened in a session.
    public static final int SESSION = 1 << 1;

    /// The first view of the item by this user (or one without user): counts as reach.
    public static final int FIRST_VIEW = 1 << 2;

    /// It belongs to a user.
    public static final int USER = 1 << 13;

    @Override
    public boolean hasUser() {
      return (flags & USER) != 0;
    }

    /// Whether the item's creator is known.
    public boolean hasCreator() {
      return (flags & CREATOR) != 0;
    }

    /// Whether it counts as reach.
    public boolean firstView() {
      return (flags & FIRST_VIEW) != 0;
    }
  }

  /// `0x10`: an entity exists and has this whole metadata (after-image).
  ///
  /// @param merged it is the outcome of an update that touched no number: numbers stand as they
  ///   were and keep their times
  record EntityWritten(
      long time,
      EntityKind kind,
      long id,
      Metadata metadata,
      boolean merged,
      @Nullable IdempotencyKey key)
      implements Event {

    /// A write that replaces everything.
    public EntityWritten(
        long time, EntityKind kind, long id, Metadata metadata, @Nullable IdempotencyKey key) {
      this(time, kind, id, metadata, false, key);
    }

    @Override
    public boolean hasUser() {
      return kind == EntityKind.USER;
    }

    @Override
    public long user() {
      return kind == EntityKind.USER ? id : 0;
    }
  }

  /// `0x13`: numbers, times and booleans of an entity that exists. Only what holds: the writer left
  /// out what is older than what was there.
  ///
  /// @param changes numeric fields only
  record NumbersWritten(
      long time, EntityKind kind, long id, MetadataChanges changes, @Nullable IdempotencyKey key)
      implements Event {
    @Override
    public boolean hasUser() {
      return kind == EntityKind.USER;
    }

    @Override
    public long user() {
      return kind == EntityKind.USER ? id : 0;
    }
  }

  /// `0x11`: an item or creator is gone.
  record EntityDeleted(long time, EntityKind kind, long id, @Nullable IdempotencyKey key)
      implements Event {}

  /// `0x71`: nothing names this user any more but this event.
  record UserErased(long time, long user, @Nullable IdempotencyKey key) implements Event {
    @Override
    public boolean hasUser() {
      return true;
    }
  }

  /// `0x60`: a profile has a new version.
  record ProfileSaved(
      long time, int version, String name, String json, @Nullable IdempotencyKey key)
      implements Event {}

  /// `0x61`: a version of a profile is gone.
  record ProfileDropped(long time, int version, String name, @Nullable IdempotencyKey key)
      implements Event {}

  /// `0x70`: the schema and the table of signal type ids from here on.
  ///
  /// @param canonical canonical text of the schema
  /// @param ids name → id, every name ever known, retired ones too
  record SchemaChanged(long time, String canonical, java.util.SortedMap<String, Integer> ids)
      implements Event {
    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }
  }

  /// The id as a value.
  static EntityId id(long bits) {
    return EntityId.of(bits);
  }
}
