package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.UserState;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.InMemoryBackend;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The views of this package over slots and a backend of their own, and random events for them.
final class RelationWorld {

  static final long DAY = Duration.ofDays(1).toNanos();
  static final long START = 1_767_225_600_000_000_000L;

  final SlotMap slots = new SlotMap();
  final InMemoryBackend backend = new InMemoryBackend();
  final SeenItems seen = new SeenItems(slots);
  Relations relations = new Relations(backend, slots, 1 << 20);
  UserStates states = new UserStates(slots);
  long position;

  RelationWorld() {
    fold(schema());
  }

  ViewerReader viewers(int fanOut) {
    return new ViewerReader(relations, states, seen, slots, fanOut);
  }

  /// Folds an event as a frame of its own.
  void fold(Event event) {
    apply(event);
    publish();
  }

  void apply(Event event) {
    position++;
    slots.apply(position, event);
    relations.apply(position, event);
    seen.apply(position, event);
    states.apply(position, event);
    slots.retire(event);
  }

  void publish() {
    relations.publish(position);
    seen.publish(position);
    states.publish(position);
  }

  int item(long id) {
    return slots.slot(EntityKind.ITEM, id);
  }

  int user(long id) {
    return slots.slot(EntityKind.USER, id);
  }

  /// Every meaning has a type: its place among the meanings.
  static Event.SchemaChanged schema() {
    var builder = new SchemaBuilder();
    var ids = new TreeMap<String, Integer>();
    for (var meaning : Meaning.values()) {
      builder =
          builder.signal(meaning.label(), EntityKind.ITEM, Decay.permanent()).means(meaning).add();
      ids.put(meaning.label(), type(meaning));
    }
    return new Event.SchemaChanged(0, builder.build().canonical(), ids);
  }

  static int type(Meaning meaning) {
    return List.of(Meaning.values()).indexOf(meaning);
  }

  static Meaning meaning(int type) {
    return List.of(Meaning.values()).get(type);
  }

  static Event.SignalRecorded signal(
      Meaning meaning, long user, long item, double weight, long time) {
    return new Event.SignalRecorded(
        time,
        type(meaning),
        EntityKind.ITEM,
        item,
        weight,
        Event.SignalRecorded.USER,
        user,
        0,
        0,
        null);
  }

  /// The same, of a creator's item.
  static Event.SignalRecorded by(Event.SignalRecorded given, long creator) {
    return new Event.SignalRecorded(
        given.time(),
        given.type(),
        given.kind(),
        given.entity(),
        given.weight(),
        given.flags() | Event.SignalRecorded.CREATOR,
        given.user(),
        creator,
        0,
        null);
  }

  static RelationEvent.RelationSet set(
      long user, RelationType type, EntityKind kind, long target, long time) {
    return new RelationEvent.RelationSet(time, user, type, kind, target, 1, false, null);
  }

  static RelationEvent.RelationRemoved removed(
      long user, RelationType type, EntityKind kind, long target, long time) {
    return new RelationEvent.RelationRemoved(time, user, type, kind, target, false, null);
  }

  static Event written(long item) {
    return new Event.EntityWritten(START, EntityKind.ITEM, item, Metadata.empty(), null);
  }

  static Event deleted(long item) {
    return new Event.EntityDeleted(START, EntityKind.ITEM, item, null);
  }

  /// A source of events over few ids, in no order of time, some equal, over 70 days.
  static final class Random {

    static final List<Long> ACCOUNTS = List.of(0L, 1L, 2L, -1L);

    final SplittableRandom random;
    private final long items;

    Random(long seed, long items) {
      this.random = new SplittableRandom(seed);
      this.items = items;
    }

    long account() {
      return ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
    }

    long item() {
      long item = random.nextLong(items);
      return item == 0 ? -1 : item;
    }

    long time() {
      return random.nextInt(3) == 0
          ? START + random.nextLong(3) * DAY
          : START + random.nextLong(70 * DAY);
    }

    Event relation() {
      var type = RelationType.ofCode(1 + random.nextInt(4));
      var kinds = Arrays.stream(EntityKind.values()).filter(type::takes).toList();
      var kind = kinds.get(random.nextInt(kinds.size()));
      long target = kind == EntityKind.ITEM ? item() : account();
      return random.nextInt(5) < 3
          ? new RelationEvent.RelationSet(
              time(), account(), type, kind, target, random.nextInt(4), false, null)
          : removed(account(), type, kind, target, time());
    }

    Event signal() {
      var meaning = meaning(random.nextInt(Meaning.values().length));
      double weight = meaning == Meaning.COMPLETION ? random.nextInt(11) / 10.0 : 1;
      var signal = RelationWorld.signal(meaning, account(), item(), weight, time());
      return random.nextBoolean() ? by(signal, account()) : signal;
    }

    /// Another policy, saved after everything that was done so far happened.
    private Event policy() {
      var policy =
          FeedbackPolicy.STANDARD
              .with(Meaning.LIKE, new FeedbackPolicy.Effect(0.1, 1, random.nextInt(5)))
              .with(Meaning.SKIP, new FeedbackPolicy.Effect(0, 0, -random.nextInt(3)))
              .withFollow(new FeedbackPolicy.Effect(0, 0, random.nextInt(7)))
              .withAffinityHalfLife(Duration.ofDays(random.nextInt(2) * 20 + 10));
      return new RankingEvent.FeedbackPolicySaved(
          START + 70 * DAY, FeedbackPolicyJson.toJson(policy.withVersion(2)), null);
    }

    Event any() {
      int kind = random.nextInt(100);
      if (kind < 45) {
        return relation();
      } else if (kind < 90) {
        return signal();
      } else if (kind < 94) {
        var state = UserState.ofCode(1 + random.nextInt(UserState.values().length));
        boolean all = random.nextInt(4) == 0;
        return new RelationEvent.StateCleared(START, account(), state, all, all ? 0 : item(), null);
      } else if (kind < 97) {
        return deleted(item());
      } else if (kind < 99) {
        return written(item());
      } else if (random.nextInt(3) > 0) {
        return policy();
      }
      return new Event.UserErased(START, account(), null);
    }
  }
}
