package io.tidaldb.testing;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Write;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All surfaces as naive models, folded from one script. Single-threaded.
///
/// What each step answers is a text: `id 3` of what was created, `true` or `false` of what may find
/// its result in place, `refused REASON`, else `done`.
public final class ModelWorld {

  private final ModelDb entities;
  private final ModelCohorts cohorts = new ModelCohorts();
  private final ModelCollections collections = new ModelCollections();
  private final ModelCoEngagement coEngagement;
  private final ModelRelations relations = new ModelRelations();
  private final ModelSessions sessions = new ModelSessions();
  private final Map<Long, String> answers = new HashMap<>();
  private long now;

  /// An empty world.
  ///
  /// @param edges capacity of co-engagement
  /// @param now what the clock shows
  public ModelWorld(Schema schema, int edges, long now) {
    this.entities = new ModelDb(schema);
    this.coEngagement = new ModelCoEngagement(edges, 50, 30 * 86_400e9);
    this.now = now;
  }

  /// An empty world with all steps of a script done.
  public static ModelWorld of(Schema schema, int edges, long now, List<Step> script) {
    var world = new ModelWorld(schema, edges, now);
    script.forEach(world::apply);
    return world;
  }

  /// Does a step; what it answers.
  public String apply(Step step) {
    try {
      return fold(step);
    } catch (Refusal refusal) {
      return "refused " + refusal.reason();
    }
  }

  private String fold(Step step) {
    return switch (step) {
      case Step.Keyed keyed -> {
        var before = answers.get(keyed.number());
        if (before != null) {
          yield before;
        }
        var answer = fold(keyed.step());
        answers.put(keyed.number(), answer);
        yield answer;
      }
      case Step.Batch batch -> {
        batch.steps().forEach(this::fold);
        yield "done";
      }
      case Step.Tick tick -> {
        now += tick.nanos();
        yield "done";
      }
      case Step.Checkpoint(), Step.Sync() -> "done";
      case Step.Item _,
          Step.Recategorize _,
          Step.Counted _,
          Step.Birthday _,
          Step.Delete _,
          Step.User _,
          Step.Erase _ ->
          entity(step);
      case Step.Happened happened -> happened(happened);
      case Step.Gave gave -> gave(gave);
      case Step.Define define -> Boolean.toString(cohorts.define(define.name(), define.rule()));
      case Step.DropCohort drop -> {
        cohorts.drop(drop.name());
        yield "done";
      }
      case Step.Create _,
          Step.Add _,
          Step.Remove _,
          Step.Move _,
          Step.Rename _,
          Step.Show _,
          Step.Share _,
          Step.DropCollection _ ->
          collection(step);
      case Step.Relate _, Step.Unrelate _, Step.Clear _ -> relation(step);
      case Step.Start _, Step.Told _, Step.Say _, Step.Close _ -> session(step);
    };
  }

  private EntityId known(EntityKind kind, long number) {
    var id = EntityId.of(number);
    if (!entities.entities(kind).containsKey(id)) {
      throw new Refusal("NotFoundException");
    }
    return id;
  }

  private String entity(Step step) {
    switch (step) {
      case Step.Item item -> {
        var metadata =
            Map.of(
                "title",
                item.title(),
                "category",
                item.category(),
                "creator_id",
                Long.toUnsignedString(item.creator()));
        entities.apply(Write.item(EntityId.of(item.id()), metadata), now);
      }
      case Step.Recategorize change -> {
        var id = known(EntityKind.ITEM, change.id());
        var changes = Map.of("category", change.category());
        entities.apply(Write.update(EntityKind.ITEM, id, changes, Optional.empty()), now);
      }
      case Step.Counted counted -> {
        var id = known(EntityKind.ITEM, counted.item());
        var changes = Map.of("live_viewer_count", counted.viewers());
        var at = Timestamp.ofNanos(counted.time());
        entities.apply(Write.update(EntityKind.ITEM, id, changes, at, Optional.empty()), now);
      }
      case Step.Birthday aged -> {
        var id = known(EntityKind.USER, aged.user());
        var changes = Map.of("age", aged.age());
        entities.apply(Write.update(EntityKind.USER, id, changes, Optional.empty()), now);
        var language = entities.entities(EntityKind.USER).get(id).metadata().text("language");
        cohorts.user(aged.user(), language.orElseThrow(), aged.age());
      }
      case Step.Delete delete -> delete(delete.id());
      case Step.User user -> {
        var metadata = Map.of("language", user.language(), "age", Integer.toString(user.age()));
        var id = EntityId.of(user.id());
        entities.apply(Write.entity(EntityKind.USER, id, metadata, Optional.empty()), now);
        cohorts.user(user.id(), user.language(), user.age());
      }
      case Step.Erase erase -> {
        entities.entities(EntityKind.USER).remove(EntityId.of(erase.user()));
        cohorts.userErased(erase.user());
        collections.userErased(erase.user());
        coEngagement.userErased(erase.user());
        relations.userErased(erase.user());
        sessions.userErased(erase.user());
      }
      default -> throw new IllegalArgumentException(step.toString());
    }
    return "done";
  }

