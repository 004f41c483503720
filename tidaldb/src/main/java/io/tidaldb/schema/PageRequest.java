package io.tidaldb.schema;

import java.util.Optional;

/// Which part of a list is asked for.
///
/// @param limit at most so many items, 1 … 1,000
/// @param after the `next` of the page before; empty for the beginning
public record PageRequest(int limit, Optional<String> after) {

  /// The most items that one page holds.
  public static final int LIMIT_MAX = 1_000;

  /// How many items a page holds if nothing is said.
  public static final int LIMIT_DEFAULT = 100;

  /// @throws InvalidRequestException `LIMIT_OUT_OF_RANGE` if the limit is out of range
  public PageRequest {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new InvalidRequestException(
          "LIMIT_OUT_OF_RANGE",
          "page limit out of range: given=" + limit + " allowed=1…" + LIMIT_MAX);
    }
  }

  /// The first hundred.
  public static PageRequest first() {
    return first(LIMIT_DEFAULT);
  }

  /// The first so many.
  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }

  /// The refusal of a token that this list did not give.
  public InvalidRequestException tokenInvalid(String list) {
    return new InvalidRequestException(
        "PAGE_TOKEN_INVALID",
        "page token is not one of this list: list="
            + list
            + " given="
            + after.orElse("")
            + "; begin without one, or pass the `next` of the page before");
  }
}
