package io.tidaldb.query;

import io.tidaldb.ranking.FilterShape;
import io.tidaldb.ranking.ProfileRules;
import io.tidaldb.ranking.SourceRules;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// The limits of a request that need no state.
final class RequestRules {

  static final int LIMIT_MAX = 1_000;
  static final int EXCLUDE_MAX = 10_000;
  static final int SEEDS_MAX = 10;
  static final int SOURCES_MAX = 8;
  static final int SURFACE_MAX = 64;
  private static final Set<Sort> SORTS_OF_ITEMS =
      Set.of(
          Sort.SHORTEST, Sort.LONGEST, Sort.LIVE_VIEWER_COUNT, Sort.PERSONALIZED, Sort.DATE_SAVED);
  private static final Duration DEADLINE_MIN = Duration.ofMillis(1);
  private static final Duration DEADLINE_MAX = Duration.ofSeconds(60);
  private static final Duration EVER = Duration.ofDays(1_000_000);
  private static final Instant LAST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

  private RequestRules() {}

  /// The same request with its filter flattened, which bounds the depth of everything that walks
  /// it.
  ///
  /// @throws InvalidRequestException that names the field, the value and the limit
  static Retrieve check(Retrieve request) {
    var checked = check(request, LIMIT_MAX);
    return request
        .within()
        .map(inner -> checked.within(Within.checked(inner, request)))
        .orElse(checked);
  }

  /// As [#check(Retrieve)], without a look at what is inside.
  static Retrieve check(Retrieve request, int limitMax) {
    if (request.kind() == EntityKind.USER) {
      throw new InvalidRequestException(
          "KIND_UNSUPPORTED", "kind cannot be retrieved: given=USER allowed=ITEM, CREATOR");
    }
    if (request.kind() == EntityKind.CREATOR) {
      checkOfItems(request);
    }
    if (request.limit() < 1 || request.limit() > limitMax) {
      throw outOfRange("limit", request.limit(), "1…" + limitMax);
    }
    if (request.exclude().size() > EXCLUDE_MAX) {
      throw outOfRange("exclude", request.exclude().size(), "at most " + EXCLUDE_MAX + " ids");
    }
    if (request.experiment().isPresent() && request.profile().isPresent()) {
      throw new InvalidRequestException(
          "PROFILE_AND_EXPERIMENT",
          "a profile ranks or an experiment assigns one, not both: profile="
              + request.profile().get()
              + " experiment="
              + request.experiment().get());
    }
    if (request.profileVersion().isPresent()) {
      if (request.profile().isEmpty()) {
        throw new InvalidRequestException(
            "PROFILE_VERSION_ALONE",
            "a profile version needs a profile: given=" + request.profileVersion().getAsInt());
      }
      if (request.profileVersion().getAsInt() < 1) {
        throw outOfRange("profileVersion", request.profileVersion().getAsInt(), "1, 2, …");
      }
    }
    if (request.seeds().size() > SEEDS_MAX) {
      throw new InvalidRequestException(
          "SEEDS_TOO_MANY",
          "too many seeds: given=" + request.seeds().size() + " allowed=1…" + SEEDS_MAX);
    }
    if (request.sources().size() > SOURCES_MAX) {
      throw new InvalidRequestException(
          "SOURCES_TOO_MANY",
          "too many sources: given=" + request.sources().size() + " allowed=1…" + SOURCES_MAX);
    }
    request.sources().forEach(SourceRules::check);
    checkTimes(request);
    if (request.seedVector().isPresent() && !request.seeds().isEmpty()) {
      throw new InvalidRequestException(
          "SEEDS_AND_VECTOR",
          "a request is like items or like a vector, not both: seeds=" + request.seeds());
    }
    var _ = request.diversity().map(Diversity::checked);
    request.explore().ifPresent(ProfileRules::checkExplore);
    var _ = request.caps().map(NotificationCaps::checked);
    return request.filter(FilterShape.flatten(request.filter()));
  }

