package io.tidaldb.query;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.QueryWords;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// What `WITHIN` leaves of everything: the hits of an inner query, which runs first, for the same
/// user and at the same time.
///
/// @param slots the hits of the inner query
/// @param warnings what the caller should know of it
record Within(RoaringBitmap slots, List<Warning> warnings) {

  /// Hits of an inner query.
  static final int LIMIT_MAX = 10_000;

  Within {
    warnings = List.copyOf(warnings);
  }

  /// Runs an inner query.
  ///
  /// @param plan the plan of the inner query
  static Within run(Plan plan, StoreKey key) {
    var execution = new Execution(plan, key, new Stopwatch());
    var slots = new RoaringBitmap();
    execution.order().stream()
        .limit(plan.request().limit())
        .forEach(pick -> slots.add(pick.slot()));
    plan.warnings().addAll(execution.late());
    return new Within(
        slots,
        plan.warnings().stream()
            .map(told -> new Warning(told.code(), "query=inner " + told.facts()))
            .toList());
  }

  /// The inner request, checked, with its filter flattened.
  ///
  /// @throws InvalidRequestException that says that it is of the inner request
  static Retrieve checked(Retrieve inner, Retrieve outer) {
    return inside(
        () -> {
          refuse(inner.within().isPresent(), "WITHIN_NESTED", "depth=2 limit=1");
          refuse(
              inner.kind() != outer.kind(),
              "WITHIN_KIND",
              "the two retrieve different kinds: inner=" + inner.kind() + " outer=" + outer.kind());
          refuse(
              !agrees(inner.user(), outer.user()) || !agrees(inner.session(), outer.session()),
              "WITHIN_USER",
              "it is for the user and session of the outer query; leave both out");
          refuse(
              inner.at().isPresent() || inner.ago().isPresent(),
              "WITHIN_TIME",
              "it has the time of the outer query; leave it out");
          refuse(inner.cursor().isPresent(), "WITHIN_CURSOR", "it has no pages; leave it out");
          var limited = inner.deadline().isPresent() ? inner : deadline(inner, outer);
          return RequestRules.check(limited, LIMIT_MAX);
        });
  }

  private static Retrieve deadline(Retrieve inner, Retrieve outer) {
    return outer.deadline().map(inner::deadline).orElse(inner);
  }

  private static <T> boolean agrees(Optional<T> inner, Optional<T> outer) {
    return inner.isEmpty() || inner.equals(outer);
  }

  private static void refuse(boolean wrong, String code, String why) {
    if (wrong) {
      throw new InvalidRequestException(code, why);
    }
  }

  /// Two interleaved profiles have no hits of their own.
  static void requireOne(ProfileChoice choice) {
    refuse(
        choice.profiles().size() > 1,
        "WITHIN_INTERLEAVED",
        "its experiment interleaves two profiles; name one of them");
  }

  /// Does something about the inner query; what is refused there says so.
  static <T> T inside(Supplier<T> question) {
    try {
      return question.get();
    } catch (InvalidRequestException e) {
      throw new InvalidRequestException(e.code(), QueryWords.INNER + e.getMessage(), e);
    } catch (NotFoundException e) {
      throw new NotFoundException(QueryWords.INNER + e.what(), e.name(), e.advice());
    }
  }
}
