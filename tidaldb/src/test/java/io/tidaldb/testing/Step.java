package io.tidaldb.testing;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Visibility;
import java.util.List;

/// One call of a script over all surfaces: what a client does, as data. [StepText] writes it as a
/// line, [ModelWorld] folds it, a database does it.
///
/// Times are nanoseconds since 1970; ids are what the log will have assigned.
public sealed interface Step {

  /// A call that says who it is: its repeat has no effect.
  record Keyed(long number, Step step) implements Step {}

  /// Hot writes as one unit.
  record Batch(List<Step> steps) implements Step {
    public Batch {
      steps = List.copyOf(steps);
    }
  }

  /// The clock moves on.
  record Tick(long nanos) implements Step {}

  /// A checkpoint is taken.
  record Checkpoint() implements Step {}

  /// Everything before becomes durable.
  record Sync() implements Step {}

  /// An item is written.
  record Item(long id, String title, String category, long creator) implements Step {}

  /// An item's category changes.
  record Recategorize(long id, String category) implements Step {}

  /// So many watch an item now, or did at an earlier time.
  record Counted(long item, int viewers, long time) implements Step {}

  /// A user's age changes.
  record Birthday(long user, int age) implements Step {}

  /// An item is deleted.
  record Delete(long id) implements Step {}

  /// A user is written.
  record User(long id, String language, int age) implements Step {}

  /// A user is erased.
  record Erase(long user) implements Step {}

  /// Something happened to an item, by nobody in particular.
  record Happened(String signal, long item, double weight, long time) implements Step {}

  /// A user gave a signal about an item.
  record Gave(long user, String signal, long item, double weight, long time) implements Step {}

  /// A cohort begins to count.
  record Define(String name, Rule rule) implements Step {}

  /// A cohort is gone.
  record DropCohort(String name) implements Step {}

  /// A collection is made.
  record Create(long owner, String name, Visibility visibility) implements Step {}

  /// An item enters a collection; index −1 is the end.
  record Add(long collection, long item, int index) implements Step {}

  /// An item leaves a collection.
  record Remove(long collection, long item) implements Step {}

  /// A member gets another place.
  record Move(long collection, long item, int index) implements Step {}

  /// A collection gets another name.
  record Rename(long collection, String name) implements Step {}

  /// A collection is shown to others, or not.
  record Show(long collection, Visibility visibility) implements Step {}

  /// A collection is shared with a user, or no more.
  record Share(long collection, long user, boolean on) implements Step {}

  /// A collection is gone.
  record DropCollection(long collection) implements Step {}

  /// A user stands in a relation.
  record Relate(long user, RelationType type, EntityKind kind, long target, long time)
      implements Step {}

  /// No more.
  record Unrelate(long user, RelationType type, EntityKind kind, long target, long time)
      implements Step {}

  /// A user's state about an item is forgotten.
  record Clear(long user, UserState state, long item) implements Step {}

  /// A session begins.
  record Start(long user, String agent, String policy, String mood) implements Step {}

  /// A signal in a session, by its user.
  record Told(long session, String signal, long item, double weight, long time) implements Step {}

  /// Something is said in a session.
  record Say(long session, long item, String text) implements Step {}

  /// A session ends.
  record Close(long session) implements Step {}

  /// Whether the database takes a key for it. The others are repeats as long as nothing happens
  /// between.
  default boolean takesKey() {
    return switch (this) {
      case DropCohort _, Rename _, Show _, Share _, DropCollection _, Close _ -> false;
      default -> true;
    };
  }

  /// The step without its key.
  default Step bare() {
    return this instanceof Keyed keyed ? keyed.step.bare() : this;
  }

  /// The steps of a batch, or the step alone, without keys.
  default List<Step> parts() {
    return bare() instanceof Batch batch
        ? batch.steps.stream().map(Step::bare).toList()
        : List.of(bare());
  }
}
