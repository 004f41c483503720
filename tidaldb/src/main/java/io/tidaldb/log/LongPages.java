package io.tidaldb.log;

import io.tidaldb.log.PageView.PageKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/// Numbered pages of longs that remember which were written, and copy a page first that a
/// checkpoint still reads.
///
/// **Threads.** The writer; a frozen page is never written, so its array may be read by the
/// checkpointer.
final class LongPages {

  private final List<long[]> pages = new ArrayList<>();
  private final int longs;
  private final BitSet dirty = new BitSet();
  private final BitSet frozen = new BitSet();

  /// @param longs how many every page holds
  LongPages(int longs) {
    this.longs = longs;
  }

  /// The page for reading; it is there.
  long[] page(int number) {
    return pages.get(number);
  }

  /// How many pages there are.
  int count() {
    return pages.size();
  }

  /// The page for writing, made when it is the next.
  long[] writable(int number) {
    dirty.set(number);
    if (number == pages.size()) {
      pages.add(new long[longs]);
    } else if (frozen.get(number)) {
      frozen.clear(number);
      pages.set(number, pages.get(number).clone());
    }
    return pages.get(number);
  }

  /// Takes a page that was read back: clean.
  void load(int number, long[] content) {
    while (pages.size() <= number) {
      pages.add(new long[longs]);
    }
    pages.set(number, content);
  }

  void dirty(int number) {
    dirty.set(number);
  }

  void clean(int number) {
    dirty.clear(number);
  }

  /// Freezes the dirty pages, or all; they are clean then.
  List<Page> freeze(boolean all, BitSet present, IntFunction<PageKey> keys) {
    var wanted = all ? present : dirty;
    var result = new ArrayList<Page>(wanted.cardinality());
    // Marks of an earlier freeze stay: at worst a page is copied once more.
    for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
      result.add(new Page(keys.apply(i), pages.get(i)));
      frozen.set(i);
    }
    dirty.clear();
    return result;
  }

  void clear() {
    pages.clear();
    dirty.clear();
    frozen.clear();
  }

  /// The longs of a saved page.
  static long[] longs(byte[] content, int count) {
    if (content.length != count * Long.BYTES) {
      throw new IllegalArgumentException(
          "page has another size: expected=" + count * Long.BYTES + " actual=" + content.length);
    }
    var longs = new long[count];
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(longs);
    return longs;
  }

  /// A frozen page.
  ///
  /// @param longs what it holds; never written again; empty if the page is gone
  @SuppressWarnings("ArrayRecordComponent")
  record Page(PageKey key, long[] longs) {
    byte[] content() {
      var out = ByteBuffer.allocate(longs.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.asLongBuffer().put(longs);
      return out.array();
    }
  }
}
