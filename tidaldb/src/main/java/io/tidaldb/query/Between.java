package io.tidaldb.query;

import org.jspecify.annotations.Nullable;

/// A part of an order.
///
/// @param after only what comes behind this place; null for everything
/// @param before only what comes before this place, whose order knows no titles; null for
///   everything
record Between(@Nullable Place after, @Nullable Place before) {

  /// The whole order.
  static final Between ALL = new Between(null, null);
}
