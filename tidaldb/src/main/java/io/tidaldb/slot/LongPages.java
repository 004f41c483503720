package io.tidaldb.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A growing array of longs in pages of 16 KiB that can be saved while it changes. A page that was
/// never written does not exist and reads as 0.
///
/// Freezing copies nothing: it takes the references of the changed pages. The writer replaces such
/// a page by a copy before its next write, so the frozen one stays as it was.
///
/// **Threads.** One writer; readers never wait:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `pages` | writer | release | acquire | an array without the newest pages: 0 |
/// | an element of `pages` | writer | release | acquire | a page as it was before its next write |
/// | an element of a page | writer | release | acquire | the previous value, never torn |
///
/// Who reads an index that it learned from another release write of the writer sees at least what
/// was written before that.
public final class LongPages {

  /// Longs in a page.
  public static final int PAGE_LONGS = 2048;

  private static final int SHIFT = 11;
  private static final int MASK = PAGE_LONGS - 1;
  private static final VarHandle PAGES;
  private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  static {
    try {
      PAGES = MethodHandles.lookup().findVarHandle(LongPages.class, "pages", long[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PageTracker tracker = new PageTracker();
  private long[] @Nullable [] pages = new long[4][];

  /// The value at an index that is not negative; 0 if never set.
  public long get(int index) {
    long[] page = pageAcquire(index >> SHIFT);
    return page == null ? 0 : (long) ELEMENT.getAcquire(page, index & MASK);
  }

  /// Sets the value at an index that is not negative. Writer only.
  public void set(int index, long value) {
    ELEMENT.setRelease(writable(index >> SHIFT), index & MASK, value);
  }

  /// The page that holds an index, for reading kernels; null if no index near it was ever set. Its
  /// first element is the greatest multiple of [#PAGE_LONGS] that is not above the index.
  public long @Nullable [] page(int index) {
    return pageAcquire(index >> SHIFT);
  }

  /// The numbers of the pages that exist, rising. Writer only.
  public IntStream pageNumbers() {
    return IntStream.range(0, pages.length).filter(page -> pages[page] != null);
  }

  /// Takes the pages that changed since the last freeze that was committed. Writer only.
  ///
  /// @param all also those that did not change
  public Frozen freeze(boolean all) {
    var also = new BitSet();
    if (all) {
      for (int i = 0; i < pages.length; i++) {
        also.set(i, pages[i] != null);
      }
    }
    PageTracker.Freeze freeze = tracker.freeze(also);
    long[][] content = new long[freeze.count()][];
    for (int i = 0; i < content.length; i++) {
      content[i] = existing(freeze.page(i));
    }
    return new Frozen(freeze, content);
  }

  /// Takes one saved page, clean. Writer only.
  ///
  /// @throws IllegalArgumentException if the page exists or the content is no page
  public void load(int page, byte[] content) {
    if (content.length == 0 || content.length % 8 != 0 || content.length > PAGE_LONGS * 8) {
      throw new IllegalArgumentException("not a page of longs: bytes=" + content.length);
    }
    if (page < 0 || page > Integer.MAX_VALUE >> SHIFT) {
      throw new IllegalArgumentException("page number out of range: page=" + page);
    }
    if (pageAcquire(page) != null) {
      throw new IllegalArgumentException("page loaded twice: page=" + page);
    }
    long[] longs = new long[PAGE_LONGS];
    ByteBuffer.wrap(content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(longs, 0, content.length / 8);
    grow(page);
    PAGE.setRelease(pages, page, longs);
  }

  /// Forgets everything. Writer only.
  public void clear() {
    tracker.clear();
    PAGES.setRelease(this, new long[4][]);
  }

  private long @Nullable [] pageAcquire(int page) {
    long[][] now = (long[][]) PAGES.getAcquire(this);
    return page < now.length ? (long[]) PAGE.getAcquire(now, page) : null;
  }

  private long[] existing(int page) {
    long[] longs = pages[page];
    if (longs == null) {
      throw new IllegalStateException("a changed page does not exist: page=" + page);
    }
    return longs;
  }

  private long[] writable(int page) {
    boolean copyFirst = tracker.touch(page);
    grow(page);
    long[] old = pages[page];
    if (old != null && !copyFirst) {
      return old;
    }
    long[] fresh = old == null ? new long[PAGE_LONGS] : old.clone();
    PAGE.setRelease(pages, page, fresh);
    return fresh;
  }

  private void grow(int page) {
    if (page >= pages.length) {
      PAGES.setRelease(this, Arrays.copyOf(pages, Math.max(page + 1, 2 * pages.length)));
    }
  }

  /// Pages as they were at a freeze; any thread may read them until it says how saving ended.
  public static final class Frozen {

    private final PageTracker.Freeze freeze;
    private final long[][] content;

    private Frozen(PageTracker.Freeze freeze, long[][] content) {
      this.freeze = freeze;
      this.content = content;
    }

    /// How many pages.
    public int count() {
      return content.length;
    }

    /// The number of the index-th page; they rise.
    public int page(int index) {
      return freeze.page(index);
    }

    /// The bytes of the index-th page, little-endian.
    ///
    /// @param longs how many of its longs, from the first on
    public byte[] encode(int index, int longs) {
      var bytes = ByteBuffer.allocate(longs * 8).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(content[index], 0, longs);
      return bytes.array();
    }

    /// As [PageTracker.Freeze#committed].
    public void committed() {
      freeze.committed();
    }

    /// As [PageTracker.Freeze#abandoned].
    public void abandoned() {
      freeze.abandoned();
    }
  }
}
