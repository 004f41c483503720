package io.tidaldb.session;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is said when a session starts and never changes.
///
/// @param session its id
/// @param user whose it is
/// @param agent with whom
/// @param policy the name of its policy
/// @param metadata given by the caller
/// @param position of its start
/// @param started when
public record SessionHead(
    long session,
    long user,
    String agent,
    String policy,
    SortedMap<String, String> metadata,
    long position,
    long started) {

  public SessionHead {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }
}
