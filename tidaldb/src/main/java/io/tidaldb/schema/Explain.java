package io.tidaldb.schema;

import java.util.Optional;

/// A question about a query: what it would do, what it did, or what became of one item in it.
///
/// @param analyze whether the query is run and what it dropped is told; else, without an item, only
///   its plan
/// @param item the item whose fate is asked for
/// @param query what is asked about; no explanation itself
public record Explain(boolean analyze, Optional<EntityId> item, Query query) implements Query {

  /// @throws InvalidRequestException if it asks two things, or about an explanation
  public Explain {
    if (analyze && item.isPresent()) {
      throw new InvalidRequestException(
          "EXPLAIN_TWICE", "either the query is analyzed or an item explained: item=" + item.get());
    }
    if (query instanceof Explain) {
      throw new InvalidRequestException(
          "EXPLAIN_NESTED", "an explanation cannot be explained: query=" + query);
    }
  }

  /// What a query would do.
  public static Explain plan(Query query) {
    return new Explain(false, Optional.empty(), query);
  }

  /// What a query does, and what it drops.
  public static Explain analyze(Query query) {
    return new Explain(true, Optional.empty(), query);
  }

  /// What becomes of an item in a query.
  public static Explain item(EntityId item, Query query) {
    return new Explain(false, Optional.of(item), query);
  }

  @Override
  public String toString() {
    return "EXPLAIN "
        + (analyze ? "ANALYZE " : "")
        + item.map(id -> "ITEM " + id + " IN ").orElse("")
        + query;
  }
}
