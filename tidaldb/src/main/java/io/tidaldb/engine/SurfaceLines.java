package io.tidaldb.engine;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/// The fields of surface events in a dump: one name per thing, 64-bit ids as text.
final class SurfaceLines {

  private SurfaceLines() {}

  static void relation(Map<String, Object> shape, RelationEvent event) {
    EventLines.user(shape, event);
    switch (event) {
      case RelationEvent.RelationSet set -> {
        shape.put("type", set.type().label());
        EventLines.entity(shape, set.kind(), set.target());
        shape.put("weight", set.weight());
      }
      case RelationEvent.RelationRemoved removed -> {
        shape.put("type", removed.type().label());
        EventLines.entity(shape, removed.kind(), removed.target());
      }
      case RelationEvent.StateCleared cleared -> {
        shape.put("state", cleared.state().label());
        if (!cleared.all()) {
          shape.put("item", text(cleared.item()));
        }
      }
    }
  }

  static void cohort(Map<String, Object> shape, CohortEvent event) {
    shape.put("cohort", event.cohort());
    switch (event) {
      case CohortEvent.CohortDefined defined -> {
        shape.put("name", defined.name());
        shape.put("predicate", defined.predicate());
        shape.put("backfill", defined.backfill());
      }
      case CohortEvent.CohortDropped dropped -> shape.put("name", dropped.name());
      case CohortEvent.CohortBackfilled part -> {
        shape.put("part", part.part());
        shape.put("last", part.last());
        shape.put("reached", part.reached());
        shape.put("signals", part.signals().size());
      }
    }
  }

  /// @param isForgotten says whether a user must not be named
  static void collection(
      Map<String, Object> shape, CollectionEvent event, LongPredicate isForgotten) {
    EventLines.user(shape, event);
    shape.put("collection", text(event.collection()));
    switch (event) {
      case CollectionEvent.CollectionCreated created -> {
        shape.put("name", created.name());
        shape.put("visibility", created.visibility().label());
      }
      case CollectionEvent.CollectionChanged changed -> {
        changed.name().ifPresent(name -> shape.put("name", name));
        changed.visibility().ifPresent(level -> shape.put("visibility", level.label()));
        share(shape, "share_added", changed.shareAdded(), isForgotten);
        share(shape, "share_removed", changed.shareRemoved(), isForgotten);
      }
      case CollectionEvent.CollectionDropped _ -> {}
      case CollectionEvent.ItemAdded added -> {
        shape.put("item", text(added.item()));
        shape.put("index", added.index());
      }
      case CollectionEvent.ItemRemoved removed -> shape.put("item", text(removed.item()));
      case CollectionEvent.ItemMoved moved -> {
        shape.put("item", text(moved.item()));
        shape.put("index", moved.index());
      }
    }
  }

  private static void share(
      Map<String, Object> shape, String name, OptionalLong user, LongPredicate isForgotten) {
    if (user.isPresent() && !isForgotten.test(user.getAsLong())) {
      shape.put(name, text(user.getAsLong()));
    }
  }

  static void session(Map<String, Object> shape, SessionEvent event) {
    EventLines.user(shape, event);
    switch (event) {
      case SessionEvent.SessionStarted started -> {
        shape.put("session", text(started.session()));
        shape.put("policy", started.policy());
        shape.put("agent", started.agent());
        shape.put("metadata", started.metadata());
      }
      case SessionEvent.SessionAnnotated annotated -> {
        shape.put("session", text(annotated.session()));
        if (annotated.about()) {
          EventLines.entity(shape, annotated.kind(), annotated.entity());
        }
        shape.put("text", annotated.text());
      }
      case SessionEvent.SessionClosed closed -> {
        shape.put("session", text(closed.session()));
        shape.put("reason", closed.reason());
      }
      case SessionEvent.SessionRefused refused -> {
        shape.put("session", text(refused.session()));
        shape.put("reason", refused.reason());
        shape.put("count", refused.count());
        shape.put("signal", refused.signal());
        shape.put("entity", text(refused.entity()));
      }
      case SessionEvent.ArchiveCut cut -> {
        shape.put("policy", cut.policy());
        shape.put("closed_until", cut.closedUntil());
      }
    }
  }

  private static String text(long id) {
    return Long.toUnsignedString(id);
  }

  static void ranking(Map<String, Object> shape, RankingEvent event) {
    switch (event) {
      case RankingEvent.ExperimentSaved saved -> {
        shape.put("experiment", saved.name());
        shape.put("json", saved.json());
      }
      case RankingEvent.FeedbackPolicySaved saved -> shape.put("feedback_policy", saved.json());
      case RankingEvent.ExperimentDropped dropped -> shape.put("experiment", dropped.name());
    }
  }
}
