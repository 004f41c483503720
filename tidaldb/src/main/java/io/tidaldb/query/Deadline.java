package io.tidaldb.query;

import io.tidaldb.schema.QueryWords;
import io.tidaldb.schema.Results.Warning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When a query stops to look: once over, it stays over.
final class Deadline {

  private final Optional<Duration> span;
  private final Stopwatch watch;
  private boolean over;

  /// @param span how long after the watch was started; empty for never
  Deadline(Optional<Duration> span, Stopwatch watch) {
    this.span = span;
    this.watch = watch;
  }

  /// Whether it has passed by now.
  boolean isOver() {
    if (!over && span.isPresent() && watch.elapsed().compareTo(span.get()) > 0) {
      over = true;
    }
    return over;
  }

  /// Whether somebody was told that it has passed.
  boolean wasOver() {
    return over;
  }

  /// Says so, if it was over.
  List<Warning> warnings(long scored) {
    return over
        ? List.of(
            new Warning(
                "DEADLINE",
                "deadline=" + QueryWords.span(span.orElseThrow()) + " scored=" + scored))
        : List.of();
  }
}
