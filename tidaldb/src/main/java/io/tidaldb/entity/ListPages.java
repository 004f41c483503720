package io.tidaldb.entity;

import io.tidaldb.slot.PageTracker;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A short list of numbers for each slot, packed in pages of 512 slots. A slot that was never set
/// has none.
///
/// ```
///  0            1024
/// +------------+------------------- ...
/// | ends u16 × | numbers i32 of all slots, one after the other
/// | 512        |
/// +------------+------------------- ...
/// ```
///
/// The list of slot i is `numbers[ends[i − 1]] … numbers[ends[i] − 1]`. Big-endian.
///
/// **Threads.** Writer only; a frozen page may be encoded by another thread.
final class ListPages {

  static final int PAGE_SLOTS = 512;

  private static final int SHIFT = 9;
  private static final int ENDS_BYTES = PAGE_SLOTS * 2;
  private static final int[] NONE = new int[0];

  private final PageTracker tracker = new PageTracker();
  private @Nullable Page[] pages = new Page[0];

  /// One page. Its arrays are replaced, never changed, while it is frozen.
  static final class Page {
    private final char[] ends;
    private int[] numbers;

    private Page(char[] ends, int[] numbers) {
      this.ends = ends;
      this.numbers = numbers;
    }

    private Page copy() {
      return new Page(ends.clone(), numbers.clone());
    }

    private int start(int index) {
      return index == 0 ? 0 : ends[index - 1];
    }

    private int used() {
      return ends[PAGE_SLOTS - 1];
    }

    byte[] encode() {
      var out = ByteBuffer.allocate(ENDS_BYTES + 4 * used());
      out.asCharBuffer().put(ends);
      out.position(ENDS_BYTES).asIntBuffer().put(numbers, 0, used());
      return out.array();
    }
  }

  /// The list of a slot; a copy.
  int[] get(int slot) {
    var page = slot >> SHIFT < pages.length ? pages[slot >> SHIFT] : null;
    if (page == null) {
      return NONE;
    }
    int index = slot & (PAGE_SLOTS - 1);
    int start = page.start(index);
    int end = page.ends[index];
    return start == end ? NONE : Arrays.copyOfRange(page.numbers, start, end);
  }

  /// Replaces the list of a slot.
  void set(int slot, int[] list) {
    var page = writable(slot >> SHIFT);
    int index = slot & (PAGE_SLOTS - 1);
    int start = page.start(index);
    int tail = page.ends[index];
    int used = page.used();
    int grown = list.length - (tail - start);
    if (used + grown > page.numbers.length) {
      page.numbers = Arrays.copyOf(page.numbers, Math.max(used + grown, page.numbers.length * 2));
    }
    System.arraycopy(page.numbers, tail, page.numbers, tail + grown, used - tail);
    System.arraycopy(list, 0, page.numbers, start, list.length);
    if (grown != 0) {
      for (int i = index; i < PAGE_SLOTS; i++) {
        page.ends[i] += (char) grown;
      }
    }
  }

  private Page writable(int number) {
    boolean copyFirst = tracker.touch(number);
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
    }
    var page = pages[number];
    if (page != null && !copyFirst) {
      return page;
    }
    var fresh = page == null ? new Page(new char[PAGE_SLOTS], new int[16]) : page.copy();
    pages[number] = fresh;
    return fresh;
  }

  /// Calls once for every slot with a list, in order of slots.
  void forEachSlot(IntConsumer consumer) {
    pageNumbers()
        .forEach(
            number -> {
              var page = existing(number);
              for (int index = 0; index < PAGE_SLOTS; index++) {
                if (page.start(index) != page.ends[index]) {
                  consumer.accept((number << SHIFT) + index);
                }
              }
            });
  }

  PageTracker.Freeze freeze(boolean all) {
    var also = new BitSet();
    if (all) {
      pageNumbers().forEach(also::set);
    }
    return tracker.freeze(also);
  }

  Page existing(int number) {
    var page = pages[number];
    if (page == null) {
      throw new IllegalStateException("a page of lists does not exist: page=" + number);
    }
    return page;
  }

  IntStream pageNumbers() {
    var now = pages;
    return IntStream.range(0, now.length).filter(number -> now[number] != null);
  }

  /// @throws IllegalArgumentException if the content is no page
  void load(int number, byte[] content) {
    if (content.length < ENDS_BYTES || (content.length - ENDS_BYTES) % 4 != 0) {
      throw new IllegalArgumentException("not a page of lists: bytes=" + content.length);
    }
    if (number < 0 || number > Integer.MAX_VALUE >> SHIFT) {
      throw new IllegalArgumentException("page number out of range: page=" + number);
    }
    var in = ByteBuffer.wrap(content);
    var ends = new char[PAGE_SLOTS];
    in.asCharBuffer().get(ends);
    int[] numbers = new int[(content.length - ENDS_BYTES) / 4];
    in.position(ENDS_BYTES).asIntBuffer().get(numbers);
    int last = 0;
    for (char end : ends) {
      if (end < last) {
        throw new IllegalArgumentException("lists of a page overlap: page=" + number);
      }
      last = end;
    }
    if (last != numbers.length) {
      throw new IllegalArgumentException("lists end elsewhere: page=" + number);
    }
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
    }
    if (pages[number] != null) {
      throw new IllegalArgumentException("page loaded twice: page=" + number);
    }
    pages[number] = new Page(ends, numbers);
  }
}
