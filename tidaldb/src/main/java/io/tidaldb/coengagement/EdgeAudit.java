package io.tidaldb.coengagement;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.List;

/// Looks whether everything that is kept of edges says the same. Writer.
///
/// @param slots tells which items live
/// @param records the edges
/// @param pairs finds them by their ends
/// @param adjacency lists them by one end
record EdgeAudit(Slots slots, EdgeRecords records, PairTable pairs, Adjacency adjacency) {

  /// What is wrong, in words.
  List<String> findings(Edges edges, LeastFirst order) {
    var findings = new ArrayList<String>();
    int count = edges.count();
    if (count > edges.capacity()) {
      findings.add("more edges than allowed: edges=" + count + " capacity=" + edges.capacity());
    }
    if (order.size() != count || !order.isSound()) {
      findings.add("the order of leaving is broken: edges=" + count + " ordered=" + order.size());
    }
    int ends = 0;
    for (long pair : edges.pairs()) {
      int edge = pairs.find(pair);
      if (edge < 0 || !isListed(edge, pair)) {
        findings.add("an edge is not found from both ends: pair=" + Long.toHexString(pair));
      }
      if (!isLiving(slots, EdgeRecords.lesser(pair))
          || !isLiving(slots, EdgeRecords.greater(pair))) {
        findings.add("an edge joins a deleted item: pair=" + Long.toHexString(pair));
      }
      ends += 2;
    }
    int listed = 0;
    for (int item = 0; item < slots.count(EntityKind.ITEM); item++) {
      listed += edges.degree(item);
    }
    if (listed != ends) {
      findings.add("lists hold more than the edges: listed=" + listed + " ends=" + ends);
    }
    return findings;
  }

  private boolean isListed(int edge, long pair) {
    int a = EdgeRecords.lesser(pair);
    int b = EdgeRecords.greater(pair);
    return adjacency.edge(adjacency.list(a), records.place(edge, a)) == edge
        && adjacency.edge(adjacency.list(b), records.place(edge, b)) == edge;
  }

  static boolean isLiving(Slots slots, int item) {
    var kind = EntityKind.ITEM;
    return item >= 0 && item < slots.count(kind) && slots.slot(kind, slots.id(kind, item)) == item;
  }
}
