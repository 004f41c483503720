package io.tidaldb.testing;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.SessionAnnotation;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionSignal;
import io.tidaldb.schema.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Compares what a database says through its door with the naive models, surface by surface: what
/// is counted or listed exactly, strengths and scores to 1e-9.
public final class WorldCheck {

  private static final double ERROR = 1e-9;

  private final TidalDb db;
  private final ModelWorld world;
  private final long at;
  private final List<String> differences = new ArrayList<>();

  private WorldCheck(TidalDb db, ModelWorld world) {
    this.db = db;
    this.world = world;
    this.at = world.now();
  }

  /// What differs, in words; empty if nothing does.
  public static List<String> differences(TidalDb db, ModelWorld world) {
    var check = new WorldCheck(db, world);
    check.entities();
    check.signals();
    check.cohorts();
    check.collections();
    check.coEngagement();
    check.sessions();
    check.differences.addAll(RelationCheck.differences(db, world));
    return check.differences;
  }

  private void same(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      differences.add(what + ": expected=" + expected + " actual=" + actual);
    }
  }

  private void near(String what, double expected, double actual) {
    if (!(Math.abs(expected - actual) <= ERROR * Math.abs(expected) + 1e-100)) {
      same(what, expected, actual);
    }
  }

  private static EntityId id(long value) {
    return EntityId.of(value);
  }

  private void entities() {
    for (var kind : List.of(EntityKind.ITEM, EntityKind.USER)) {
      var expected = world.entities().entities(kind);
      same("count of " + kind, (long) expected.size(), db.entityCount(kind));
      var ids = db.entities(kind, java.util.Optional.empty(), 1_000);
      same(
          "ids of " + kind,
          List.copyOf(expected.keySet()),
          ids.stream().map(entity -> entity.id()).toList());
      expected.forEach(
          (id, life) ->
              same(
                  kind + " " + id,
                  life.metadata().asStrings(),
                  db.readEntity(kind, id)
                      .map(entity -> entity.metadata().asStrings())
                      .orElse(Map.of())));
    }
    for (long item : Scripts.ITEMS) {
      boolean lives = world.entities().entities(EntityKind.ITEM).containsKey(id(item));
      same("item " + item + " lives", lives, db.readItem(id(item)).isPresent());
    }
  }

  private void signals() {
    for (long item : Scripts.ITEMS) {
      for (var type : world.entities().schema().signals()) {
        var reading = db.readSignal(id(item), type.name(), Timestamp.ofNanos(at));
        var what = type.name() + " of " + Long.toUnsignedString(item);
        for (var window : type.windows()) {
          long count = world.entities().count(id(item), type.name(), window, at);
          same(what + " " + window.label(), count, reading.counts().get(window));
        }
        near(what, world.entities().decayScore(id(item), type.name(), at), reading.decayedScore());
      }
    }
  }

  private void cohorts() {
    var model = world.cohorts();
    same(
        "cohorts",
        List.copyOf(model.rules().keySet()),
        db.cohorts().stream().map(cohort -> cohort.definition().name()).sorted().toList());
    for (var name : model.rules().keySet()) {
      same("pairs of " + name, model.triples(name), db.cohort(name).pairs());
      for (long item : Scripts.ITEMS) {
        for (var type : world.entities().schema().signals()) {
          var triple = new ModelCohorts.Triple(name, item, type.name());
          for (var window : type.windows()) {
            same(
                triple + " " + window.label(),
                model.count(triple, window, at),
                db.readCohortWindowedCount(name, id(item), type.name(), window));
          }
        }
      }
    }
    for (long user : Scripts.USERS) {
      same(
          "cohorts of " + user,
          model.cohortsOf(user, Math.max(model.newest(), at)),
          db.cohortsOf(id(user)).stream().sorted().toList());
    }
  }

  private void collections() {
    var all = world.collections().all();
    for (long owner : Scripts.USERS) {
      same(
          "collections of " + owner,
          world.collections().of(owner).stream()
              .map(shelf -> shelf.id() + " " + shelf.name() + " " + shelf.visibility())
              .toList(),
          db.listCollections(id(owner)).stream()
              .map(info -> info.id().value() + " " + info.name() + " " + info.visibility())
              .toList());
    }
    for (var shelf : all) {
      var collection = CollectionId.of(shelf.id());
      same("count of " + shelf.id(), shelf.members().size(), db.collection(collection).itemCount());
      same(
          "members of " + shelf.id(),
          shelf.members(),
          db.collectionItems(collection, PageRequest.first(1_000)).items().stream()
              .map(item -> new ModelCollections.Member(item.item().value(), item.addedAt().nanos()))
              .toList());
      for (long item : Scripts.ITEMS) {
        same(
            "collections with " + item + " of " + shelf.owner(),
            all.stream()
                .filter(other -> other.owner() == shelf.owner() && other.holds(item))
                .map(ModelCollections.Shelf::id)
                .toList(),
            db.collectionsOf(id(item), id(shelf.owner())).stream()
                .map(info -> info.id().value())
                .toList());
      }
    }
    for (long gone = 1; gone < world.collections().nextId(); gone++) {
      long number = gone;
      if (all.stream().noneMatch(shelf -> shelf.id() == number)) {
        absent("collection " + gone, () -> db.collection(CollectionId.of(number)));
      }
    }
  }

  private void absent(String what, Runnable call) {
    try {
      call.run();
      differences.add(what + ": expected=absent actual=present");
    } catch (NotFoundException expected) {
      // Gone, as it should be.
    }
  }

  /// The same neighbours, strongest first, ties by id. Two that are equal on paper may differ by
  /// the last bits of either side's sums.
  private void neighbours(long item) {
    var model = world.coEngagement();
    var found = db.coEngagement().neighbours(id(item), 1_000);
    var what = "neighbours of " + item;
    var ids = found.stream().map(hit -> hit.id().value()).toList();
    same(what, new TreeSet<>(model.neighbours(item)), new TreeSet<>(ids));
    for (int i = 1; i < ids.size(); i++) {
      double before = model.strength(item, ids.get(i - 1), at);
      double after = model.strength(item, ids.get(i), at);
      boolean tie = found.get(i - 1).score() == found.get(i).score();
      boolean rising = Long.compareUnsigned(ids.get(i - 1), ids.get(i)) < 0;
      if (before < after * (1 - 1e-9) || (tie && !rising)) {
        same(what, model.neighbours(item), ids);
      }
    }
  }

  private void coEngagement() {
    var model = world.coEngagement();
    var edges = db.coEngagement();
    same("edges", model.edgeCount(), edges.edgeCount());
    same("capacity", model.capacity(), edges.capacity());
    for (long a : Scripts.ITEMS) {
      neighbours(a);
      for (long b : Scripts.ITEMS) {
        double strength = edges.strength(id(a), id(b), Timestamp.ofNanos(at));
        near("strength " + a + " " + b, a == b ? 0 : model.strength(a, b, at), strength);
        same(
            "symmetry " + a + " " + b,
            strength,
            edges.strength(id(b), id(a), Timestamp.ofNanos(at)));
      }
    }
  }

  private void sessions() {
    Set<Long> users = new LinkedHashSet<>(Scripts.USERS);
    for (long user : users) {
      same(
          "active sessions of " + user,
          world.sessions().active(user).stream().map(ModelSessions.Talk::id).toList(),
          db.activeSessions(id(user)).stream()
              .map(handle -> handle.sessionId().value())
              .sorted()
              .toList());
      same(
          "closed sessions of " + user,
          world.sessions().closed(user).stream().map(ModelSessions.Talk::id).toList(),
          db.closedSessions(id(user), PageRequest.first(1_000)).items().stream()
              .map(summary -> summary.id().value())
              .sorted()
              .toList());
    }
    for (var talk : world.sessions().all()) {
      if (talk.closed().isEmpty()) {
        running(talk);
      } else {
        ended(talk);
      }
    }
  }

  private void running(ModelSessions.Talk talk) {
    var snapshot = db.resumeSession(SessionId.of(talk.id())).snapshot();
    var what = "session " + talk.id();
    same(what + " user", talk.user(), snapshot.user().value());
    same(what + " agent", talk.agent(), snapshot.agent());
    same(what + " policy", talk.policy(), snapshot.policy());
    same(what + " metadata", talk.metadata(), snapshot.metadata());
    same(what + " started", talk.started(), snapshot.started().nanos());
    same(what + " signals", talk.signals(), signals(snapshot.signals()));
    same(what + " annotations", talk.annotations(), annotations(snapshot.annotations()));
    same(what + " signals left", 10_000 - talk.signalsEver(), snapshot.quota().signalsLeft());
    same(
        what + " annotations left",
        1_000 - talk.annotationsEver(),
        snapshot.quota().annotationsLeft());
  }

  private void ended(ModelSessions.Talk talk) {
    var found = db.closedSession(SessionId.of(talk.id()));
    var what = "archived session " + talk.id();
    same(what, true, found.isPresent());
    if (found.isPresent()) {
      same(what + " ended", talk.closed().get(), found.get().summary().ended().nanos());
      same(what + " metadata", talk.metadata(), found.get().metadata());
      same(what + " signals", talk.signals(), signals(found.get().signals()));
      same(what + " annotations", talk.annotations(), annotations(found.get().annotations()));
    }
  }

  private static List<ModelSessions.Given> signals(List<SessionSignal> signals) {
    return signals.stream()
        .map(
            one ->
                new ModelSessions.Given(
                    one.signal(), one.entity().value(), one.weight(), one.at().nanos()))
        .toList();
  }

  private static List<ModelSessions.Said> annotations(List<SessionAnnotation> annotations) {
    return annotations.stream()
        .map(
            one ->
                new ModelSessions.Said(
                    one.entity().orElseThrow().value(), one.text(), one.at().nanos()))
        .toList();
  }
}
