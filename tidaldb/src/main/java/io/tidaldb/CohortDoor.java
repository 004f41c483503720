package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CohortInfo;
import io.tidaldb.schema.CohortOverlap;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.util.List;
import java.util.Optional;

/// The calls about cohorts: named predicates over users, and what their members do.
///
/// Nobody joins a cohort: users are in it while they satisfy its predicate. A signal of a user is
/// counted in every cohort that the user is in given all events before it; what was counted stays.
abstract class CohortDoor extends RelationDoor {

  CohortDoor(Engine engine) {
    super(engine);
  }

  /// Defines a cohort, which counts from here on. The same definition again is answered as a
  /// repeat.
  ///
  /// @param name `[a-z][a-z0-9_]{0,63}`
  /// @throws io.tidaldb.schema.InvalidRequestException `COHORT_DIFFERS` if one of this name has
  ///   another predicate; `FIELD_UNDECLARED` if it asks for what is no field of users
  /// @throws io.tidaldb.schema.NotFoundException if it asks for an unknown signal
  @CanIgnoreReturnValue
  public Receipt defineCohort(String name, Predicate predicate) {
    return defineCohort(CohortDefinition.of(name, predicate));
  }

  /// Defines a cohort by a predicate's text, see [Predicate#parse].
  @CanIgnoreReturnValue
  public Receipt defineCohort(String name, String predicate) {
    return defineCohort(name, Predicate.parse(predicate));
  }

  /// Defines a cohort, with its members' earlier signals if the definition says so; those are
  /// counted in the background, see [CohortInfo#backfill()].
  @CanIgnoreReturnValue
  public Receipt defineCohort(CohortDefinition definition) {
    return engine.cohorts().define(definition, false, Optional.empty());
  }

  /// Defines a cohort under a key: a repeat changes nothing.
  @CanIgnoreReturnValue
  public Receipt defineCohort(CohortDefinition definition, IdempotencyKey key) {
    return engine.cohorts().define(definition, false, Optional.of(key));
  }

  /// Drops and defines a cohort in one unit: it counts from zero.
  @CanIgnoreReturnValue
  public Receipt redefineCohort(CohortDefinition definition) {
    return engine.cohorts().define(definition, true, Optional.empty());
  }

  /// Drops a cohort with its counts.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is none of this name
  @CanIgnoreReturnValue
  public Receipt dropCohort(String name) {
    return engine.cohorts().drop(name, Optional.empty());
  }

  /// Every cohort, in order of definition.
  public List<CohortInfo> cohorts() {
    return engine.cohorts().all();
  }

  /// A cohort.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is none of this name
  public CohortInfo cohort(String name) {
    return engine.cohorts().one(name);
  }

  /// The names of the cohorts that a user is in, in order of definition.
  public List<String> cohortsOf(long user) {
    return cohortsOf(EntityId.of(user));
  }

  /// The names of the cohorts that a user is in, in order of definition.
  public List<String> cohortsOf(EntityId user) {
    return engine.cohorts().cohortsOf(user, Optional.empty());
  }

  /// As [#cohortsOf(EntityId)], with behaviour read at a time.
  public List<String> cohortsOf(EntityId user, Timestamp at) {
    return engine.cohorts().cohortsOf(user, Optional.of(at));
  }

  /// Whether a user is in a cohort.
  public boolean isMember(String cohort, long user) {
    return isMember(cohort, EntityId.of(user));
  }

  /// Whether a user is in a cohort.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the cohort is not defined
  public boolean isMember(String cohort, EntityId user) {
    return engine.cohorts().isMember(cohort, user, Optional.empty());
  }

  /// As [#isMember(String, EntityId)], with behaviour read at a time.
  public boolean isMember(String cohort, EntityId user, Timestamp at) {
    return engine.cohorts().isMember(cohort, user, Optional.of(at));
  }

  /// Users in a cohort, of those that were written or ever active; exact.
  public long cohortSize(String cohort) {
    return engine.cohorts().size(cohort, Optional.empty());
  }

  /// As [#cohortSize(String)], with behaviour read at a time.
  public long cohortSize(String cohort, Timestamp at) {
    return engine.cohorts().size(cohort, Optional.of(at));
  }

  /// How many users two cohorts share; exact.
  public CohortOverlap cohortOverlap(String first, String second) {
    return engine.cohorts().overlap(first, second, Optional.empty());
  }

  /// As [#cohortOverlap(String, String)], with behaviour read at a time.
  public CohortOverlap cohortOverlap(String first, String second, Timestamp at) {
    return engine.cohorts().overlap(first, second, Optional.of(at));
  }

  /// The decayed score of an entity by what members did; 0 without events.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if cohort or signal are unknown
  public double readCohortDecayScore(String cohort, EntityId entity, String signal) {
    return engine.cohorts().decayScore(cohort, entity, signal, Optional.empty());
  }

  /// The decayed score of an entity by what members did, at a time.
  public double readCohortDecayScore(String cohort, EntityId entity, String signal, Timestamp at) {
    return engine.cohorts().decayScore(cohort, entity, signal, Optional.of(at));
  }

  /// Events of members in a window; 0 without events.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if cohort or signal are unknown
  public long readCohortWindowedCount(
      String cohort, EntityId entity, String signal, Window window) {
    return engine.cohorts().windowedCount(cohort, entity, signal, window, Optional.empty());
  }

  /// Events of members in a window that ends at a time.
  public long readCohortWindowedCount(
      String cohort, EntityId entity, String signal, Window window, Timestamp at) {
    return engine.cohorts().windowedCount(cohort, entity, signal, window, Optional.of(at));
  }

  /// Events of members per second in a window.
  public double readCohortVelocity(String cohort, EntityId entity, String signal, Window window) {
    return engine.cohorts().velocity(cohort, entity, signal, window, Optional.empty());
  }

  /// Events of members per second in a window that ends at a time.
  public double readCohortVelocity(
      String cohort, EntityId entity, String signal, Window window, Timestamp at) {
    return engine.cohorts().velocity(cohort, entity, signal, window, Optional.of(at));
  }

  /// The k best of a cohort by decayed score, best first, ties by id.
  ///
  /// @param k 1 … 1,000
  public List<ScoredEntity> readCohortHottest(String cohort, String signal, int k) {
    return engine.cohorts().hottest(cohort, signal, k, Optional.empty());
  }

  /// The k best of a cohort by decayed score at a time.
  public List<ScoredEntity> readCohortHottest(String cohort, String signal, int k, Timestamp at) {
    return engine.cohorts().hottest(cohort, signal, k, Optional.of(at));
  }

  /// The k entities whose share of the cohort's events exceeds their share of all events most. The
  /// score is the one share divided by the other; five events in the cohort are the least.
  ///
  /// @param k 1 … 1,000
  public List<ScoredEntity> cohortLift(String cohort, String signal, Window window, int k) {
    return engine.cohorts().lift(cohort, signal, window, k, Optional.empty());
  }
}
