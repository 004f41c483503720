package io.tidaldb.log;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What changes cohorts, apart from the signals and attributes of their members.
public sealed interface CohortEvent extends Event {

  /// The cohort's number: never used again.
  int cohort();

  /// `0x30`: a cohort begins to count.
  ///
  /// @param backfill whether earlier signals of its members shall be counted as well
  /// @param predicate canonical text
  record CohortDefined(
      long time,
      int cohort,
      boolean backfill,
      String name,
      String predicate,
      @Nullable IdempotencyKey key)
      implements CohortEvent {}

  /// `0x31`: a cohort is gone with its counts.
  record CohortDropped(long time, int cohort, String name, @Nullable IdempotencyKey key)
      implements CohortEvent {}

  /// `0x32`: signals from before the definition, found in the log and counted now.
  ///
  /// @param last whether nothing follows
  /// @param part number of the part, from 0
  /// @param reached log position up to which the log was read
  record CohortBackfilled(
      long time, int cohort, boolean last, int part, long reached, List<Counted> signals)
      implements CohortEvent {
    public CohortBackfilled {
      signals = List.copyOf(signals);
    }

    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }
  }

  /// An earlier signal of a member.
  record Counted(int type, EntityKind kind, long entity, double weight, long time) {}
}
