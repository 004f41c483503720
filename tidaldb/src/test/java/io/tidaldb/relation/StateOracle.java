package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What users did and how much they engage with creators, as plain as can be: every list whole,
/// trimmed after each event, values decayed with `Math.pow`.
final class StateOracle {

  /// An item at a time.
  record Moment(long item, long time) {}

  /// What is known of an item that was watched.
  static final class Watch {
    long time;
    double fraction;
    long fractionTime = Long.MIN_VALUE;
  }

  /// A creator's value at a time.
  record Value(double value, long time) {
    double at(long then, double halfLifeDays) {
      return value * Math.pow(2, -(double) (then - time) / (halfLifeDays * RelationWorld.DAY));
    }
  }

  /// All of one user.
  static final class Person {
    final List<Moment> shown = new ArrayList<>();
    final List<Moment> notices = new ArrayList<>();
    final Map<Long, Watch> history = new HashMap<>();
    final Map<Long, Watch> progress = new HashMap<>();
    final Map<Long, Long> finished = new HashMap<>();
    final List<Long> positives = new ArrayList<>();
    final Map<Long, Value> affinities = new HashMap<>();
    final Set<Long> seen = new HashSet<>();
    final Set<Long> completed = new HashSet<>();
    final Set<Long> notInterested = new HashSet<>();
  }

  private final Map<Long, Person> people = new HashMap<>();
  private final int watchedMax;
  private @Nullable FeedbackPolicy policy;
  private long newest;

  StateOracle(int watchedMax) {
    this.watchedMax = watchedMax;
  }

  Person of(long user) {
    return people.computeIfAbsent(user, id -> new Person());
  }

  long newest() {
    return newest;
  }

  void fold(Event event) {
    newest = Math.max(newest, event.time());
    switch (event) {
      case Event.SignalRecorded signal -> signal(of(signal.user()), signal);
      case RelationEvent.RelationSet set -> {
        var person = of(set.user());
        if (set.type() == RelationType.BLOCK) {
          person.affinities.remove(set.target());
        } else if (set.type() == RelationType.FOLLOW
            && set.begins()
            && set.kind() == EntityKind.CREATOR) {
          raise(person, set.target(), followed(), set.time());
        }
      }
      case RelationEvent.RelationRemoved removed -> {
        if (removed.type() == RelationType.FOLLOW
            && removed.ends()
            && removed.kind() == EntityKind.CREATOR) {
          raise(of(removed.user()), removed.target(), -followed(), removed.time());
        }
      }
      case RelationEvent.StateCleared cleared -> clear(of(cleared.user()), cleared);
      case Event.EntityDeleted deleted -> people.values().forEach(p -> delete(p, deleted.id()));
      case Event.UserErased erased -> people.remove(erased.user());
      case RankingEvent.FeedbackPolicySaved saved -> {
        people.values().forEach(person -> hold(person, saved.time()));
        policy = FeedbackPolicyJson.fromJson(saved.json());
      }
      default -> {}
    }
  }

  private double followed() {
    return policy == null ? 5 : policy.follow().affinity();
  }

  private double halfLifeDays() {
    return policy == null ? 30 : policy.affinityHalfLife().toSeconds() / 86_400.0;
  }

  double at(Value value, long then) {
    return value.at(then, halfLifeDays());
  }

  /// Every value is what it is at this time.
  private void hold(Person person, long time) {
    person.affinities.replaceAll((creator, value) -> new Value(at(value, time), time));
  }

  private void signal(Person person, Event.SignalRecorded signal) {
    long item = signal.entity();
    long time = signal.time();
    double weight = signal.weight();
    var meaning = RelationWorld.meaning(signal.type());
    switch (meaning) {
      case IMPRESSION -> {
        if (time >= newest - 30 * RelationWorld.DAY) {
          person.shown.add(new Moment(item, time));
        }
      }
      case NOTIFIED -> {
        if (time >= newest - 25 * RelationWorld.DAY / 24) {
          person.notices.add(new Moment(item, time));
        }
      }
      case VIEW -> {
        person.seen.add(item);
        watch(person, item, time, 0, Long.MIN_VALUE);
      }
      case COMPLETION -> {
        person.seen.add(item);
        watch(person, item, time, weight, time);
        progress(person, item, time, weight);
      }
      case NOT_INTERESTED -> person.notInterested.add(item);
      default -> {}
    }
    if (meaning.isPositive(weight)) {
      person.positives.remove(item);
      person.positives.add(item);
      if (person.positives.size() > 50) {
        person.positives.removeFirst();
      }
    }
    double delta =
        policy != null
            ? policy.affinity(meaning, weight)
            : switch (meaning) {
              case VIEW -> 0.1;
              case COMPLETION -> 0.5 * weight;
              case LIKE, COMMENT, SAVE -> 1;
              case SHARE -> 2;
              case PURCHASE -> 3;
              case SKIP -> -0.3;
              case DISLIKE, NOT_INTERESTED -> -1;
              case HIDE, REPORT -> -2;
              default -> 0;
            };
    if ((signal.flags() & Event.SignalRecorded.CREATOR) != 0) {
      raise(person, signal.creator(), delta, time);
    }
  }

