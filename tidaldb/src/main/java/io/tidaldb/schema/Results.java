package io.tidaldb.schema;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A page of hits, best first.
///
/// @param hits the page
/// @param next the cursor of the next page; empty at the end
/// @param constraintsSatisfied whether every limit of diversity held on this page
/// @param warnings what the caller should know
/// @param stats what was really done
/// @param requestId a hash of request, time and position, for logs
public record Results(
    List<Hit> hits,
    Optional<String> next,
    boolean constraintsSatisfied,
    List<Warning> warnings,
    QueryStats stats,
    String requestId)
    implements Iterable<Hit> {

  public Results {
    hits = List.copyOf(hits);
    warnings = List.copyOf(warnings);
  }

  /// Something that the caller should know, but that is no error.
  ///
  /// @param code a stable name, for example `WINDOW_WIDENED`
  /// @param facts the facts as `key=value`
  public record Warning(String code, String facts) {}

  @Override
  public Iterator<Hit> iterator() {
    return hits.iterator();
  }
}
