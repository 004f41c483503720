package io.tidaldb.cohort;

import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;
import io.tidaldb.log.PageView.PageKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One immutable value per slot, saved in groups of 64.
///
/// ```
/// page:  version u8 | values varint | { slot in group u8 | value } …
/// ```
///
/// **Threads.** One writer, any number of readers, who see a value whole or not at all. What a
/// freeze took can be encoded on any thread, for values never change.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `chunks` | writer | volatile | volatile | a slot without value |
/// | element of a chunk | writer | release | acquire | the value before |
/// | `returned` | whoever abandons | concurrent queue | writer | – |
final class PerSlot<T> {

  private static final int VERSION = 1;
  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
  private static final int GROUP_SHIFT = 6;
  private static final int GROUP = 1 << GROUP_SHIFT;
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);

  /// The saved form of a value.
  interface Codec<T> {
    void write(PageWriter out, T value);

    T read(PageSource in);
  }

  /// Does something with a slot that has a value.
  interface Step<T> {
    void value(int slot, T value);
  }

  private final int column;
  private final Codec<T> codec;
  private final BitSet dirty = new BitSet();
  private final ConcurrentLinkedQueue<BitSet> returned = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Object[][] chunks = new Object[0][];

  /// @param column the column of its pages
  PerSlot(int column, Codec<T> codec) {
    this.column = column;
    this.codec = codec;
  }

  /// The value of a slot, or null; null for −1. Any thread.
  @SuppressWarnings("unchecked")
  @Nullable T get(int slot) {
    var now = chunks;
    int chunk = slot >>> CHUNK_SHIFT;
    return chunk < now.length && now[chunk] != null
        ? (T) ELEMENT.getAcquire(now[chunk], slot & CHUNK_MASK)
        : null;
  }

  /// Sets or, with null, removes a value. Writer.
  void set(int slot, @Nullable T value) {
    var now = chunks;
    int chunk = slot >>> CHUNK_SHIFT;
    if (chunk >= now.length || now[chunk] == null) {
      if (value == null) {
        return;
      }
      now = Arrays.copyOf(now, Math.max(now.length, chunk + 1));
      now[chunk] = new Object[1 << CHUNK_SHIFT];
      chunks = now;
    }
    ELEMENT.setRelease(now[chunk], slot & CHUNK_MASK, value);
    dirty.set(slot >>> GROUP_SHIFT);
  }

  /// Walks all values in slot order. Any thread.
  @SuppressWarnings("unchecked")
  void forEach(Step<T> step) {
    var now = chunks;
    for (int chunk = 0; chunk < now.length; chunk++) {
      for (int i = 0; now[chunk] != null && i <= CHUNK_MASK; i++) {
        var value = (T) ELEMENT.getAcquire(now[chunk], i);
        if (value != null) {
          step.value(chunk << CHUNK_SHIFT | i, value);
        }
      }
    }
  }

  /// Adds the groups that changed since the last freeze that was committed. Writer.
  ///
  /// @return what gives them back if the freeze fails
  Runnable freeze(boolean all, Map<PageKey, Supplier<byte[]>> pages) {
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      dirty.or(back);
    }
    if (all) {
      forEach((slot, value) -> dirty.set(slot >>> GROUP_SHIFT));
    }
    var taken = (BitSet) dirty.clone();
    dirty.clear();
    taken.stream().forEach(group -> pages.put(new PageKey(group, 0, column), group(group)));
    return () -> returned.add(taken);
  }

  private Supplier<byte[]> group(int group) {
    var values = new @Nullable Object[GROUP];
    for (int i = 0; i < GROUP; i++) {
      values[i] = get(group << GROUP_SHIFT | i);
    }
    return () -> encode(values);
  }

  @SuppressWarnings("unchecked")
  private byte[] encode(@Nullable Object[] values) {
    int count = 0;
    for (var value : values) {
      count += value == null ? 0 : 1;
    }
    if (count == 0) {
      return new byte[0];
    }
    var out = new PageWriter().u8(VERSION).varint(count);
    for (int i = 0; i < values.length; i++) {
      var value = values[i];
      if (value != null) {
        out.u8(i);
        codec.write(out, (T) value);
      }
    }
    return out.toBytes();
  }

  /// Loads a page.
  void load(PageKey key, byte[] content) {
    if (key.page() < 0 || key.page() > Integer.MAX_VALUE >>> GROUP_SHIFT) {
      throw new IllegalArgumentException("no such group: key=" + key);
    }
    var in = new PageSource(content);
    if (in.u8() != VERSION) {
      throw new IllegalArgumentException("page version not known: key=" + key);
    }
    for (int i = in.count(GROUP); i > 0; i--) {
      int within = in.u8();
      if (within >= GROUP) {
        throw new IllegalArgumentException("slot outside of its group: key=" + key);
      }
      set((int) key.page() << GROUP_SHIFT | within, codec.read(in));
    }
    in.end();
    dirty.clear((int) key.page());
  }

  /// Forgets everything. Writer.
  void clear() {
    chunks = new Object[0][];
    dirty.clear();
    returned.clear();
  }
}
