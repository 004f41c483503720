package io.tidaldb.session;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.util.SortedMap;
import java.util.function.Supplier;

/// Pages of sessions at one position, encoded one after the other when they are asked for.
final class FrozenSessions implements FrozenPages {

  private final SortedMap<PageKey, Supplier<byte[]>> pages;
  private final Runnable returned;

  /// @param returned makes the pages dirty again
  FrozenSessions(SortedMap<PageKey, Supplier<byte[]>> pages, Runnable returned) {
    this.pages = pages;
    this.returned = returned;
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
    // What was frozen is clean already.
  }

  @Override
  public void abandoned() {
    returned.run();
  }
}
