package io.tidaldb.ranking;

import io.tidaldb.schema.Part;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Sort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A profile or a sort mode, compiled for one query: gathers inputs of candidates in batches,
/// scores them, and explains any of them from the inputs that were used. Used by one thread.
public sealed interface Ranking permits TermRanking, FormulaRanking, SessionRanking {

  /// Compiles a profile.
  ///
  /// @param warnings takes what the caller should know
  static Ranking of(Profile profile, RankingScope scope, List<Warning> warnings) {
    var sort = Warmth.sort(profile, scope.personal().warmth());
    return sort.isPresent()
        ? of(sort.get(), profile, profile.gates(), new Binder(scope, warnings))
        : new TermRanking(profile, new Binder(scope, warnings));
  }

  /// Compiles a sort mode that takes the place of a profile's score and gates.
  ///
  /// @param profile gives the window, if the request does not
  /// @param warnings takes what the caller should know
  static Ranking of(Sort sort, Profile profile, RankingScope scope, List<Warning> warnings) {
    return of(sort, profile, List.of(), new Binder(scope, warnings));
  }

  /// The same ranking with a session's memory in the score.
  ///
  /// @param match how well the item in a slot fits the session, in [0, 1]
  static Ranking inSession(Ranking ranking, SessionMatch match) {
    return new SessionRanking(ranking, match);
  }

  private static Ranking of(Sort sort, Profile profile, List<Profile.Gate> gates, Binder binder) {
    return switch (sort) {
      case TRENDING -> new TermRanking(SortBinder.trending(profile, gates), binder);
      case PERSONALIZED -> {
        var personal = binder.scope().personal();
        var scored = personal.scored().withGates(gates);
        var order = Warmth.sort(scored, personal.warmth());
        yield order.isPresent()
            ? of(order.get(), scored, gates, binder)
            : new TermRanking(scored, binder);
      }
      default -> new SortBinder(binder, profile, gates).bind(sort);
    };
  }

  /// What hits are ordered by.
  Order order();

  /// A batch with room for its inputs.
  default Batch batch() {
    return batch(Batch.CAPACITY);
  }

  /// A smaller batch.
  ///
  /// @param capacity candidates in a full one
  Batch batch(int capacity);

  /// A batch for so many candidates: small where they are few.
  default Batch batchFor(long candidates) {
    return batch(candidates <= Batch.FEW ? Batch.SMALL : Batch.CAPACITY);
  }

  /// Whether creation alone decides the order, newest first.
  default boolean isByCreation() {
    return false;
  }

  /// How many input columns it has.
  int columns();

  /// Gathers creation times and inputs for `batch.slots` and `batch.count`; fills scores, keys and
  /// `dropped`. Takes out of the batch what provably lies below the floor, keeping the order of the
  /// others. Allocates nothing per candidate.
  void score(Batch batch, Floor floor);

  /// Candidates dropped so far, per reason.
  Map<String, Long> dropped();

  /// The parts of a score.
  ///
  /// @param in input columns, as the batch held them
  /// @param i the candidate's index in the columns
  /// @param score what it was ranked by
  Part explain(double[][] in, int i, double score);

  /// The raw signal values behind a score.
  Map<String, Double> snapshot(double[][] in, int i);

  /// Counts that bound the scores; empty where something else adds to them, or gates must count
  /// what they drop.
  default Optional<WindowSum> windowSum() {
    return Optional.empty();
  }

  /// The signal type whose decayed score alone decides the order, greatest first, as long as scores
  /// are above 0; empty if there is none.
  OptionalInt head();
}
