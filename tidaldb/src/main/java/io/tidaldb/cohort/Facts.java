package io.tidaldb.cohort;

import io.tidaldb.schema.Window;

/// What a predicate asks about one user at one moment.
interface Facts {

  /// The user's attributes.
  Mark[] marks();

  /// The moment, nanoseconds since 1970.
  long at();

  /// How often the user did something in a window.
  long did(int type, Window window);

  /// Events of any type in 30 days.
  long recentEvents();

  /// The time of the first event, or −1.
  long firstEvent();

  /// The share of positive signals that went to items with a value; NaN until there are five.
  double share(String field, String value);
}
