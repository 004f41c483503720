package io.tidaldb.cohort;

import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CohortInfo;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;

/// A cohort that is defined. Immutable: what changes makes a new one.
///
/// @param number its number, from 1, never used again
/// @param definition name, predicate, whether earlier signals are counted
/// @param position where in the log it began to count
/// @param since when, nanoseconds since 1970
/// @param progress how far counting earlier signals has come
/// @param lives slots given out before the definition: later lives have no earlier signals
public record Cohort(
    int number,
    CohortDefinition definition,
    long position,
    long since,
    Progress progress,
    Lives lives) {

  /// How far counting earlier signals has come.
  ///
  /// @param state what is going on
  /// @param parts parts that were counted
  /// @param reached position up to which the log was read
  /// @param from the first position that the log still held
  public record Progress(CohortInfo.Backfill state, int parts, long reached, long from) {

    static final Progress NONE = new Progress(CohortInfo.Backfill.NONE, 0, 0, 1);
    static final Progress BEGUN = new Progress(CohortInfo.Backfill.RUNNING, 0, 0, 1);

    /// After one more part. The first is empty: it says where the log begins.
    Progress after(long position, boolean last) {
      long first = parts == 0 ? position + 1 : from;
      var now =
          last
              ? first > 1 ? CohortInfo.Backfill.PARTIAL : CohortInfo.Backfill.DONE
              : CohortInfo.Backfill.RUNNING;
      return new Progress(now, parts + 1, position, first);
    }
  }

  /// How many slots were given out at a position.
  record Lives(int items, int users, int creators) {

    static Lives of(Slots slots) {
      return new Lives(
          slots.count(EntityKind.ITEM),
          slots.count(EntityKind.USER),
          slots.count(EntityKind.CREATOR));
    }

    boolean holds(EntityKind kind, int slot) {
      return slot
          < switch (kind) {
            case ITEM -> items;
            case USER -> users;
            case CREATOR -> creators;
          };
    }
  }

  /// Its name.
  public String name() {
    return definition.name();
  }

  /// Whether earlier signals are still being counted.
  public boolean isRunning() {
    return progress.state() == CohortInfo.Backfill.RUNNING;
  }

  Cohort with(Progress next) {
    return new Cohort(number, definition, position, since, next, lives);
  }
}
