package io.tidaldb.relation;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.util.SortedMap;
import java.util.function.Supplier;

/// The changed pages of seen items at one position. They are made of snapshots, which never change,
/// so nothing need be copied.
final class FrozenSeen implements FrozenPages {

  private final SortedMap<PageKey, Supplier<byte[]>> pages;
  private final Runnable whenAbandoned;

  /// @param pages each page's content, encoded when it is asked for
  /// @param whenAbandoned makes them dirty again
  FrozenSeen(SortedMap<PageKey, Supplier<byte[]>> pages, Runnable whenAbandoned) {
    this.pages = pages;
    this.whenAbandoned = whenAbandoned;
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
  public void committed() {}

  @Override
  public void abandoned() {
    whenAbandoned.run();
  }
}
