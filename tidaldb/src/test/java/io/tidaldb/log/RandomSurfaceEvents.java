package io.tidaldb.log;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Events of the surfaces beside signals and entities, in the form in which the log gives them
/// back.
final class RandomSurfaceEvents {

  private final RandomGenerator random;
  private final RandomEvents common;

  RandomSurfaceEvents(RandomGenerator random, RandomEvents common) {
    this.random = random;
    this.common = common;
  }

  Event relation() {
    long time = common.time();
    long user = random.nextLong();
    var type = RelationType.ofCode(1 + random.nextInt(5));
    return switch (random.nextInt(3)) {
      case 0 ->
          new RelationEvent.RelationSet(
              time,
              user,
              type,
              common.kind(),
              random.nextLong(),
              random.nextDouble(0, 9),
              random.nextBoolean(),
              common.key());
      case 1 ->
          new RelationEvent.RelationRemoved(
              time,
              user,
              type,
              common.kind(),
              random.nextLong(),
              random.nextBoolean(),
              common.key());
      default ->
          new RelationEvent.StateCleared(
              time,
              user,
              UserState.ofCode(1 + random.nextInt(9)),
              random.nextBoolean(),
              random.nextLong(),
              common.key());
    };
  }

  Event cohort() {
    long time = common.time();
    int cohort = random.nextInt(1 << 16);
    return switch (random.nextInt(3)) {
      case 0 ->
          new CohortEvent.CohortDefined(
              time, cohort, random.nextBoolean(), common.text(), common.text(), common.key());
      case 1 -> new CohortEvent.CohortDropped(time, cohort, common.text(), common.key());
      default ->
          new CohortEvent.CohortBackfilled(
              time, cohort, random.nextBoolean(), random.nextInt(9), common.time(), counted());
    };
  }

  private List<CohortEvent.Counted> counted() {
    var signals = new ArrayList<CohortEvent.Counted>();
    for (int i = random.nextInt(5); i > 0; i--) {
      signals.add(
          new CohortEvent.Counted(
              random.nextInt(1 << 16),
              common.kind(),
              random.nextLong(),
              random.nextDouble(),
              common.time()));
    }
    return signals;
  }

  Event collection() {
    long time = common.time();
    long user = random.nextLong();
    long collection = random.nextLong();
    long item = random.nextLong();
    int index = random.nextInt(99) - 1;
    return switch (random.nextInt(6)) {
      case 0 ->
          new CollectionEvent.CollectionCreated(
              time, user, collection, visibility(), common.text(), common.key());
      case 1 ->
          new CollectionEvent.CollectionChanged(
              time,
              user,
              collection,
              maybe() ? Optional.of(common.text()) : Optional.empty(),
              maybe() ? Optional.of(visibility()) : Optional.empty(),
              maybe() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty(),
              maybe() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty(),
              common.key());
      case 2 -> new CollectionEvent.CollectionDropped(time, user, collection, common.key());
      case 3 -> new CollectionEvent.ItemAdded(time, user, collection, item, index, common.key());
      case 4 -> new CollectionEvent.ItemRemoved(time, user, collection, item, common.key());
      default -> new CollectionEvent.ItemMoved(time, user, collection, item, index, common.key());
    };
  }

  Event session() {
    long time = common.time();
    long user = random.nextLong();
    long session = random.nextLong();
    return switch (random.nextInt(5)) {
      case 0 -> started(time, user, session);
      case 1 -> {
        boolean about = random.nextBoolean();
        yield new SessionEvent.SessionAnnotated(
            time,
            user,
            session,
            about,
            about ? common.kind() : EntityKind.ITEM,
            about ? random.nextLong() : 0,
            common.text(),
            common.key());
      }
      case 2 ->
          new SessionEvent.SessionClosed(time, user, session, 1 + random.nextInt(2), common.key());
      case 3 ->
          new SessionEvent.SessionRefused(
              time,
              user,
              session,
              1 + random.nextInt(255),
              random.nextInt(),
              common.text(),
              random.nextLong());
      default -> new SessionEvent.ArchiveCut(time, common.text(), common.time());
    };
  }

  private Event started(long time, long user, long session) {
    var metadata = new TreeMap<String, String>();
    for (int i = random.nextInt(5); i > 0; i--) {
      metadata.put(common.text(), common.text());
    }
    return new SessionEvent.SessionStarted(
        time, user, session, common.text(), common.text(), metadata, common.key());
  }

  private Visibility visibility() {
    return Visibility.ofCode(1 + random.nextInt(3));
  }

  private boolean maybe() {
    return random.nextBoolean();
  }
}
