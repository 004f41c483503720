package io.tidaldb.search;

import io.tidaldb.log.Event;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.FeedbackPolicy.Effect;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metric;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.slot.SlotMap;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A view of vectors with the slots before it, and random logs for it.
final class VectorWorld {

  static final int ITEMS = 40;
  static final int USERS = 4;
  static final int CREATORS = 3;
  static final int DIMENSIONS = 5;

  private static final List<String> SIGNALS =
      List.of("comment", "completion", "dislike", "hide", "like", "purchase", "save", "skip");

  final SlotMap slots = new SlotMap();
  final VectorView view = new VectorView(slots);
  private final int dimensions;

  VectorWorld() {
    this(DIMENSIONS);
  }

  VectorWorld(int dimensions) {
    this.dimensions = dimensions;
  }

  /// Slot 1 (items, `content`) and 2 (preferences).
  Event schema() {
    var schema = new SchemaBuilder().embeddingSlot("content", dimensions).build();
    return new Event.SchemaChanged(1, schema.canonical(), new TreeMap<>());
  }

  void fold(long position, Event event) {
    slots.apply(position, event);
    view.apply(position, event);
    slots.retire(event);
  }

  void foldAll(List<Event> log, int from) {
    for (int i = from; i < log.size(); i++) {
      fold(i + 1, log.get(i));
      if (i % 3 == 2 || i + 1 == log.size()) {
        view.publish(i + 1);
      }
    }
  }

  static int item(SlotMap slots, long id) {
    return slots.slot(EntityKind.ITEM, id);
  }

  /// Slots 1 (items, `content`), 2 (items, `cover`), 3 (preferences) and 4 (creators).
  static Event schema(boolean withCover) {
    var builder =
        new SchemaBuilder()
            .embeddingSlot("content", DIMENSIONS)
            .embeddingSlot("content", EntityKind.CREATOR, DIMENSIONS, Metric.DOT_PRODUCT);
    if (withCover) {
      builder.embeddingSlot("cover", EntityKind.ITEM, 700, Metric.EUCLIDEAN);
    }
    var ids = new TreeMap<String, Integer>();
    for (var name : SIGNALS) {
      builder.signal(name, EntityKind.ITEM, Decay.permanent()).add();
      ids.put(name, ids.size());
    }
    return new Event.SchemaChanged(1, builder.build().canonical(), ids);
  }

  static float[] vector(SplittableRandom random, int dimensions) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      // Few values, so that ties and opposite vectors happen.
      vector[i] = random.nextInt(4) == 0 ? (float) random.nextGaussian() : random.nextInt(-1, 2);
    }
    return vector;
  }

  /// A log as the writer would leave it, and sometimes as it would not: `apply` is total.
  static List<Event> log(SplittableRandom random) {
    var log = new ArrayList<Event>();
    log.add(schema(true));
    for (int i = random.nextInt(250); i > 0; i--) {
      log.add(event(random, 10L * log.size()));
    }
    return log;
  }

  private static Event event(SplittableRandom random, long time) {
    long item = random.nextInt(ITEMS);
    long user = random.nextInt(USERS);
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> written(EntityKind.ITEM, 1, item, vector(random, DIMENSIONS), time);
      case 5 -> written(EntityKind.ITEM, 2, item, vector(random, 700), time);
      case 6 -> written(EntityKind.ITEM, 1 + random.nextInt(2), item, new float[0], time);
      case 7 -> written(EntityKind.CREATOR, 4, item % CREATORS, vector(random, 5), time);
      case 8 -> written(EntityKind.ITEM, random.nextInt(9), item, vector(random, 5), time);
      case 9 ->
          random.nextInt(3) == 0
              ? new Event.UserErased(time, user, null)
              : written(EntityKind.USER, 3, user, vector(random, random.nextInt(2) * 5), time);
      case 10 -> new Event.EntityDeleted(time, EntityKind.ITEM, item, null);
      case 11 ->
          random.nextInt(12) == 0
              ? random.nextBoolean() ? schema(random.nextBoolean()) : policy(random, time)
              : new Event.EntityDeleted(time, EntityKind.CREATOR, item % CREATORS, null);
      case 12 ->
          new RelationEvent.RelationSet(
              time,
              user,
              RelationType.FOLLOW,
              EntityKind.CREATOR,
              item % CREATORS,
              1,
              random.nextBoolean(),
              null);
      default ->
          new Event.SignalRecorded(
              time,
              random.nextInt(SIGNALS.size() + 1),
              EntityKind.ITEM,
              item,
              random.nextInt(3) == 0 ? random.nextDouble(-1, 8) : 1,
              Event.SignalRecorded.USER,
              user,
              0,
              0,
              null);
    };
  }

  private static Event policy(SplittableRandom random, long time) {
    var policy =
        FeedbackPolicy.STANDARD
            .with(Meaning.LIKE, new Effect(random.nextDouble(), random.nextInt(4), 1))
            .with(Meaning.SKIP, new Effect(-random.nextInt(2), 0, 0))
            .withFollow(new Effect(random.nextInt(2) * 0.3, 0, 5));
    return new RankingEvent.FeedbackPolicySaved(
        time, FeedbackPolicyJson.toJson(policy.withVersion(2)), null);
  }

  static Event written(EntityKind kind, int slot, long id, float[] vector, long time) {
    return new VectorEvent.EmbeddingWritten(time, kind, slot, id, vector, null);
  }

  static String meaning(int type) {
    return type < SIGNALS.size() ? SIGNALS.get(type) : "";
  }
}
