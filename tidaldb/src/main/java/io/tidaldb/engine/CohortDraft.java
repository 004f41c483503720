package io.tidaldb.engine;

import io.tidaldb.log.CohortEvent.CohortBackfilled;
import io.tidaldb.log.CohortEvent.CohortDefined;
import io.tidaldb.log.CohortEvent.CohortDropped;
import io.tidaldb.log.CohortEvent.Counted;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PredicateRules;
import io.tidaldb.schema.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A write to the list of cohorts, which resolves itself. Rare, so each is settled: nothing is
/// pending when it is looked at.
sealed interface CohortDraft extends Draft.SurfaceDraft {

  int NUMBER_MAX = 0xFFFF;

  @Override
  default boolean settled() {
    return true;
  }

  @Override
  default @Nullable IdempotencyKey key() {
    return null;
  }

  /// A cohort begins to count.
  ///
  /// @param again whether one of this name is dropped first
  record Define(CohortDefinition definition, boolean again, @Nullable IdempotencyKey key)
      implements CohortDraft {

    @Override
    public int sizeBytes() {
      return 128 + 3 * definition.predicate().toString().length();
    }

    @Override
    public Receipt resolve(Scene scene) {
      var defined = scene.views().cohorts().definitions();
      var existing = defined.find(definition.name());
      boolean same =
          existing.isPresent()
              && existing.get().definition().predicate().equals(definition.predicate());
      if (same && !again) {
        return Scene.nothing();
      }
      if (existing.isPresent() && !again) {
        throw new InvalidRequestException(
            "COHORT_DIFFERS",
            "a cohort of this name has another predicate: name="
                + definition.name()
                + " stored="
                + existing.get().definition().predicate()
                + " given="
                + definition.predicate()
                + "; redefine it, and it counts from zero");
      }
      // Once more, for the schema may have changed since the call.
      PredicateRules.check(definition.predicate(), scene.views().schema());
      int limit = scene.options().cohorts().definitions();
      if (existing.isEmpty() && defined.count() >= limit) {
        throw new LimitExceededException("cohorts", limit, defined.count() + 1L, "");
      }
      int number = defined.lastNumber() + 1;
      if (number > NUMBER_MAX) {
        throw new LimitExceededException("cohortsEver", NUMBER_MAX, number, "");
      }
      long now = scene.receiveNanos();
      Receipt dropped = null;
      if (existing.isPresent()) {
        dropped =
            scene.append(new CohortDropped(now, existing.get().number(), definition.name(), key));
      }
      var receipt =
          scene.append(
              new CohortDefined(
                  now,
                  number,
                  definition.backfill(),
                  definition.name(),
                  definition.predicate().toString(),
                  dropped == null ? key : null));
      return dropped == null ? receipt : new Receipt(receipt.position(), false);
    }
  }

  /// A cohort goes with its counts.
  record Drop(String name, @Nullable IdempotencyKey key) implements CohortDraft {

    @Override
    public int sizeBytes() {
      return 128;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var cohort = CohortCalls.required(scene.views(), name);
      return scene.append(new CohortDropped(scene.receiveNanos(), cohort.number(), name, key));
    }
  }

  /// Earlier signals of a cohort's members.
  ///
  /// @param number the cohort
  /// @param part which part it is: another says that someone else was faster
  record Backfill(int number, int part, long reached, boolean last, List<Counted> signals)
      implements CohortDraft {
    public Backfill {
      signals = List.copyOf(signals);
    }

    @Override
    public int sizeBytes() {
      return 64 + 32 * signals.size();
    }

    @Override
    public Receipt resolve(Scene scene) {
      var view = scene.views().cohorts();
      var cohort = view.definitions().find(number);
      if (cohort.isEmpty()
          || !cohort.get().isRunning()
          || cohort.get().progress().parts() != part) {
        throw new NotFoundException(
            "running back-fill", "cohort " + number + " part " + part, "it was dropped or done");
      }
      long limit = scene.options().cohorts().pairs();
      // One part may pass the bound by what it holds itself.
      if (view.pairs() >= limit && !signals.isEmpty()) {
        throw CohortCalls.full(view, limit);
      }
      return scene.append(
          new CohortBackfilled(scene.receiveNanos(), number, last, part, reached, signals));
    }
  }
}
