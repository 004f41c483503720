package io.tidaldb.search;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;

/// The changed pages of vectors at one position. What they are made of never changes.
///
/// @param pages each page's content, encoded when it is asked for
/// @param whenAbandoned makes them dirty again
record FrozenVectors(SortedMap<PageKey, Supplier<byte[]>> pages, List<Runnable> whenAbandoned)
    implements FrozenPages {

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
    whenAbandoned.forEach(Runnable::run);
  }
}
