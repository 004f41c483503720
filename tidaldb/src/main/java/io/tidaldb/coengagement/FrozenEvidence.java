package io.tidaldb.coengagement;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.slot.LongPages;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The changed pages of the view at one position: those of edges are copied by the writer before it
/// changes them, groups of windows are encoded by whoever comes first.
final class FrozenEvidence implements FrozenPages {

  private final SortedMap<PageKey, Supplier<byte[]>> pages = new TreeMap<>();
  private final LongPages.Frozen edges;
  private final Runnable whenAbandoned;

  /// @param head content of the first page
  /// @param windows by group
  /// @param whenAbandoned makes the windows dirty again
  FrozenEvidence(
      byte[] head,
      LongPages.Frozen edges,
      Collection<Map.Entry<Integer, FrozenWindows>> windows,
      Runnable whenAbandoned) {
    this.edges = edges;
    this.whenAbandoned = whenAbandoned;
    pages.put(CoEngagementView.HEAD, () -> head);
    for (int i = 0; i < edges.count(); i++) {
      int index = i;
      pages.put(
          new PageKey(edges.page(i), CoEngagementView.EDGES, 0),
          () -> edges.encode(index, LongPages.PAGE_LONGS));
    }
    for (var group : windows) {
      pages.put(new PageKey(group.getKey(), CoEngagementView.WINDOWS, 0), group.getValue()::take);
    }
  }

  @Override
  public int count() {
    return pages.size();
  }

  @Override
  public void forEach(PageSink sink) {
    pages.forEach((key, content) -> sink.page(key, content.get()));
  }

  @Override
  public void committed() {
    edges.committed();
  }

  @Override
  public void abandoned() {
    edges.abandoned();
    whenAbandoned.run();
  }
}
