package io.tidaldb.query;

import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import java.util.List;
import java.util.Optional;

/// The warning about a window that no order reads.
final class UnusedWindow {

  private UnusedWindow() {}

  /// A window that nothing reads is no error, but not what the caller meant either.
  ///
  /// @param sort the fixed order of the hits, if a score does not give it
  static void warn(Retrieve request, Optional<Sort> sort, List<Warning> warnings) {
    if (request.window().isEmpty() || sort.filter(s -> !takesWindow(s)).isEmpty()) {
      return;
    }
    warnings.add(
        new Warning(
            "WINDOW_UNUSED",
            "window=" + request.window().get().label() + " sort=" + sort.get().label()));
  }

  private static boolean takesWindow(Sort sort) {
    return switch (sort) {
      case PERSONALIZED, TRENDING, MOST_VIEWED, MOST_LIKED, MOST_COMMENTED, MOST_SHARED -> true;
      case NEW,
          OLD,
          HOT,
          RISING,
          CONTROVERSIAL,
          HIDDEN_GEMS,
          TOP_HOUR,
          TOP_TODAY,
          TOP_WEEK,
          TOP_MONTH,
          TOP_YEAR,
          TOP_ALL_TIME,
          SHORTEST,
          LONGEST,
          ALPHABETICAL_ASC,
          ALPHABETICAL_DESC,
          SHUFFLE,
          LIVE_VIEWER_COUNT,
          DATE_SAVED ->
          false;
    };
  }
}
