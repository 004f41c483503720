package io.tidaldb.schema;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A running session as of one position.
///
/// @param id its id
/// @param user whose it is
/// @param agent with whom
/// @param policy the name of its policy
/// @param metadata given at its start
/// @param started when it started
/// @param expires when it will end if nothing more happens
/// @param counts signals by name
/// @param signals the latest 100, oldest first
/// @param annotations the latest 100, oldest first
/// @param hints words that queries under it favour, newest first
/// @param quota what it may still do
/// @param refusals by reason
/// @param audit the latest refusals, oldest first
/// @param position of the last event of the session
public record SessionSnapshot(
    SessionId id,
    EntityId user,
    String agent,
    String policy,
    SortedMap<String, String> metadata,
    Timestamp started,
    Timestamp expires,
    SortedMap<String, Long> counts,
    List<SessionSignal> signals,
    List<SessionAnnotation> annotations,
    List<String> hints,
    SessionQuota quota,
    Map<RefusalReason, Long> refusals,
    List<SessionRefusal> audit,
    long position) {

  public SessionSnapshot {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    signals = List.copyOf(signals);
    annotations = List.copyOf(annotations);
    hints = List.copyOf(hints);
    Map<RefusalReason, Long> byReason = new EnumMap<>(RefusalReason.class);
    byReason.putAll(refusals);
    refusals = Collections.unmodifiableMap(byReason);
    audit = List.copyOf(audit);
  }

  /// All signals.
  public long signalCount() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