  private void watch(Person person, long item, long time, double fraction, long fractionTime) {
    var watch = person.history.computeIfAbsent(item, id -> new Watch());
    watch.time = Math.max(watch.time, time);
    if (fractionTime >= watch.fractionTime) {
      watch.fraction = fraction;
      watch.fractionTime = fractionTime;
    }
    trim(person.history);
  }

  private void progress(Person person, long item, long time, double weight) {
    if (weight < 0.05) {
      return;
    }
    if (weight >= 0.9) {
      person.completed.add(item);
    }
    var end = person.finished.get(item);
    if (end != null && end >= newest - 30 * RelationWorld.DAY && time < end) {
      return;
    }
    var begun = person.progress.get(item);
    if (begun != null && time < begun.time) {
      return;
    }
    if (weight >= 0.9) {
      person.progress.remove(item);
      person.finished.put(item, time);
      return;
    }
    person.finished.remove(item);
    var watch = new Watch();
    watch.time = time;
    watch.fraction = weight;
    person.progress.put(item, watch);
    trim(person.progress);
  }

  private void trim(Map<Long, Watch> watched) {
    if (watched.size() > watchedMax) {
      watched.remove(order(watched).getLast());
    }
  }

  /// Newest first, ties by unsigned id.
  static List<Long> order(Map<Long, Watch> watched) {
    return watched.keySet().stream()
        .sorted(
            Comparator.<Long>comparingLong(item -> -watched.get(item).time)
                .thenComparing(item -> item, Long::compareUnsigned))
        .toList();
  }

  private void raise(Person person, long creator, double delta, long time) {
    var before = person.affinities.get(creator);
    // A late event counts as it would have if it had come in time.
    long then = before == null ? time : Math.max(time, before.time);
    double old = before == null ? 0 : at(before, then);
    double value = old + at(new Value(delta, time), then);
    if (value > 0) {
      person.affinities.put(creator, new Value(value, then));
    } else {
      person.affinities.remove(creator);
    }
  }

  private static void clear(Person person, RelationEvent.StateCleared cleared) {
    var state = cleared.state();
    if (cleared.all()) {
      switch (state) {
        case SEEN -> person.seen.clear();
        case COMPLETED -> person.completed.clear();
        case NOT_INTERESTED -> person.notInterested.clear();
        case SHOWN -> person.shown.clear();
        case HISTORY -> person.history.clear();
        case IN_PROGRESS -> {
          person.progress.clear();
          person.finished.clear();
        }
        default -> {}
      }
      return;
    }
    long item = cleared.item();
    switch (state) {
      case SEEN -> person.seen.remove(item);
      case COMPLETED -> person.completed.remove(item);
      case NOT_INTERESTED -> person.notInterested.remove(item);
      case SHOWN -> person.shown.removeIf(moment -> moment.item == item);
      case HISTORY -> person.history.remove(item);
      case IN_PROGRESS -> {
        person.progress.remove(item);
        person.finished.remove(item);
      }
      default -> {}
    }
  }

  private static void delete(Person person, long item) {
    person.shown.removeIf(moment -> moment.item == item);
    person.notices.removeIf(moment -> moment.item == item);
    person.history.remove(item);
    person.progress.remove(item);
    person.finished.remove(item);
    person.positives.remove(item);
    for (var state : List.of(person.seen, person.completed, person.notInterested)) {
      state.remove(item);
    }
  }

  /// The states that hold of an item, of those that are kept here.
  Set<UserState> states(long user, long item) {
    var person = of(user);
    var states = new HashSet<UserState>();
    if (person.seen.contains(item)) {
      states.add(UserState.SEEN);
    }
    if (person.completed.contains(item)) {
      states.add(UserState.COMPLETED);
    }
    if (person.notInterested.contains(item)) {
      states.add(UserState.NOT_INTERESTED);
    }
    if (person.history.containsKey(item)) {
      states.add(UserState.HISTORY);
    }
    if (person.progress.containsKey(item)) {
      states.add(UserState.IN_PROGRESS);
    }
    long earliest = newest - 30 * RelationWorld.DAY;
    if (person.shown.stream().anyMatch(m -> m.item == item && m.time >= earliest)) {
      states.add(UserState.SHOWN);
    }
    return states;
  }
}
