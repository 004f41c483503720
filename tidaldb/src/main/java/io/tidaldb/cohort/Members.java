package io.tidaldb.cohort;

import io.tidaldb.schema.CohortOverlap;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Who is in the cohorts, at a moment.
///
/// **Threads.** Any; one thread each.
public final class Members {

  private final Users users;
  private final Membership membership;
  private final Definitions definitions;
  private final Slots slots;
  private final LongSupplier newest;

  Members(
      Users users,
      Membership membership,
      Definitions definitions,
      Slots slots,
      LongSupplier newest) {
    this.users = users;
    this.membership = membership;
    this.definitions = definitions;
    this.slots = slots;
    this.newest = newest;
  }

  /// The cohorts that a user is in, in order of definition.
  ///
  /// @param at the moment of which behaviour is read
  public List<Cohort> cohortsOf(long user, long at) {
    int slot = slots.slot(EntityKind.USER, user);
    var in = new ArrayList<Cohort>();
    for (var cohort : definitions.all()) {
      if (isMember(cohort, membership.group(slot), facts(at).of(slot, at))) {
        in.add(cohort);
      }
    }
    return in;
  }

  /// Whether a user is in a cohort.
  public boolean isMember(Cohort cohort, long user, long at) {
    int slot = slots.slot(EntityKind.USER, user);
    return isMember(cohort, membership.group(slot), facts(at).of(slot, at));
  }

  /// Users in a cohort, of those that were written or ever active.
  public long size(Cohort cohort, long at) {
    return behaviour(cohort) == null
        ? membership.size(cohort.number())
        : overlap(cohort, cohort, at).common();
  }

  /// Users in both, and in each.
  public CohortOverlap overlap(Cohort first, Cohort second, long at) {
    if (behaviour(first) == null && behaviour(second) == null) {
      return membership.overlap(first.number(), second.number());
    }
    long[] counts = new long[3];
    var facts = facts(at);
    membership.forEachKnown(
        (user, group) -> {
          facts.of(user, at);
          boolean inFirst = isMember(first, group, facts);
          boolean inSecond = isMember(second, group, facts);
          counts[0] += inFirst ? 1 : 0;
          counts[1] += inSecond ? 1 : 0;
          counts[2] += inFirst && inSecond ? 1 : 0;
        });
    return CohortOverlap.of(counts[0], counts[1], counts[2]);
  }

  private UserFacts facts(long at) {
    return new UserFacts(users, users.activity.reader(newest, at));
  }

  private boolean isMember(Cohort cohort, Membership.Group group, UserFacts facts) {
    var behaviour = behaviour(cohort);
    return behaviour == null ? group.holds(cohort.number()) : behaviour.test().holds(facts);
  }

  private @org.jspecify.annotations.Nullable Condition behaviour(Cohort cohort) {
    for (var rule : definitions.behaving()) {
      if (rule.number() == cohort.number()) {
        return rule.condition();
      }
    }
    return null;
  }
}
