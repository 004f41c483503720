package io.tidaldb.engine;

import io.tidaldb.log.Event;

/// What broken steps call in the place of [Views].
public final class BrokenViews {

  private BrokenViews() {}

  /// Every view folds the event, whatever it already holds.
  public static void applyToAll(Views views, long position, Event event) {
    views.all().forEach(view -> view.apply(position, event));
  }

  /// The event is folded twice.
  public static void applyTwice(Views views, long position, Event event) {
    views.apply(position, event);
    views.apply(position, event);
  }
}
