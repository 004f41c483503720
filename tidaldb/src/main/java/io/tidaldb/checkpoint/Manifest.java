package io.tidaldb.checkpoint;

import com.google.errorprone.annotations.Var;
import io.tidaldb.disk.Digest;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Tag;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/// Names every page of a generation: an immutable, sorted run of rows of 56 bytes.
///
/// ```
///  0     1             9             11       12     16           24
/// +-----+-------------+-------------+--------+------+------------+-----------+
/// | tag | page u64 BE | type u16 BE | column | size | generation | hash 32 B |
/// +-----+-------------+-------------+--------+------+------------+-----------+
/// ```
///
/// The first 12 bytes are big-endian, so that rows sort by them as bytes. *Generation* is the one
/// that wrote the page; with it the row gives the page's key in the store. The bytes are kept as
/// they are on disk: a clean page costs its row and no object.
final class Manifest {

  static final int ROW_BYTES = 56;
  static final Manifest EMPTY = new Manifest(new byte[0]);

  private static final int KEY_BYTES = 12;
  private static final int SIZE_AT = 12;
  private static final int GENERATION_AT = 16;
  private static final int HASH_AT = 24;
  private static final VarHandle BIG_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] rows;

  private Manifest(byte[] rows) {
    this.rows = rows;
  }

  /// The manifest with these bytes, which it keeps.
  ///
  /// @throws IllegalArgumentException if they are not rows in strictly rising order
  static Manifest of(byte[] rows) {
    if (rows.length % ROW_BYTES != 0) {
      throw new IllegalArgumentException("not whole rows: bytes=" + rows.length);
    }
    var manifest = new Manifest(rows);
    for (@Var int i = 1; i < manifest.count(); i++) {
      if (compare(manifest, i - 1, manifest, i) >= 0) {
        throw new IllegalArgumentException("rows do not rise: row=" + i);
      }
    }
    return manifest;
  }

  /// One row; a size of 0 says that the page is gone.
  static byte[] row(Tag tag, PageKey key, long generation, byte[] content) {
    var row = ByteBuffer.allocate(ROW_BYTES);
    row.put((byte) tag.code())
        .putLong(key.page())
        .putShort((short) key.type())
        .put((byte) key.column())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(content.length)
        .putLong(generation)
        .put(Digest.of(content).bytes());
    return row.array();
  }

  int count() {
    return rows.length / ROW_BYTES;
  }

  /// The bytes on disk; not to be changed.
  byte[] bytes() {
    return rows;
  }

  Digest hash() {
    return Digest.of(rows);
  }

  /// Bytes of all pages.
  long pageBytes() {
    @Var long sum = 0;
    for (@Var int i = 0; i < count(); i++) {
      sum += size(i);
    }
    return sum;
  }

  /// @throws IllegalArgumentException if the tag is none of ours
  Tag tag(int index) {
    return Tag.ofCode(rows[index * ROW_BYTES] & 0xFF);
  }

  PageKey key(int index) {
    int at = index * ROW_BYTES;
    return new PageKey(
        (long) BIG_LONG.get(rows, at + 1),
        (short) BIG_SHORT.get(rows, at + 9) & 0xFFFF,
        rows[at + 11] & 0xFF);
  }

  int size(int index) {
    return (int) INT.get(rows, index * ROW_BYTES + SIZE_AT);
  }

  long generation(int index) {
    return (long) LONG.get(rows, index * ROW_BYTES + GENERATION_AT);
  }

  Digest pageHash(int index) {
    int at = index * ROW_BYTES + HASH_AT;
    return Digest.ofStored(Arrays.copyOfRange(rows, at, at + Digest.SIZE));
  }

  /// Where the page stands in the store.
  byte[] storageKey(int index) {
    PageKey key = key(index);
    return Keys.page(tag(index), key.page(), key.type(), key.column(), generation(index));
  }

  /// Whether a page of the store is one of this generation's.
  boolean uses(byte[] storageKey) {
    var key =
        new PageKey(Keys.id(storageKey), Keys.pageType(storageKey), Keys.pageColumn(storageKey));
    var sought = new Manifest(row(Keys.tag(storageKey), key, 0, new byte[0]));
    @Var int low = 0;
    @Var int high = count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(this, middle, sought, 0);
      if (order == 0) {
        return generation(middle) == Keys.pageGeneration(storageKey);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  /// This manifest with the changed rows in place of, or between, its own.
  Manifest with(Manifest changes) {
    var merged = new ByteArrayOutputStream(rows.length + changes.rows.length);
    @Var int mine = 0;
    @Var int changed = 0;
    while (mine < count() || changed < changes.count()) {
      int order = order(mine, changes, changed);
      if (order < 0) {
        merged.write(rows, mine++ * ROW_BYTES, ROW_BYTES);
        continue;
      }
      if (changes.size(changed) > 0) {
        merged.write(changes.rows, changed * ROW_BYTES, ROW_BYTES);
      }
      changed++;
      if (order == 0) {
        mine++;
      }
    }
    return new Manifest(merged.toByteArray());
  }

  /// The store's keys of the pages that this generation uses and the newer one does not.
  void forEachUnusedBy(Manifest newer, Consumer<byte[]> unused) {
    @Var int theirs = 0;
    for (@Var int mine = 0; mine < count(); mine++) {
      while (order(mine, newer, theirs) > 0) {
        theirs++;
      }
      if (order(mine, newer, theirs) != 0 || newer.generation(theirs) != generation(mine)) {
        unused.accept(storageKey(mine));
      }
    }
  }

  /// As a comparison; past the end is larger than every row.
  private int order(int mine, Manifest other, int theirs) {
    if (theirs >= other.count()) {
      return -1;
    }
    return mine >= count() ? 1 : compare(this, mine, other, theirs);
  }

  private static int compare(Manifest a, int i, Manifest b, int j) {
    int from = i * ROW_BYTES;
    int with = j * ROW_BYTES;
    return Arrays.compareUnsigned(a.rows, from, from + KEY_BYTES, b.rows, with, with + KEY_BYTES);
  }
}
