package io.tidaldb.query;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Retrieve;

/// The limits of a request that need no state.
final class RequestRules {

  static final int LIMIT_MAX = 1_000;
  static final int EXCLUDE_MAX = 10_000;
  static final int SEEDS_MAX = 10;

  private RequestRules() {}

  /// The same request with its filter flattened, which bounds the depth of everything that walks
  /// it.
  ///
  /// @throws InvalidRequestException that names the field, the value and the limit
  static Retrieve check(Retrieve request) {
    if (request.kind() != EntityKind.ITEM) {
      throw new InvalidRequestException(
          "KIND_UNSUPPORTED",
          "kind cannot be retrieved: given=" + request.kind() + " allowed=ITEM");
    }
    if (request.limit() < 1 || request.limit() > LIMIT_MAX) {
      throw outOfRange("limit", request.limit(), "1…" + LIMIT_MAX);
    }
    if (request.exclude().size() > EXCLUDE_MAX) {
      throw outOfRange("exclude", request.exclude().size(), "at most " + EXCLUDE_MAX + " ids");
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
    return request.filter(FilterShape.flatten(request.filter()));
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
