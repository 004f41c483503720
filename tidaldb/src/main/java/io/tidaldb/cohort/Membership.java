package io.tidaldb.cohort;

import io.tidaldb.schema.CohortOverlap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Who is in which of the cohorts that depend on attributes alone, worked out when an attribute
/// changes and not when somebody asks. Users with the same cohorts share one [Group]; a group
/// counts its users, so sizes and overlaps are sums over groups.
///
/// Derived: never saved, worked out again at load. Users that were neither written nor ever active
/// have no group of their own; they are as [#strangers] are.
///
/// **Threads.** One writer, any number of readers, who see each user's group whole and counts of
/// one moment.
final class Membership {

  /// Users in exactly these cohorts.
  static final class Group {
    private final List<Integer> cohorts;
    private final int[] numbers;
    private final AtomicLong users = new AtomicLong();

    Group(List<Integer> cohorts) {
      this.cohorts = cohorts;
      this.numbers = cohorts.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Numbers of the cohorts, rising. Not to be changed.
    int[] numbers() {
      return numbers;
    }

    boolean holds(int cohort) {
      for (int number : numbers) {
        if (number == cohort) {
          return true;
        }
      }
      return false;
    }

    long users() {
      return users.get();
    }

    private void count(long more) {
      var _ = users.addAndGet(more);
    }
  }

  /// A cohort and its condition.
  record Rule(int number, Condition condition) {}

  private static final PerSlot.Codec<Group> UNSAVED =
      new PerSlot.Codec<>() {
        @Override
        public void write(io.tidaldb.ledger.PageWriter out, Group value) {
          throw new IllegalStateException("groups are never saved");
        }

        @Override
        public Group read(io.tidaldb.ledger.PageSource in) {
          throw new IllegalStateException("groups are never saved");
        }
      };

  private final PerSlot<Mark[]> marks;
  private final PerSlot<Group> bySlot = new PerSlot<>(0, UNSAVED);
  private final Map<List<Integer>, Group> groups = new ConcurrentHashMap<>();
  private final MarkFacts facts = new MarkFacts();

  /// Odd while somebody is on the way from one group to another.
  private final AtomicInteger moves = new AtomicInteger();

  private List<Rule> rules = List.of();
  private volatile Group strangers = group(List.of());

  /// @param marks attributes by user slot
  Membership(PerSlot<Mark[]> marks) {
    this.marks = marks;
  }

  /// The group of a user; that of strangers for −1. Any thread.
  Group group(int user) {
    var known = user < 0 ? null : bySlot.get(user);
    return known == null ? strangers : known;
  }

  /// Whether the user was written or ever active. Any thread.
  boolean isKnown(int user) {
    return bySlot.get(user) != null;
  }

  /// Walks all known users. Any thread.
  void forEachKnown(PerSlot.Step<Group> step) {
    bySlot.forEach(step);
  }

  /// Users in a cohort. Any thread.
  long size(int cohort) {
    return overlap(cohort, cohort).common();
  }

  /// Users in both, and in each, all of one moment. Any thread; counts again while somebody moves,
  /// which takes the writer three steps.
  CohortOverlap overlap(int cohort, int other) {
    while (true) {
      int before = moves.get();
      long first = 0;
      long second = 0;
      long common = 0;
      for (var group : groups.values()) {
        boolean inFirst = group.holds(cohort);
        boolean inSecond = group.holds(other);
        long users = group.users();
        first += inFirst ? users : 0;
        second += inSecond ? users : 0;
        common += inFirst && inSecond ? users : 0;
      }
      if ((before & 1) == 0 && moves.get() == before) {
        return CohortOverlap.of(first, second, common);
      }
      Thread.onSpinWait();
    }
  }

  /* --- writer --- */

  /// The attributes of a user are these from now on.
  void changed(int user, Mark[] now) {
    move(user, group(cohortsOf(now)));
  }

  /// The user did something.
  void acted(int user) {
    if (bySlot.get(user) == null) {
      move(user, strangers);
    }
  }

  /// The user is gone.
  void forget(int user) {
    move(user, null);
  }

  /// One more cohort.
  void define(Rule rule) {
    var after = new ArrayList<>(rules);
    after.add(rule);
    rules = List.copyOf(after);
    strangers = group(cohortsOf(new Mark[0]));
    var next = new HashMap<Group, Group>();
    bySlot.forEach(
        (user, group) -> {
          var own = marks.get(user);
          facts.of(own == null ? new Mark[0] : own);
          if (rule.condition().test().holds(facts)) {
            move(user, next.computeIfAbsent(group, g -> with(g, rule.number())));
          }
        });
    removeEmpty();
  }

  /// One cohort less.
  void drop(int number) {
    rules = rules.stream().filter(rule -> rule.number() != number).toList();
    strangers = group(cohortsOf(new Mark[0]));
    var next = new HashMap<Group, Group>();
    bySlot.forEach(
        (user, group) -> {
          if (group.holds(number)) {
            move(user, next.computeIfAbsent(group, g -> without(g, number)));
          }
        });
    removeEmpty();
  }

  /// These are the rules; works everything out anew.
  void rebuild(List<Rule> all) {
    rules = List.copyOf(all);
    strangers = group(cohortsOf(new Mark[0]));
    bySlot.forEach(
        (user, group) -> {
          var own = marks.get(user);
          changed(user, own == null ? new Mark[0] : own);
        });
    removeEmpty();
  }

  void clear() {
    bySlot.clear();
    groups.clear();
    rules = List.of();
    strangers = group(List.of());
  }

  private List<Integer> cohortsOf(Mark[] of) {
    facts.of(of);
    var in = new ArrayList<Integer>();
    for (var rule : rules) {
      if (rule.condition().test().holds(facts)) {
        in.add(rule.number());
      }
    }
    return in;
  }

  private Group group(List<Integer> cohorts) {
    return groups.computeIfAbsent(List.copyOf(cohorts), Group::new);
  }

  private Group with(Group group, int number) {
    var more = new ArrayList<>(group.cohorts);
    more.add(number);
    more.sort(null);
    return group(more);
  }

  private Group without(Group group, int number) {
    return group(group.cohorts.stream().filter(own -> own != number).toList());
  }

  private void move(int user, @Nullable Group to) {
    var from = bySlot.get(user);
    if (from == to) {
      return;
    }
    var _ = moves.incrementAndGet();
    if (from != null) {
      from.count(-1);
    }
    bySlot.set(user, to);
    if (to != null) {
      to.count(1);
    }
    var _ = moves.incrementAndGet();
  }

  private void removeEmpty() {
    var own = strangers;
    groups.values().removeIf(group -> group.users() == 0 && group != own);
  }

  /// Attributes alone.
  private static final class MarkFacts implements Facts {
    private Mark[] marks = {};

    void of(Mark[] own) {
      marks = own;
    }

    @Override
    public Mark[] marks() {
      return marks;
    }

    @Override
    public long at() {
      return 0;
    }

    @Override
    public long did(int type, io.tidaldb.schema.Window window) {
      return 0;
    }

    @Override
    public long recentEvents() {
      return 0;
    }

    @Override
    public long firstEvent() {
      return -1;
    }

    @Override
    public double share(String field, String value) {
      return Double.NaN;
    }
  }
}