  /// @throws InvalidRequestException if creators are asked for what only items have
  private static void checkOfItems(Retrieve request) {
    var sort = request.sort().filter(SORTS_OF_ITEMS::contains);
    var given =
        request.creator().isPresent()
            ? "creator=" + request.creator().get()
            : request.cohort().isPresent()
                ? "cohort=" + request.cohort().get()
                : sort.isPresent()
                    ? "sort=" + sort.get().label()
                    : request.explore().orElse(0) > 0
                        ? "explore=" + request.explore().getAsDouble()
                        : request.caps().filter(caps -> !caps.isNone()).isPresent()
                            ? "caps=" + request.caps().get()
                            : "";
    if (!given.isEmpty()) {
      throw new InvalidRequestException(
          "KIND_UNSUPPORTED", "only items can be retrieved so: " + given + " kind=CREATOR");
    }
  }

  private static void checkTimes(Retrieve request) {
    if (request.at().isPresent() && request.ago().isPresent()) {
      throw new InvalidRequestException(
          "AT_TWICE",
          "the query's time is given twice: at=" + request.at().get() + " ago=" + request.ago());
    }
    if (request.surface().isPresent()) {
      var label = request.surface().get();
      int length = label.codePointCount(0, label.length());
      if (length < 1 || length > SURFACE_MAX) {
        throw new InvalidRequestException(
            "SURFACE_INVALID",
            "surface out of range: characters=" + length + " allowed=1…" + SURFACE_MAX);
      }
    }
    if (request.deadline().isPresent()) {
      var deadline = request.deadline().get();
      if (deadline.compareTo(DEADLINE_MIN) < 0 || deadline.compareTo(DEADLINE_MAX) > 0) {
        throw new InvalidRequestException(
            "DEADLINE_OUT_OF_RANGE",
            "deadline out of range: given=" + deadline + " allowed=1ms…60s");
      }
    }
  }

  /// The query's time: as it says, or counted from now.
  static long at(Retrieve request, long now) {
    return request
        .at()
        .map(Timestamp::nanos)
        .orElseGet(() -> request.ago().map(span -> shifted(now, near(span).negated())).orElse(now));
  }

  /// A time counted from the query's, fixed.
  static Filter.TimeRange fixed(Filter.FromNow from, long at) {
    var time = Optional.of(Timestamp.ofNanos(shifted(at, near(from.offset()))));
    return from.before()
        ? new Filter.TimeRange(from.field(), Optional.empty(), time)
        : new Filter.TimeRange(from.field(), time, Optional.empty());
  }

  /// A span, not longer than all of time.
  private static Duration near(Duration span) {
    return span.compareTo(EVER) > 0
        ? EVER
        : span.compareTo(EVER.negated()) < 0 ? EVER.negated() : span;
  }

  /// As near to it as there are times.
  private static long shifted(long nanos, Duration offset) {
    var shifted = Instant.ofEpochSecond(0, nanos).plus(offset);
    if (shifted.isBefore(Instant.EPOCH)) {
      return 0;
    }
    return shifted.isAfter(LAST) ? Long.MAX_VALUE : Timestamp.of(shifted).nanos();
  }

  /// @throws NotFoundException if the vector's slot is not declared
  /// @throws InvalidRequestException if the vector does not fit it
  static void checkVector(Retrieve request, Schema schema) {
    var seed = request.seedVector();
    if (seed.isEmpty()) {
      return;
    }
    var slot = schema.embeddingSlot(request.kind(), seed.get().slot());
    if (slot.isEmpty()) {
      throw new NotFoundException(
          "embedding slot", seed.get().slot(), "declare it with embeddingSlot");
    }
    slot.get().check("similar_to", seed.get().vector());
  }

