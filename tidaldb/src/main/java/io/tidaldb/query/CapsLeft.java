package io.tidaldb.query;

import io.tidaldb.schema.NotificationCaps;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What may still be sent to a user: the caps less what was sent in the 24 hours before the query's
/// time.
final class CapsLeft {

  private static final long DAY_NANOS = Duration.ofHours(24).toNanos();

  private final NotificationCaps caps;
  private final Map<Long, Integer> byCreator = new HashMap<>();
  private int sent;

  CapsLeft(NotificationCaps caps, Viewer viewer, long at) {
    this.caps = caps;
    viewer.notices(
        at - DAY_NANOS,
        at,
        (hasCreator, creator) -> {
          sent++;
          if (hasCreator) {
            byCreator.merge(creator, 1, Integer::sum);
          }
        });
  }

  /// How many more of everything.
  int total() {
    return caps.total().isPresent()
        ? Math.max(0, caps.total().getAsInt() - sent)
        : Integer.MAX_VALUE;
  }

  /// Whether creators are told apart.
  boolean isPerCreator() {
    return caps.perCreator().isPresent();
  }

  /// How many more of a creator.
  int of(long creator) {
    return caps.perCreator().isPresent()
        ? Math.max(0, caps.perCreator().getAsInt() - byCreator.getOrDefault(creator, 0))
        : Integer.MAX_VALUE;
  }

  /// The caps and what was sent, for warnings.
  String facts() {
    return "caps=" + caps + " sent=" + sent;
  }
}
