package io.tidaldb.schema;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The answer to an erasure: from now on nothing names the user but this.
///
/// @param user who was forgotten
/// @param position the log position of the erasure; that of the earlier one if nothing was left to
///   forget
/// @param at when it was asked for
/// @param removed how many records went, by the view that held them
public record ErasureReceipt(
    EntityId user, long position, Timestamp at, Map<String, Long> removed) {

  public ErasureReceipt {
    removed = Collections.unmodifiableMap(new TreeMap<>(removed));
  }
}