  /// Checks that the request's own sources have what they need; those of a profile give nothing
  /// without it.
  ///
  /// @param user whether there is one
  static void checkSources(Retrieve request, boolean user, Schema schema) {
    for (var source : request.sources()) {
      switch (source) {
        case Source.Scan(), Source.NewItems _ -> {}
        case Source.Followed _, Source.Affinity _, Source.Interests _, Source.RecentMatch _ ->
            requireUser(source, user);
        case Source.CoEngagement edges -> {
          requireUser(source, user || edges.of() == Source.Of.SEED);
          requireSeeds(source, edges.of() == Source.Of.RECENT || !request.seeds().isEmpty());
        }
        case Source.Ann ann -> {
          requireUser(source, user || ann.of() == Source.Toward.SEED);
          requireSeeds(
              source,
              ann.of() != Source.Toward.SEED
                  || !request.seeds().isEmpty()
                  || request.seedVector().isPresent());
          if (schema.embeddingSlot(request.kind(), ann.slot()).isEmpty()) {
            throw new NotFoundException(
                "embedding slot", ann.slot(), "declare it with embeddingSlot");
          }
        }
        case Source.SignalHead head -> {
          boolean known =
              schema.signal(head.signal()).isPresent()
                  || Meaning.ofLabel(head.signal()).flatMap(schema::signal).isPresent();
          if (!known) {
            throw new NotFoundException("signal", head.signal(), "declare it");
          }
        }
      }
    }
  }

  private static void requireUser(Source source, boolean given) {
    if (!given) {
      throw new InvalidRequestException(
          "SOURCE_USER",
          "source needs a user: source=" + source.label() + "; add forUser to the request");
    }
  }

  private static void requireSeeds(Source source, boolean given) {
    if (!given) {
      throw new InvalidRequestException(
          "SOURCE_SEEDS",
          "source needs seeds: source=" + source.label() + "; add similarTo to the request");
    }
  }

  /// @param order what takes the place of a score
  /// @throws InvalidRequestException if only items have a place in it
  static void checkOrder(Retrieve request, Optional<Sort> order) {
    if (request.kind() != EntityKind.ITEM && order.filter(SORTS_OF_ITEMS::contains).isPresent()) {
      throw new InvalidRequestException(
          "KIND_UNSUPPORTED",
          "only items can be retrieved so: sort="
              + order.get().label()
              + " kind="
              + request.kind());
    }
  }

  /// @param order what takes the place of a score
  /// @param profiles how many rank
  /// @throws InvalidRequestException if what is newer cannot be told
  static void checkNewer(Retrieve request, Optional<Sort> order, int profiles) {
    if (request.newerThan().isEmpty()) {
      return;
    }
    if (request.cursor().isPresent()) {
      throw new InvalidRequestException(
          "NEWER_WITH_CURSOR",
          "a page goes on behind a cursor or is newer than one, not both; leave one out");
    }
    if (profiles > 1 || order.filter(o -> o == Sort.NEW || o == Sort.DATE_SAVED).isEmpty()) {
      throw new InvalidRequestException(
          "NEWER_SORT",
          "newer than a cursor is only what is ordered by time: sort="
              + order.map(Sort::label).orElse("none")
              + " allowed=new, date_saved");
    }
  }

  /// @throws InvalidRequestException if the profile takes its score from itself
  static Profile checkScored(Profile forYou) {
    if (forYou.sort().filter(Sort.PERSONALIZED::equals).isPresent()) {
      throw new InvalidRequestException(
          "SORT_CIRCULAR",
          "personalized is the score of for_you, which is ordered by personalized: profile="
              + forYou.name()
              + "@"
              + forYou.version());
    }
    return forYou;
  }

  /// @throws InvalidRequestException if the session is another user's
  static void checkSession(Retrieve request, SessionScope session) {
    var user = request.user();
    if (user.isPresent() && user.get().value() != session.user()) {
      throw new InvalidRequestException(
          "SESSION_USER",
          "session is another user's: session="
              + request.session().orElseThrow()
              + " user="
              + user.get()
              + "; leave the user out, or ask in one of that user's sessions");
    }
  }

  private static InvalidRequestException outOfRange(String field, long given, String allowed) {
    return new InvalidRequestException(
        field.equals("limit")
            ? "LIMIT_OUT_OF_RANGE"
            : field.equals("exclude") ? "EXCLUDE_TOO_MANY" : "VERSION_OUT_OF_RANGE",
        field + " out of range: given=" + given + " allowed=" + allowed);
  }
}
