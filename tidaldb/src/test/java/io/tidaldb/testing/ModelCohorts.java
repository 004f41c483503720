package io.tidaldb.testing;

import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Cohorts as a question asked about every user at every event. Single-threaded.
public final class ModelCohorts {

  /// What is counted together.
  public record Triple(String cohort, long item, String signal) {}

  /// Something that was counted.
  public record Counted(long time, double weight) {}

  private record Attributes(String language, int age) {}

  private record Act(String signal, long time) {}

  private static final Attributes UNKNOWN = new Attributes("", -1);
  private static final Set<String> NO_ACTIVITY = Set.of("impression", "notified");

  private final SortedMap<String, Rule> rules = new TreeMap<>();
  private final Map<Long, Attributes> attributes = new HashMap<>();
  private final Map<Long, List<Act>> activity = new HashMap<>();
  private final Map<Triple, List<Counted>> counts = new HashMap<>();
  private long newest = -1;

  /// A cohort begins to count.
  public boolean define(String name, Rule rule) {
    var existing = rules.putIfAbsent(name, rule);
    if (existing != null && !existing.equals(rule)) {
      throw new Refusal("COHORT_DIFFERS");
    }
    return existing == null;
  }

  /// It is gone with its counts.
  public void drop(String name) {
    if (rules.remove(name) == null) {
      throw new Refusal("NotFoundException");
    }
    counts.keySet().removeIf(triple -> triple.cohort.equals(name));
  }

  /// What is known of a user from now on.
  public void user(long user, String language, int age) {
    attributes.put(user, new Attributes(language, age));
  }

  /// A user did something: counted in every cohort the user was in before it.
  public void signal(long user, String signal, long item, double weight, long time) {
    for (var cohort : cohortsOf(user, Math.max(newest, time))) {
      counts
          .computeIfAbsent(new Triple(cohort, item, signal), absent -> new ArrayList<>())
          .add(new Counted(time, weight));
    }
    if (!NO_ACTIVITY.contains(signal)) {
      activity.computeIfAbsent(user, absent -> new ArrayList<>()).add(new Act(signal, time));
    }
    time(time);
  }

  /// Time went on by what nobody in particular did.
  public void time(long time) {
    newest = Math.max(newest, time);
  }

  /// The item is gone with its counts.
  public void itemDeleted(long item) {
    counts.keySet().removeIf(triple -> triple.item == item);
  }

  /// The user is gone; counts stay.
  public void userErased(long user) {
    attributes.remove(user);
    activity.remove(user);
  }

  /// Definitions by name.
  public SortedMap<String, Rule> rules() {
    return rules;
  }

  /// The cohorts a user is in at a time.
  public List<String> cohortsOf(long user, long at) {
    var facts = facts(user, at);
    return rules.entrySet().stream()
        .filter(entry -> entry.getValue().holds(facts))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Users that were written or ever did something.
  public Set<Long> known() {
    var known = new HashSet<>(attributes.keySet());
    known.addAll(activity.keySet());
    return known;
  }

  private Rule.Facts facts(long user, long at) {
    var known = attributes.getOrDefault(user, UNKNOWN);
    return new Rule.Facts() {
      @Override
      public String language() {
        return known.language;
      }

      @Override
      public int age() {
        return known.age;
      }

      @Override
      public long did(String signal, Window window) {
        return activity.getOrDefault(user, List.of()).stream()
            .filter(act -> act.signal.equals(signal) && ModelDb.isIn(window, act.time, at))
            .count();
      }
    };
  }

  /// Everything counted under a triple, in order.
  public List<Counted> counted(Triple triple) {
    return counts.getOrDefault(triple, List.of());
  }

  /// Every triple with at least one event.
  public Set<Triple> triples() {
    return Set.copyOf(counts.keySet());
  }

  /// Triples of one cohort.
  public long triples(String cohort) {
    return counts.keySet().stream().filter(triple -> triple.cohort.equals(cohort)).count();
  }

  /// Events of a triple in a window read at a time.
  public long count(Triple triple, Window window, long at) {
    return counted(triple).stream().filter(one -> ModelDb.isIn(window, one.time, at)).count();
  }

  /// The newest event's time, or −1.
  public long newest() {
    return newest;
  }
}
