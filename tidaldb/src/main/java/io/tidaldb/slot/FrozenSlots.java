package io.tidaldb.slot;

import io.tidaldb.log.PageView;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The changed pages of all kinds at one position.
final class FrozenSlots implements FrozenPages {

  /// @param longs how many longs of the page are saved
  private record Page(PageKey key, LongPages.Frozen frozen, int index, int longs) {}

  private final List<LongPages.Frozen> parts = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();

  FrozenSlots(KindSlots[] kinds, boolean all) {
    for (KindSlots kind : kinds) {
      int count = kind.count();
      LongPages.Frozen ids = kind.ids.freeze(all);
      for (int i = 0; i < ids.count(); i++) {
        add(kind, KindSlots.IDS, ids, i, KindSlots.used(ids.page(i), count));
      }
      LongPages.Frozen dead = kind.dead.freeze(all);
      for (int i = 0; i < dead.count(); i++) {
        add(kind, KindSlots.DEAD, dead, i, LongPages.PAGE_LONGS);
      }
      parts.add(ids);
      parts.add(dead);
    }
    pages.sort(Comparator.comparing(Page::key));
  }

  private void add(KindSlots kind, int column, LongPages.Frozen frozen, int index, int longs) {
    var key = new PageKey(frozen.page(index), kind.kind.code(), column);
    pages.add(new Page(key, frozen, index, longs));
  }

  @Override
  public int count() {
    return pages.size();
  }

  @Override
  public void forEach(PageView.PageSink sink) {
    for (Page page : pages) {
      sink.page(page.key, page.frozen.encode(page.index, page.longs));
    }
  }

  @Override
  public void committed() {
    parts.forEach(LongPages.Frozen::committed);
  }

  @Override
  public void abandoned() {
    parts.forEach(LongPages.Frozen::abandoned);
  }
}
