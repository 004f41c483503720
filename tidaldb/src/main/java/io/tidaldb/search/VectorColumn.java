package io.tidaldb.search;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.SlotSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The vectors of one embedding slot, by the slots of entities: pages of up to 64 vectors. A page
/// is copied before its first change after a publication, so what was published never changes, and
/// neither copying nor locking is needed to read or to save it.
///
/// **Threads.** The writer changes, publishes and freezes; any thread reads [#published].
final class VectorColumn {

  private static final int PAGE_BYTES = 16 << 10;

  /// Preferences change one by one, again and again: less to copy each time.
  private static final int PREFERENCE_PAGE_BYTES = 4 << 10;

  private static final int PAGE_VECTORS_MAX = 64;

  /// Pages in one chunk of the table: what publishing one change copies.
  private static final int CHUNK_SHIFT = 8;

  private final EmbeddingSlot slot;
  private final int number;
  private final int pageShift;
  private @Nullable VectorPage[] @Nullable [] chunks = new VectorPage[0][];
  private final BitSet ownedPages = new BitSet();
  private final BitSet ownedChunks = new BitSet();
  private final BitSet dirty = new BitSet();
  private final ConcurrentLinkedQueue<Integer> returned = new ConcurrentLinkedQueue<>();
  private final SlotSet present = new SlotSet();
  private final ChangeLog changes = new ChangeLog();
  private int count;
  private boolean changed;
  private volatile Vectors published;

  /// @param number the store's number for the slot, from 1
  VectorColumn(EmbeddingSlot slot, int number) {
    this.slot = slot;
    this.number = number;
    long bytes = slot.kind() == EntityKind.USER ? PREFERENCE_PAGE_BYTES : PAGE_BYTES;
    int fitting = Math.clamp(bytes / (4L * slot.dimensions()), 1, PAGE_VECTORS_MAX);
    this.pageShift = 31 - Integer.numberOfLeadingZeros(fitting);
    this.published = new Vectors(slot, table(), present.snapshot(), 0, changes.suffix());
  }

  EmbeddingSlot slot() {
    return slot;
  }

  int number() {
    return number;
  }

  private Vectors.Table table() {
    return new Vectors.Table(chunks, pageShift, CHUNK_SHIFT);
  }

  /* --- folding --- */

  /// The page of a slot as the writer sees it, or null.
  private @Nullable VectorPage page(int slot) {
    return table().page(slot);
  }

  private int index(int slot) {
    return slot & ((1 << pageShift) - 1);
  }

  /// Whether an entity has a vector, as the writer sees it.
  boolean has(int entity) {
    var page = entity < 0 ? null : page(entity);
    return page != null && page.has(index(entity));
  }

  /// Fills in an entity's vector, brought to length 1, as the writer sees it.
  ///
  /// @return whether it has one, of some length
  boolean unit(int entity, double[] out) {
    var page = entity < 0 ? null : page(entity);
    if (page == null || !page.has(index(entity)) || page.scale(index(entity)) == 0) {
      return false;
    }
    int from = page.offset(index(entity));
    double length = VectorMath.length(page.values(), from, slot.dimensions());
    for (int i = 0; i < slot.dimensions(); i++) {
      out[i] = page.values()[from + i] / length;
    }
    return true;
  }

  /// Fills in an entity's vector as it is, as the writer sees it.
  ///
  /// @return whether it has one
  boolean vector(int entity, double[] out) {
    var page = entity < 0 ? null : page(entity);
    if (page == null || !page.has(index(entity))) {
      return false;
    }
    int from = page.offset(index(entity));
    for (int i = 0; i < slot.dimensions(); i++) {
      out[i] = page.values()[from + i];
    }
    return true;
  }

  /// What stands behind a preference, as the writer sees it; 0 without one.
  double evidence(int entity) {
    var page = entity < 0 ? null : page(entity);
    return page != null && page.has(index(entity)) ? page.evidence(index(entity)) : 0;
  }

  void put(int entity, VectorRow row) {
    count += has(entity) ? 0 : 1;
    owned(entity).put(index(entity), row);
    var _ = present.add(entity);
    note(entity, row.position());
  }

