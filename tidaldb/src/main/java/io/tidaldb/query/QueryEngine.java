package io.tidaldb.query;

import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Explanation;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.slot.Slots;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Answers requests from the views. Holds no state; any number of threads may ask at once.
public final class QueryEngine {

  /// The code that readers of signals refuse a time with.
  private static final String TOO_EARLY = "READ_TIME_TOO_EARLY";

  private final Slots slots;
  private final Sources sources;
  private final LongSupplier nanos;

  /// @param slots translates ids and slots
  /// @param sources opens the readers of one query
  public QueryEngine(Slots slots, Sources sources) {
    this(slots, sources, System::nanoTime);
  }

  /// @param nanos tells deadlines and timings
  QueryEngine(Slots slots, Sources sources, LongSupplier nanos) {
    this.slots = slots;
    this.sources = sources;
    this.nanos = nanos;
  }

  /// A page of items.
  ///
  /// @param now the time that the query has where the request says none, nanoseconds since 1970
  /// @param key seals cursors
  /// @param level how much the query may spend
  /// @throws io.tidaldb.schema.InvalidRequestException if the request cannot be right; its cursor
  ///   codes are `CURSOR_INVALID` and `CURSOR_EXPIRED`
  /// @throws io.tidaldb.schema.NotFoundException if it names a profile or signal that does not
  ///   exist
  public Results retrieve(Retrieve request, long now, StoreKey key, LoadLevel level) {
    var watch = new Stopwatch(nanos);
    return planned(
        request,
        new Entry(now, key, level),
        plan -> {
          watch.stage("plan");
          return plan.choice().profiles().size() > 1
              ? new Interleaving(plan, key, watch).run()
              : new Execution(plan, key, watch).run();
        });
  }

  /// What a request would do, what it does and drops, or what becomes of an item in it.
  ///
  /// @param explain what is asked, about a request that is no search
  public Explanation explain(
      Explain explain, Retrieve request, long now, StoreKey key, LoadLevel level) {
    var entry = new Entry(now, key, level);
    return planned(
        request,
        entry,
        plan -> {
          requireOne(plan);
          if (explain.item().isPresent()) {
            return new Fate(plan, key, explain.item().get()).verdict();
          }
          var explainer = new Explainer(plan, key);
          return explain.analyze() ? planned(request, entry, explainer::analyze) : explainer.plan();
        });
  }

  /// @throws InvalidRequestException if two profiles are interleaved
  private static void requireOne(Plan plan) {
    var profiles = plan.choice().profiles();
    if (profiles.size() > 1) {
      throw new InvalidRequestException(
          "EXPLAIN_INTERLEAVED",
          "an experiment interleaves two profiles; explain one of them: profiles="
              + String.join(
                  ", ", profiles.stream().map(one -> one.name() + "@" + one.version()).toList()));
    }
  }

  /// What a query comes with.
  private record Entry(long now, StoreKey key, LoadLevel level) {}

  private <T> T planned(Retrieve request, Entry entry, Function<Plan, T> question) {
    var checked = RequestRules.check(request);
    var state = new Plan.State(slots, sources, entry.level);
    try (var plan = Plan.of(checked, entry.now, entry.key, state)) {
      return question.apply(plan);
    } catch (InvalidRequestException e) {
      // The caller gave no time, the cursor did: what is wrong is the cursor's age.
      if (request.cursor().isPresent() && e.code().equals(TOO_EARLY)) {
        throw Cursor.expired("cursor is too old", e);
      }
      throw e;
    }
  }
}