  private void delete(long item) {
    var write = Write.delete(EntityKind.ITEM, EntityId.of(item), Optional.empty());
    if (entities.apply(write, now)) {
      cohorts.itemDeleted(item);
      collections.itemDeleted(item);
      coEngagement.itemDeleted(item);
      relations.itemDeleted(item);
      sessions.itemDeleted(item);
    }
  }

  private String happened(Step.Happened step) {
    long time = Math.min(step.time(), now);
    var signal = Signal.anonymous().weight(step.weight()).at(Timestamp.ofNanos(time));
    entities.apply(Write.signal(step.signal(), EntityId.of(step.item()), signal), now);
    cohorts.time(time);
    coEngagement.time(time);
    return "done";
  }

  private String gave(Step.Gave step) {
    long time = Math.min(step.time(), now);
    var signal = Signal.by(step.user()).weight(step.weight()).at(Timestamp.ofNanos(time));
    entities.apply(Write.signal(step.signal(), EntityId.of(step.item()), signal), now);
    cohorts.signal(step.user(), step.signal(), step.item(), step.weight(), time);
    coEngagement.time(time);
    var meaning = meaning(step.signal());
    if (meaning.isPresent()) {
      relations.signal(step.user(), meaning.get(), step.item(), time);
      if (meaning.get().isPositive(step.weight())) {
        coEngagement.positive(step.user(), step.item(), time);
      }
    }
    return "done";
  }

  private Optional<Meaning> meaning(String signal) {
    return entities.schema().signal(signal).orElseThrow().meaning();
  }

  private String collection(Step step) {
    return switch (step) {
      case Step.Create create ->
          "id " + collections.create(create.owner(), create.name(), create.visibility(), now);
      case Step.Add add -> {
        collections.shelf(add.collection());
        requireLive(add.item());
        yield Boolean.toString(collections.add(add.collection(), add.item(), add.index(), now));
      }
      case Step.Remove remove ->
          Boolean.toString(collections.remove(remove.collection(), remove.item()));
      case Step.Move move ->
          Boolean.toString(collections.move(move.collection(), move.item(), move.index()));
      case Step.Rename rename -> {
        collections.rename(rename.collection(), rename.name());
        yield "done";
      }
      case Step.Show show -> {
        collections.show(show.collection(), show.visibility());
        yield "done";
      }
      case Step.Share share -> {
        collections.share(share.collection(), share.user(), share.on());
        yield "done";
      }
      case Step.DropCollection drop -> {
        collections.drop(drop.collection());
        yield "done";
      }
      default -> throw new IllegalArgumentException(step.toString());
    };
  }

  private void requireLive(long item) {
    if (!entities.entities(EntityKind.ITEM).containsKey(EntityId.of(item))) {
      throw new Refusal("NotFoundException");
    }
  }

  private String relation(Step step) {
    switch (step) {
      case Step.Relate relate ->
          relations.set(
              new ModelRelations.Edge(relate.user(), relate.type(), relate.kind(), relate.target()),
              1,
              Math.min(relate.time(), now));
      case Step.Unrelate unrelate ->
          relations.remove(
              new ModelRelations.Edge(
                  unrelate.user(), unrelate.type(), unrelate.kind(), unrelate.target()),
              Math.min(unrelate.time(), now));
      case Step.Clear clear -> relations.clear(clear.user(), clear.state(), clear.item());
      default -> throw new IllegalArgumentException(step.toString());
    }
    return "done";
  }

