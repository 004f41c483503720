package io.tidaldb.entity;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.slot.LongPages;
import io.tidaldb.slot.PageTracker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// The changed pages of the entity index at one position. Filled by the writer, then read by the
/// checkpointer.
///
/// A page's key is its number, the field's number as the type, and a column byte: `0` in the low
/// four bits for words, `1` for presence bits, `2` for titles or lists, `3` for a dictionary, `4`
/// for times; the kind in the high four bits where the field's number is 0.
final class FrozenIndex implements FrozenPages {

  private record Page(PageKey key, Supplier<byte[]> content) {}

  private final List<Page> pages = new ArrayList<>();
  private final List<Runnable> whenCommitted = new ArrayList<>();
  private final List<Runnable> whenAbandoned = new ArrayList<>();
  private boolean sorted;

  /// @param address field number · 256 + column byte
  static PageKey key(int address, long page) {
    return new PageKey(page, address >>> 8, address & 0xFF);
  }

  /// The low four bits of a key's column.
  static int part(PageKey key) {
    return key.column() & 0xF;
  }

  /// @throws IllegalArgumentException if the page number is no int
  static int page(PageKey key) {
    if (key.page() < 0 || key.page() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("page number out of range: key=" + key);
    }
    return (int) key.page();
  }

  void add(int address, LongPages.Frozen frozen) {
    for (int i = 0; i < frozen.count(); i++) {
      int index = i;
      add(key(address, frozen.page(i)), () -> frozen.encode(index, LongPages.PAGE_LONGS));
    }
    whenCommitted.add(frozen::committed);
    whenAbandoned.add(frozen::abandoned);
  }

  /// Pages whose owner keeps track of them with this freeze.
  void add(PageTracker.Freeze freeze) {
    whenCommitted.add(freeze::committed);
    whenAbandoned.add(freeze::abandoned);
  }

  void add(PageKey key, Supplier<byte[]> content) {
    pages.add(new Page(key, content));
    sorted = false;
  }

  /// Says what to do when the checkpoint fails.
  void whenAbandoned(Runnable action) {
    whenAbandoned.add(action);
  }

  @Override
  public int count() {
    return pages.size();
  }

  @Override
  public void forEach(PageSink sink) {
    if (!sorted) {
      pages.sort(Comparator.comparing(Page::key));
      sorted = true;
    }
    pages.forEach(page -> sink.page(page.key(), page.content().get()));
  }

  @Override
  public void committed() {
    whenCommitted.forEach(Runnable::run);
  }

  @Override
  public void abandoned() {
    whenAbandoned.forEach(Runnable::run);
  }
}
