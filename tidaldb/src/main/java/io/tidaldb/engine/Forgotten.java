package io.tidaldb.engine;

import io.tidaldb.entity.Erasures;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Who was forgotten and up to where, for those who tell the log's events: an event that names a
/// user before the user's last erasure is not told.
final class Forgotten implements FrameConsumer {

  private final Map<Long, Long> upTo = new HashMap<>();

  /// Everybody whom a view knows as forgotten.
  void addAll(Erasures erasures) {
    for (int n = 0; n < erasures.count(); n++) {
      upTo.merge(erasures.user(n).value(), erasures.position(n), Math::max);
    }
  }

  @Override
  public void frame(long firstPosition, long receiveNanos, List<Event> events) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof Event.UserErased erased) {
        upTo.merge(erased.user(), firstPosition + i, Math::max);
      }
    }
  }

  /// Whether the user was forgotten at or after a position.
  boolean user(long user, long position) {
    return !upTo.isEmpty() && position < upTo.getOrDefault(user, 0L);
  }

  /// Whether an event names somebody who was forgotten after it.
  boolean hides(long position, Event event) {
    if (upTo.isEmpty()) {
      return false;
    }
    if (event.hasUser() && user(event.user(), position)) {
      return true;
    }
    return switch (event) {
      case Event.SignalRecorded signal ->
          signal.kind() == EntityKind.USER && user(signal.entity(), position);
      case RelationEvent.RelationSet set ->
          set.kind() == EntityKind.USER && user(set.target(), position);
      case RelationEvent.RelationRemoved removed ->
          removed.kind() == EntityKind.USER && user(removed.target(), position);
      case SessionEvent.SessionAnnotated annotated ->
          annotated.about()
              && annotated.kind() == EntityKind.USER
              && user(annotated.entity(), position);
      case CollectionEvent.CollectionChanged changed ->
          changed.name().isEmpty()
              && changed.visibility().isEmpty()
              && (names(changed.shareAdded(), position) || names(changed.shareRemoved(), position));
      case Event.Blank _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.EntityDeleted _,
          Event.UserErased _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          Event.SchemaChanged _,
          RelationEvent.StateCleared _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ ->
          false;
    };
  }

  /// Whether a user that may be there was forgotten after a position.
  boolean names(OptionalLong user, long position) {
    return user.isPresent() && user(user.getAsLong(), position);
  }
}
