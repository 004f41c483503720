package io.tidaldb.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Blocks of graded sizes out of large byte arrays, with a free list per size.
///
/// A reference is the size class in the upper 5 bits and the block's number within its class in the
/// lower 27; 0 is none. A freed block may be used again at once: whoever still reads it finds that
/// the sequence of its own part has changed.
///
/// **Threads.** One writer. Chunk tables are published by release; a reader that meets a chunk it
/// cannot see yet gets an empty array and repeats.
final class BlockArena {

  private static final int INDEX_BITS = 27;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int CHUNK_BYTES = 16_384;

  /// Buckets per block, growing by a half.
  private static final int[] SIZES = {
    1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048
  };

  private static final byte[] UNSEEN = new byte[0];
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(byte[][][].class);

  private final int bucketBytes;
  private final int[] chunkShifts = new int[SIZES.length];
  private final byte[][][] chunks = new byte[SIZES.length][0][];
  private final int[] next = new int[SIZES.length];
  private final int[][] free = new int[SIZES.length][0];
  private final int[] freeCounts = new int[SIZES.length];

  /// @param bucketBytes bytes of one bucket
  BlockArena(int bucketBytes) {
    this.bucketBytes = bucketBytes;
    for (int i = 0; i < SIZES.length; i++) {
      int blocks = Math.max(1, CHUNK_BYTES / (SIZES[i] * bucketBytes));
      chunkShifts[i] = 31 - Integer.numberOfLeadingZeros(blocks);
    }
    next[0] = 1;
  }

  /// The smallest class for so many buckets.
  static int classFor(int buckets) {
    for (int i = 0; i < SIZES.length; i++) {
      if (SIZES[i] >= buckets) {
        return i;
      }
    }
    throw new IllegalStateException("too many buckets for one pair: buckets=" + buckets);
  }

  /// The class of a block.
  static int classOf(int block) {
    return block >>> INDEX_BITS;
  }

  /// How many buckets fit into a block.
  static int capacity(int block) {
    return SIZES[block >>> INDEX_BITS];
  }

  /// A zeroed block of the class. Writer.
  int allocate(int sizeClass) {
    int index =
        freeCounts[sizeClass] > 0 ? free[sizeClass][--freeCounts[sizeClass]] : fresh(sizeClass);
    int block = sizeClass << INDEX_BITS | index;
    int offset = offset(block);
    Arrays.fill(chunk(block), offset, offset + SIZES[sizeClass] * bucketBytes, (byte) 0);
    return block;
  }

  /// Gives a block back. Writer.
  void release(int block) {
    int sizeClass = block >>> INDEX_BITS;
    if (freeCounts[sizeClass] == free[sizeClass].length) {
      int length = free[sizeClass].length;
      free[sizeClass] = Arrays.copyOf(free[sizeClass], Math.max(64, length + length / 2));
    }
    free[sizeClass][freeCounts[sizeClass]++] = block & INDEX_MASK;
  }

  /// The array that holds a block; empty if this thread cannot see it yet.
  byte[] chunk(int block) {
    int sizeClass = block >>> INDEX_BITS;
    var table = (byte[][]) TABLE.getAcquire(chunks, sizeClass);
    int chunk = (block & INDEX_MASK) >>> chunkShifts[sizeClass];
    return chunk < table.length ? table[chunk] : UNSEEN;
  }

  /// Where the block begins in its array.
  int offset(int block) {
    int sizeClass = block >>> INDEX_BITS;
    int within = block & INDEX_MASK & ((1 << chunkShifts[sizeClass]) - 1);
    return within * SIZES[sizeClass] * bucketBytes;
  }

  /// Bytes of the arrays, free lists included.
  long bytes() {
    long bytes = 0;
    for (int i = 0; i < SIZES.length; i++) {
      long chunk = 16 + (((long) SIZES[i] * bucketBytes) << chunkShifts[i]);
      bytes += 16 + 4L * free[i].length + chunks[i].length * (4 + chunk);
    }
    return bytes;
  }

  private int fresh(int sizeClass) {
    int index = next[sizeClass]++;
    if (index > INDEX_MASK) {
      throw new IllegalStateException("too many blocks of one size: buckets=" + SIZES[sizeClass]);
    }
    var table = chunks[sizeClass];
    if (index >>> chunkShifts[sizeClass] >= table.length) {
      var grown = Arrays.copyOf(table, table.length + 1);
      grown[table.length] = new byte[(SIZES[sizeClass] * bucketBytes) << chunkShifts[sizeClass]];
      TABLE.setRelease(chunks, sizeClass, grown);
    }
    return index;
  }
}