  private String session(Step step) {
    switch (step) {
      case Step.Start start -> {
        Map<String, String> metadata =
            start.mood().isEmpty() ? Map.of() : Map.of("mood", start.mood());
        return "id " + sessions.start(start.user(), start.agent(), start.policy(), metadata, now);
      }
      case Step.Told told -> {
        long user = sessions.running(told.session()).user();
        long time = Math.min(told.time(), now);
        gave(new Step.Gave(user, told.signal(), told.item(), told.weight(), time));
        sessions.signal(told.session(), told.signal(), told.item(), told.weight(), time);
      }
      case Step.Say say -> sessions.annotate(say.session(), say.item(), say.text(), now);
      case Step.Close close -> sessions.close(close.session(), now);
      default -> throw new IllegalArgumentException(step.toString());
    }
    return "done";
  }

  /// The surfaces whose state a step would change in the world as it is.
  public Set<Surface> touches(Step step) {
    var touched = EnumSet.noneOf(Surface.class);
    for (var part : step.parts()) {
      switch (part) {
        case Step.Happened _ -> touched.add(Surface.SIGNALS);
        case Step.Gave gave -> touches(gave.user(), gave.signal(), gave.item(), touched);
        case Step.Told told -> {
          touched.add(Surface.SESSIONS);
          touches(sessions.talk(told.session()).user(), told.signal(), told.item(), touched);
        }
        case Step.Item _, Step.Recategorize _, Step.Counted _, Step.Birthday _, Step.User _ ->
            touched.add(Surface.ENTITIES);
        case Step.Delete _, Step.Erase _ -> touched.addAll(EnumSet.allOf(Surface.class));
        case Step.Define _, Step.DropCohort _ -> touched.add(Surface.COHORTS);
        case Step.Create _,
            Step.Add _,
            Step.Remove _,
            Step.Move _,
            Step.Rename _,
            Step.Show _,
            Step.Share _,
            Step.DropCollection _ ->
            touched.add(Surface.COLLECTIONS);
        case Step.Relate _, Step.Unrelate _, Step.Clear _ -> touched.add(Surface.RELATIONS);
        case Step.Start _, Step.Say _, Step.Close _ -> touched.add(Surface.SESSIONS);
        case Step.Tick _, Step.Checkpoint _, Step.Sync _, Step.Keyed _, Step.Batch _ -> {}
      }
    }
    return touched;
  }

  private void touches(long user, String signal, long item, Set<Surface> touched) {
    touched.add(Surface.SIGNALS);
    if (!cohorts.cohortsOf(user, now).isEmpty()) {
      touched.add(Surface.COHORTS);
    }
    meaning(signal)
        .ifPresent(
            meaning -> {
              touched.add(Surface.RELATIONS);
              var recent = coEngagement.positives(user);
              if (meaning.isPositive(1) && !recent.isEmpty() && !recent.contains(item)) {
                touched.add(Surface.CO_ENGAGEMENT);
              }
            });
  }

  /* --- reading --- */

  /// What the clock shows.
  public long now() {
    return now;
  }

  /// Entities and signals.
  public ModelDb entities() {
    return entities;
  }

  /// Cohorts.
  public ModelCohorts cohorts() {
    return cohorts;
  }

  /// Collections.
  public ModelCollections collections() {
    return collections;
  }

  /// Co-engagement.
  public ModelCoEngagement coEngagement() {
    return coEngagement;
  }

  /// Relations and states.
  public ModelRelations relations() {
    return relations;
  }

  /// Sessions.
  public ModelSessions sessions() {
    return sessions;
  }

  /// Whether a step with this key was answered.
  public boolean knows(long key) {
    return answers.containsKey(key);
  }

  /// Whether a user may be shown an item: it lives, is not hidden, and its creator is not blocked.
  public boolean mayShow(long user, EntityId item) {
    var life = entities.entities(EntityKind.ITEM).get(item);
    return life != null
        && !relations.hidden(user, item.value())
        && life.metadata()
            .id("creator_id")
            .map(creator -> !relations.blocked(user, creator.value()))
            .orElse(true);
  }

  /// Whether a user muted the creator of an item.
  public boolean isMuted(long user, EntityId item) {
    return entities
        .entities(EntityKind.ITEM)
        .get(item)
        .metadata()
        .id("creator_id")
        .map(
            creator ->
                relations.holds(
                    new ModelRelations.Edge(
                        user, RelationType.MUTE, EntityKind.CREATOR, creator.value())))
        .orElse(false);
  }

  /// A user's items of a state.
  public List<Long> items(long user, UserState state) {
    return relations.items(user, state);
  }
}
