package io.tidaldb.schema;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A part of a list in its fixed order.
///
/// @param <T> what the list holds
/// @param items at most as many as were asked for
/// @param next the token that asks for what follows; empty at the end of the list
public record Page<T>(List<T> items, Optional<String> next) {

  public Page {
    items = List.copyOf(items);
  }

  /// A page with nothing on it and nothing behind it.
  public static <T> Page<T> empty() {
    return new Page<>(List.of(), Optional.empty());
  }

  /// The page that a list read one longer than asked for makes: the one too many only says that
  /// something follows.
  ///
  /// @param limit what was asked for
  /// @param read what was read, at most `limit + 1`
  /// @param token names the last item of a page, so that reading can go on behind it
  public static <T> Page<T> of(List<T> read, int limit, Function<T, String> token) {
    if (read.size() <= limit) {
      return new Page<>(read, Optional.empty());
    }
    var items = read.subList(0, limit);
    return new Page<>(items, Optional.of(token.apply(items.getLast())));
  }

  /// The request for what follows, with the same limit; empty at the end.
  public Optional<PageRequest> following(PageRequest request) {
    return next.map(token -> new PageRequest(request.limit(), Optional.of(token)));
  }
}
