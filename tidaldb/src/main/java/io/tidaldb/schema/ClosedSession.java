package io.tidaldb.schema;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// An ended session, whole.
///
/// @param summary how it went
/// @param metadata given at its start
/// @param signals all, in log order
/// @param annotations all, in log order
/// @param audit the latest refusals, oldest first
public record ClosedSession(
    SessionSummary summary,
    SortedMap<String, String> metadata,
    List<SessionSignal> signals,
    List<SessionAnnotation> annotations,
    List<SessionRefusal> audit) {

  public ClosedSession {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    signals = List.copyOf(signals);
    annotations = List.copyOf(annotations);
    audit = List.copyOf(audit);
  }
}
