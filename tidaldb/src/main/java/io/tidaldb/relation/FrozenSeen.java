package io.tidaldb.relation;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.slot.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The changed pages of seen items at one position. Snapshots never change, so nothing need be
/// copied.
final class FrozenSeen implements FrozenPages {

  /// @param number the page's number
  /// @param items everything that its user has seen
  record Page(long number, SlotSet.Snapshot items) {}

  private final List<Page> pages;
  private final byte @Nullable [] viewType;
  private final Runnable whenAbandoned;

  /// @param pages in order of their numbers
  /// @param viewType content of the page of the type that means view, if it changed
  /// @param whenAbandoned makes them dirty again
  FrozenSeen(List<Page> pages, byte @Nullable [] viewType, Runnable whenAbandoned) {
    this.pages = pages;
    this.viewType = viewType;
    this.whenAbandoned = whenAbandoned;
  }

  @Override
  public int count() {
    return pages.size() + (viewType == null ? 0 : 1);
  }

  @Override
  public void forEach(PageSink sink) {
    boolean typeTold = viewType == null;
    for (var page : pages) {
      // The type's page has number 0 too, and comes after it.
      if (!typeTold && page.number() > 0) {
        tellType(sink);
        typeTold = true;
      }
      var content = SeenItems.encode(page.items().chunk((int) (page.number() & 0xFFFF)));
      sink.page(new PageKey(page.number(), 0, 0), content);
    }
    if (!typeTold) {
      tellType(sink);
    }
  }

  private void tellType(PageSink sink) {
    if (viewType != null) {
      sink.page(new PageKey(0, 1, 0), viewType);
    }
  }

  @Override
  public void committed() {}

  @Override
  public void abandoned() {
    whenAbandoned.run();
  }
}
