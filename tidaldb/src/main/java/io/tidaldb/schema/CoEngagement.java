package io.tidaldb.schema;

import java.util.List;

/// Which items the same users engage with, and how strongly. An *edge* joins two such items; it has
/// no direction, and no item has one to itself.
///
/// **Threads.** Any; a call sees the state behind some event, never half of one.
public interface CoEngagement {

  /// The most neighbours that one call gives.
  int NEIGHBOURS_MAX = 1_000;

  /// Edges that exist, however faded; never more than [#capacity()].
  int edgeCount();

  /// How many edges are kept; the least leaves before another enters.
  int capacity();

  /// The strength of the edge between two items now, the same both ways; 0 without an edge.
  double strength(EntityId a, EntityId b);

  /// The strength of the edge between two items at a time.
  double strength(EntityId a, EntityId b, Timestamp at);

  /// The strongest neighbours of an item now, strongest first, ties by id; empty for an item
  /// without edges, known or not.
  ///
  /// @param k how many at most, 1 … 1,000
  List<ScoredEntity> neighbours(EntityId item, int k);
}
