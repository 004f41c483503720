package io.tidaldb.entity;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.slot.LongPages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/// Numbers, times or ids by slot: 64 bits each, and one bit that says whether there is a value.
///
/// INTEGER, NUMBER and DURATION (in seconds) are doubles; TIME is nanoseconds; ID is the id. Pages
/// 0 hold the words, pages 1 the bits, pages 4 the times of the values of a field with a freshness.
///
/// **Threads.** One writer; readers never wait. The word is written before its time and its bit and
/// read after them, so a reader never takes a word that was not a value, nor one for fresher than
/// it is; it may take the value of the event after.
final class WordColumn implements Column {

  static final int WORDS = 0;
  static final int BITS = 1;
  static final int TIMES = 4;

  private final FieldType type;
  private final LongPages words = new LongPages();
  private final LongPages bits = new LongPages();
  private final LongPages times = new LongPages();

  /// Who holds an id; null for what is no id.
  private final @Nullable Postings postings;

  /// For how long a value is read, in nanoseconds; 0 for ever.
  private volatile long freshNanos;

  /// The highest slot ever set, and one more.
  private volatile int end;

  WordColumn(FieldType type) {
    this.type = type;
    this.postings = type == FieldType.ID ? new Postings() : null;
  }

  @Override
  public FieldType type() {
    return type;
  }

  /// From here on values are read for so long, 0 for ever. Values that are there without a time are
  /// read no more. Writer only.
  void fresh(long nanos) {
    freshNanos = nanos;
  }

  long freshNanos() {
    return freshNanos;
  }

  @Override
  public void set(int slot, @Nullable MetadataValue value, long time) {
    set(slot, value);
    if (freshNanos > 0 && has(slot) && times.get(slot) != time) {
      times.set(slot, time);
    }
  }

  private void set(int slot, @Nullable MetadataValue value) {
    switch (value) {
      case MetadataValue.Whole(var number) when type == FieldType.INTEGER ->
          put(slot, Double.doubleToRawLongBits((double) number));
      case MetadataValue.Real(var number) when type == FieldType.NUMBER ->
          put(slot, Double.doubleToRawLongBits(number));
      case MetadataValue.Span span when type == FieldType.DURATION ->
          put(slot, Double.doubleToRawLongBits(span.seconds()));
      case MetadataValue.Moment(var time) when type == FieldType.TIME -> put(slot, time.nanos());
      case MetadataValue.Id(var id) when type == FieldType.ID -> refer(slot, id.value());
      case null, default -> clear(slot);
    }
  }

  private void refer(int slot, long id) {
    boolean isNew = !holds(slot, id);
    put(slot, id);
    if (isNew && postings != null) {
      postings.add(id, slot, other -> holds(other, id));
    }
  }

  private boolean holds(int slot, long word) {
    return has(slot) && words.get(slot) == word;
  }

  /// The slots that hold an id, in any order, those that held it before maybe twice; the caller's
  /// own. Only of a column of ids.
  int[] referring(long id) {
    if (postings == null) {
      throw new IllegalStateException("a column without ids: type=" + type);
    }
    int[] slots = postings.slots(id);
    int kept = 0;
    for (int slot : slots) {
      slots[kept] = slot;
      kept += holds(slot, id) ? 1 : 0;
    }
    return kept == slots.length ? slots : Arrays.copyOf(slots, kept);
  }

  void put(int slot, long word) {
    words.set(slot, word);
    bits.set(slot >> 6, bits.get(slot >> 6) | (1L << slot));
    if (slot >= end) {
      end = slot + 1;
    }
  }

  void clear(int slot) {
    long before = bits.get(slot >> 6);
    if ((before & (1L << slot)) != 0) {
      bits.set(slot >> 6, before & ~(1L << slot));
    }
  }

  boolean has(int slot) {
    return (bits.get(slot >> 6) & (1L << slot)) != 0;
  }

  /// The word of a slot that has one.
  long word(int slot) {
    return words.get(slot);
  }

  /// The number of a slot, a time in seconds; NaN without one that is fresh at a moment.
  double number(int slot, long at) {
    if (!has(slot) || (freshNanos > 0 && times.get(slot) < at - freshNanos)) {
      return Double.NaN;
    }
    long word = words.get(slot);
    return type == FieldType.TIME ? word / 1e9 : Double.longBitsToDouble(word);
  }

  @Override
  public void publish() {}

  @Override
  public RoaringBitmap present() {
    long[] found = new long[blocks()];
    for (int block = 0; block < found.length; block++) {
      found[block] = bits.get(block);
    }
    return BitSetUtil.bitmapOf(found);
  }

  /// Slots that have a value which is fresh at a moment.
  RoaringBitmap present(long at) {
    long[] found = new long[blocks()];
    for (int block = 0; block < found.length; block++) {
      found[block] = block(block, at);
    }
    return BitSetUtil.bitmapOf(found);
  }

