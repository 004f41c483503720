package io.tidaldb.coengagement;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.slot.LongPages;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The changed pages of the view at one position: those of edges and crowds are copied by the
/// writer before it changes them, groups of windows are encoded by whoever comes first.
final class FrozenEvidence implements FrozenPages {

  private final SortedMap<PageKey, Supplier<byte[]>> pages = new TreeMap<>();
  private final List<LongPages.Frozen> longs;
  private final Runnable whenAbandoned;

  /// @param head content of the first page
  /// @param longs pages of longs, by the type of their key
  /// @param windows by group
  /// @param whenAbandoned makes the windows dirty again
  FrozenEvidence(
      byte[] head,
      SortedMap<Integer, LongPages.Frozen> longs,
      Collection<Map.Entry<Integer, FrozenWindows>> windows,
      Runnable whenAbandoned) {
    this.longs = List.copyOf(longs.values());
    this.whenAbandoned = whenAbandoned;
    pages.put(CoEngagementView.HEAD, () -> head);
    longs.forEach(this::put);
    for (var group : windows) {
      pages.put(new PageKey(group.getKey(), CoEngagementView.WINDOWS, 0), group.getValue()::take);
    }
  }

  private void put(int type, LongPages.Frozen frozen) {
    for (int i = 0; i < frozen.count(); i++) {
      int index = i;
      pages.put(
          new PageKey(frozen.page(i), type, 0), () -> frozen.encode(index, LongPages.PAGE_LONGS));
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
    longs.forEach(LongPages.Frozen::committed);
  }

  @Override
  public void abandoned() {
    longs.forEach(LongPages.Frozen::abandoned);
    whenAbandoned.run();
  }
}
