package io.tidaldb.coengagement;

import com.google.errorprone.annotations.Var;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A growing array of ints in pages of 16 KiB, so that growing copies nothing but the table of
/// pages. What was never set reads as 0.
///
/// **Threads.** One writer; readers check a [Stripes] version afterwards:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `pages` | writer | release | acquire | an array without the newest pages: 0 |
/// | an element of `pages` | writer | release | acquire | the page is not there yet: 0 |
/// | an element of a page | writer | plain | plain | noticed by the version |
final class IntPages {

  private static final int SHIFT = 12;
  private static final int PAGE_INTS = 1 << SHIFT;
  private static final int MASK = PAGE_INTS - 1;
  private static final VarHandle PAGES;
  private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(int[][].class);

  static {
    try {
      PAGES = MethodHandles.lookup().findVarHandle(IntPages.class, "pages", int[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int[] @Nullable [] pages = new int[4][];

  int get(int index) {
    int[][] now = (int[][]) PAGES.getAcquire(this);
    int page = index >>> SHIFT;
    int[] ints = page < now.length ? (int[]) PAGE.getAcquire(now, page) : null;
    return ints == null ? 0 : ints[index & MASK];
  }

  /// Sets an element. Writer.
  void set(int index, int value) {
    int page = index >>> SHIFT;
    int[] ints = page < pages.length ? pages[page] : null;
    if (ints == null) {
      ints = added(page);
    }
    ints[index & MASK] = value;
  }

  private int[] added(int page) {
    if (page >= pages.length) {
      PAGES.setRelease(this, Arrays.copyOf(pages, Math.max(page + 1, 2 * pages.length)));
    }
    var fresh = new int[PAGE_INTS];
    PAGE.setRelease(pages, page, fresh);
    return fresh;
  }

  /// Bytes of the arrays.
  long bytes() {
    @Var long bytes = 16 + 4L * pages.length;
    for (int[] page : pages) {
      bytes += page == null ? 0 : 16 + 4L * PAGE_INTS;
    }
    return bytes;
  }
}
