package io.tidaldb.log;

import io.tidaldb.storage.Tag;

/// A view whose state lives in memory as pages of at most 16 KiB (a page with variable content may
/// exceed it, up to 1 MiB) and is saved as pages by the checkpointer.
public interface PageView extends View {

  /// The tag under which its pages stand. One view per tag.
  Tag tag();

  /// Takes the set of pages that changed since the last freeze that [FrozenPages#committed]. Writer
  /// thread, between two frames. Cheap: no page is copied here; a frozen page that is written later
  /// is copied first by the writer.
  ///
  /// @param all also pages that did not change (for the first checkpoint of a store, and tests)
  FrozenPages freeze(boolean all);

  /// Loads one saved page into the empty view; any order, before [#loaded] and any `apply`. Any
  /// disagreement of content is an `IllegalArgumentException`, which the caller reports as
  /// corruption.
  void load(PageKey key, byte[] content);

  /// All pages are loaded; derived structures (hash tables, heads, free lists) are rebuilt here.
  ///
  /// @param position the position that the pages hold
  void loaded(long position);

  /// Forgets everything: the state before the first event.
  void clear();

  /// Names a page within its view's tag.
  ///
  /// @param page page number, any 64 bits the view chooses
  /// @param type signal type (or any u16 the view chooses), 0 if unused
  /// @param column column (or any u8 the view chooses), 0 if unused
  record PageKey(long page, int type, int column) implements Comparable<PageKey> {
    @Override
    public int compareTo(PageKey other) {
      int byPage = Long.compareUnsigned(page, other.page);
      if (byPage != 0) {
        return byPage;
      }
      int byType = Integer.compare(type, other.type);
      return byType != 0 ? byType : Integer.compare(column, other.column);
    }
  }

  /// The dirty pages at one position, readable from the checkpointer's thread while the writer goes
  /// on.
  interface FrozenPages {

    /// How many pages.
    int count();

    /// Encodes every page, one after the other, in `PageKey` order. Empty content says that the
    /// page is gone.
    void forEach(PageSink sink);

    /// The checkpoint holds these pages; they are clean unless written since. Any thread.
    void committed();

    /// The checkpoint failed: these pages are dirty again. Any thread.
    void abandoned();
  }

  /// Takes encoded pages.
  interface PageSink {
    /// One page; the sink may keep the array.
    void page(PageKey key, byte[] content);
  }
}
