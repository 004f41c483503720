package io.tidaldb.slot;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// A set of slots that one writer changes and any number of threads read as it was when it was last
/// published.
///
/// Up to 16 slots are a sorted array; more are one bitmap for each 65,536 slots. A published array
/// or bitmap never changes: the writer copies it before its first change after a publication, so a
/// reader's bitmap is never torn, and a chunk is copied at most once between two publications.
///
/// **Threads.**
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `published` | writer | volatile | volatile | the set as it was one publication ago |
/// | all else | writer | plain | writer only | – |
public final class SlotSet {

  /// Slots in one chunk.
  public static final int CHUNK_SLOTS = 1 << 16;

  private static final int FEW_MAX = 16;
  private static final int DENSE = 4_096;
  private static final Snapshot NOTHING = new Snapshot(new int[0], new RoaringBitmap[0]);

  private int[] few = NOTHING.few;
  private @Nullable RoaringBitmap[] chunks = NOTHING.chunks;
  private final BitSet owned = new BitSet();
  private boolean arrayOwned;
  private boolean changed;
  private volatile Snapshot published = NOTHING;

  /// Adds a slot. Writer only.
  ///
  /// @return whether nothing had changed since the last publication, so this set must be published
  public boolean add(int slot) {
    int index = chunks.length > 0 ? 0 : Arrays.binarySearch(few, slot);
    if (chunks.length > 0) {
      chunk(slot >>> 16).add(slot);
    } else if (index < 0 && few.length < FEW_MAX) {
      int[] more = Arrays.copyOf(few, few.length + 1);
      int at = -index - 1;
      System.arraycopy(few, at, more, at + 1, few.length - at);
      more[at] = slot;
      few = more;
    } else if (index < 0) {
      int[] all = few;
      few = NOTHING.few;
      for (int one : all) {
        chunk(one >>> 16).add(one);
      }
      chunk(slot >>> 16).add(slot);
    }
    return touched();
  }

  /// Removes a slot. Writer only.
  ///
  /// @return whether nothing had changed since the last publication, so this set must be published
  public boolean remove(int slot) {
    if (chunks.length > 0) {
      chunk(slot >>> 16).remove(slot);
      return touched();
    }
    int at = Arrays.binarySearch(few, slot);
    if (at >= 0) {
      int[] less = Arrays.copyOf(few, few.length - 1);
      System.arraycopy(few, at + 1, less, at, less.length - at);
      few = less;
    }
    return touched();
  }

  /// Whether a slot is in the set as the writer sees it. Writer only.
  public boolean holds(int slot) {
    return contains(few, chunks, slot);
  }

  /// Makes everything so far visible to readers. Writer only.
  public void publish() {
    // A dense chunk, as that of all living items is, shrinks to its few runs: what readers copy.
    for (int i = owned.nextSetBit(0); i >= 0; i = owned.nextSetBit(i + 1)) {
      var chunk = chunks[i];
      if (chunk != null && chunk.getCardinality() > DENSE) {
        chunk.runOptimize();
      }
    }
    published = new Snapshot(few, chunks);
    owned.clear();
    arrayOwned = false;
    changed = false;
  }

  /// The set as it was last published; never changes. Any thread.
  public Snapshot snapshot() {
    return published;
  }

  private boolean touched() {
    boolean first = !changed;
    changed = true;
    return first;
  }

  private RoaringBitmap chunk(int index) {
    if (!arrayOwned || index >= chunks.length) {
      chunks = Arrays.copyOf(chunks, Math.max(chunks.length, index + 1));
      arrayOwned = true;
    }
    var current = chunks[index];
    if (current != null && owned.get(index)) {
      return current;
    }
    var fresh = current == null ? new RoaringBitmap() : current.clone();
    chunks[index] = fresh;
    owned.set(index);
    return fresh;
  }

  private static boolean contains(int[] few, @Nullable RoaringBitmap[] chunks, int slot) {
    if (chunks.length == 0) {
      return Arrays.binarySearch(few, slot) >= 0;
    }
    var chunk = slot >>> 16 < chunks.length ? chunks[slot >>> 16] : null;
    return chunk != null && chunk.contains(slot);
  }

  /// A set of slots at one moment. Immutable.
  public static final class Snapshot {

    private final int[] few;
    private final @Nullable RoaringBitmap[] chunks;

    private Snapshot(int[] few, @Nullable RoaringBitmap[] chunks) {
      this.few = few;
      this.chunks = chunks;
    }

    /// Whether a slot is in the set.
    public boolean contains(int slot) {
      return SlotSet.contains(few, chunks, slot);
    }

    /// How many slots.
    public long count() {
      long count = few.length;
      for (var chunk : chunks) {
        count += chunk == null ? 0 : chunk.getLongCardinality();
      }
      return count;
    }

    /// The whole set, the caller's own.
    public RoaringBitmap bitmap() {
      var all = RoaringBitmap.bitmapOf(few);
      for (var chunk : chunks) {
        if (chunk != null) {
          all.or(chunk);
        }
      }
      return all;
    }

    /// The part of the set between `index · 65,536` and the next multiple, the caller's own.
    public RoaringBitmap chunk(int index) {
      if (chunks.length == 0) {
        var part = new RoaringBitmap();
        for (int slot : few) {
          if (slot >>> 16 == index) {
            part.add(slot);
          }
        }
        return part;
      }
      var chunk = index < chunks.length ? chunks[index] : null;
      return chunk == null ? new RoaringBitmap() : chunk.clone();
    }
  }
}