  /// @param position of the event that takes the vector away
  void remove(int entity, long position) {
    if (has(entity)) {
      owned(entity).remove(index(entity));
      var _ = present.remove(entity);
      count--;
      note(entity, position);
    }
  }

  /// Preferences are never indexed, so nobody misses their changes.
  private void note(int entity, long position) {
    changed = true;
    if (slot.kind() != EntityKind.USER) {
      changes.add(entity, position);
    }
  }

  /// The slot's page, the writer's own until it is published.
  private VectorPage owned(int entity) {
    int pageNumber = entity >>> pageShift;
    int chunkNumber = pageNumber >>> CHUNK_SHIFT;
    if (chunkNumber >= chunks.length || !ownedChunks.get(chunkNumber)) {
      chunks = Arrays.copyOf(chunks, Math.max(chunks.length, chunkNumber + 1));
      var chunk = chunks[chunkNumber];
      chunks[chunkNumber] = chunk == null ? new VectorPage[1 << CHUNK_SHIFT] : chunk.clone();
      ownedChunks.set(chunkNumber);
    }
    var chunk = chunks[chunkNumber];
    if (chunk == null) {
      throw new IllegalStateException("an owned chunk is missing: chunk=" + chunkNumber);
    }
    int at = pageNumber & ((1 << CHUNK_SHIFT) - 1);
    var page = chunk[at];
    if (page == null || !ownedPages.get(pageNumber)) {
      page =
          page == null ? new VectorPage(slot.dimensions(), 1 << pageShift) : new VectorPage(page);
      chunk[at] = page;
      ownedPages.set(pageNumber);
      dirty.set(pageNumber);
    }
    return page;
  }

  /// Makes everything so far visible to readers.
  ///
  /// @param indexed the position up to which an index has everything
  void publish(long indexed) {
    if (!changed) {
      return;
    }
    present.publish();
    changes.drop(indexed);
    published = new Vectors(slot, table(), present.snapshot(), count, changes.suffix());
    ownedPages.clear();
    ownedChunks.clear();
    changed = false;
  }

  /// What readers see; never changes.
  Vectors published() {
    return published;
  }

  /* --- pages --- */

  /// Adds the pages that must be saved, and returns what makes them dirty again.
  Runnable freeze(boolean all, SortedMap<PageKey, Supplier<byte[]>> pages) {
    // What is frozen must not change any more.
    ownedPages.clear();
    ownedChunks.clear();
    for (var back = returned.poll(); back != null; back = returned.poll()) {
      dirty.set(back);
    }
    var numbers = (all ? pageNumbers() : dirty.stream()).boxed().toList();
    var table = table();
    for (int page : numbers) {
      var content = table.page(page << pageShift);
      pages.put(
          new PageKey(page, number, 0),
          () -> content == null ? new byte[0] : VectorCodec.encode(content, slot));
    }
    dirty.clear();
    return () -> returned.addAll(numbers);
  }

  /// The keys of every page that may have been saved.
  List<PageKey> keys() {
    return pageNumbers().mapToObj(page -> new PageKey(page, number, 0)).toList();
  }

  private IntStream pageNumbers() {
    var table = table();
    return IntStream.range(0, chunks.length << CHUNK_SHIFT)
        .filter(page -> table.page(page << pageShift) != null);
  }

  void load(PageKey key, byte[] content) {
    long last = (Integer.MAX_VALUE >>> pageShift) - 1L;
    if (key.page() < 0 || key.page() > last || key.column() != 0) {
      throw new IllegalArgumentException("no page of vectors: key=" + key);
    }
    int first = (int) key.page() << pageShift;
    if (page(first) != null) {
      throw new IllegalArgumentException("page loaded twice: key=" + key);
    }
    VectorCodec.decode(content, slot, 1 << pageShift, (index, row) -> put(first + index, row));
  }

  /// @param position what the pages hold; what of it an index lacks is told by the vectors
  void loaded(long position) {
    changes.forget(position);
    publish(0);
    dirty.clear();
  }
}