  /// Of 64 slots, those that have a value which is fresh at a moment.
  private long block(int block, long at) {
    long has = bits.get(block);
    long oldest = at - freshNanos;
    if (freshNanos > 0) {
      for (long left = has; left != 0; left &= left - 1) {
        int slot = (block << 6) + Long.numberOfTrailingZeros(left);
        if (times.get(slot) < oldest) {
          has &= ~(1L << slot);
        }
      }
    }
    return has;
  }

  /// How many times 64 slots hold every value.
  int blocks() {
    return (end + 63) >>> 6;
  }

  /// The bits of 64 slots: which have a value.
  long block(int block) {
    return bits.get(block);
  }

  /// Slots whose number lies in the closed range and is fresh at a moment.
  RoaringBitmap numbers(double min, double max, long at) {
    long[] found = new long[blocks()];
    for (int block = 0; block < found.length; block++) {
      long candidates = block(block, at);
      if (candidates != 0) {
        long[] page = page(block);
        int from = (block << 6) & (LongPages.PAGE_LONGS - 1);
        long matches = 0;
        for (int i = 0; i < 64; i++) {
          double value = Double.longBitsToDouble(page[from + i]);
          matches |= ((value >= min ? 1L : 0L) & (value <= max ? 1L : 0L)) << i;
        }
        found[block] = candidates & matches;
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  /// Slots whose word, as a signed number, lies in `from ≤ word < before`.
  RoaringBitmap words(long from, long before) {
    long[] found = new long[blocks()];
    for (int block = 0; block < found.length; block++) {
      long candidates = bits.get(block);
      if (candidates != 0) {
        found[block] = candidates & matches(block, from, before);
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  /// Of 64 slots, those whose word lies in the range, whether they have a value or not.
  long matches(int block, long from, long before) {
    long[] page = page(block);
    int start = (block << 6) & (LongPages.PAGE_LONGS - 1);
    long matches = 0;
    for (int i = 0; i < 64; i++) {
      long word = page[start + i];
      matches |= ((word >= from ? 1L : 0L) & (word < before ? 1L : 0L)) << i;
    }
    return matches;
  }

  /// Slots that have exactly this word.
  RoaringBitmap equal(long wanted) {
    long[] found = new long[blocks()];
    for (int block = 0; block < found.length; block++) {
      long candidates = bits.get(block);
      if (candidates != 0) {
        long[] page = page(block);
        int from = (block << 6) & (LongPages.PAGE_LONGS - 1);
        long matches = 0;
        for (int i = 0; i < 64; i++) {
          matches |= (page[from + i] == wanted ? 1L : 0L) << i;
        }
        found[block] = candidates & matches;
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  private long[] page(int block) {
    long[] page = words.page(block << 6);
    if (page == null) {
      throw new IllegalStateException("a value has no page: block=" + block);
    }
    return page;
  }

  @Override
  public void freeze(int address, boolean all, FrozenIndex into) {
    into.add(address + WORDS, words.freeze(all));
    into.add(address + BITS, bits.freeze(all));
    into.add(address + TIMES, times.freeze(all));
  }

  @Override
  public void load(PageKey key, byte[] content) {
    int page = FrozenIndex.page(key);
    switch (FrozenIndex.part(key)) {
      case WORDS -> words.load(page, content);
      case BITS -> bits.load(page, content);
      case TIMES -> times.load(page, content);
      default -> throw new IllegalArgumentException("unknown part of a column: key=" + key);
    }
  }

  @Override
  public void loaded() {
    bits.pageNumbers().forEach(this::loadedBits);
    if (postings != null) {
      postings.clear();
      present()
          .forEach(
              (int slot) -> {
                long id = words.get(slot);
                postings.add(id, slot, other -> holds(other, id));
              });
    }
  }

  private void loadedBits(int page) {
    for (int i = 0; i < LongPages.PAGE_LONGS; i++) {
      int block = page * LongPages.PAGE_LONGS + i;
      long present = bits.get(block);
      if (present != 0) {
        if (words.page(block << 6) == null) {
          throw new IllegalArgumentException("a value has no page: block=" + block);
        }
        end = (block << 6) + 64 - Long.numberOfLeadingZeros(present);
      }
    }
  }

  @Override
  public List<PageKey> pages(int address) {
    List<PageKey> keys = new ArrayList<>();
    words.pageNumbers().forEach(page -> keys.add(FrozenIndex.key(address + WORDS, page)));
    bits.pageNumbers().forEach(page -> keys.add(FrozenIndex.key(address + BITS, page)));
    times.pageNumbers().forEach(page -> keys.add(FrozenIndex.key(address + TIMES, page)));
    return keys;
  }

  @Override
  public void digest(String field, int slot, StateSink entry) {
    if (has(slot)) {
      entry.value(field, words.get(slot));
      if (freshNanos > 0) {
        entry.value(field + " since", times.get(slot));
      }
    }
  }

  @Override
  public List<String> verify() {
    if (postings == null) {
      return List.of();
    }
    var unlisted = present();
    postings.forEach(
        (id, slots) -> Arrays.stream(slots).filter(s -> holds(s, id)).forEach(unlisted::remove));
    return unlisted.isEmpty()
        ? List.of()
        : List.of("slots that are not listed under their id: first=" + unlisted.first());
  }
}
