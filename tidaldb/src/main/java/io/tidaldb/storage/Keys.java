package io.tidaldb.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The bytes of a key. The id has fixed width, so parsing goes by position; `0x00` is no delimiter.
///
/// ```
///  0               8      9      10
/// +---------------+------+------+-------- ...
/// | id, u64 BE    | 0x00 | tag  | suffix
/// +---------------+------+------+-------- ...
///
///  a page's suffix:   10             12       13
///                    +--------------+--------+------------------+
///                    | type, u16 BE | column | generation u64 BE|
///                    +--------------+--------+------------------+
/// ```
///
/// Unsigned byte order of keys is the numeric order of ids, then of tags, then of the suffix. Nine
/// bytes select an entity, ten an entity's tag. In [Keyspace#SYSTEM] the id is a page number or 0.
/// Pages of every tag have the same suffix, with type and column 0 where a view does not use them.
public final class Keys {

  /// Bytes before the suffix.
  public static final int PREFIX_BYTES = 10;

  /// Bytes of a page's key.
  public static final int PAGE_BYTES = PREFIX_BYTES + 2 + 1 + 8;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final int TYPE_AT = PREFIX_BYTES;
  private static final int COLUMN_AT = TYPE_AT + 2;
  private static final int GENERATION_AT = COLUMN_AT + 1;

  private Keys() {}

  /// The nine bytes that select everything of an entity.
  public static byte[] entity(long id) {
    byte[] key = new byte[PREFIX_BYTES - 1];
    LONG.set(key, 0, id);
    return key;
  }

  /// The ten bytes that select everything under an entity's tag; as a key, the row without suffix.
  public static byte[] row(long id, Tag tag) {
    return prefixed(id, tag, PREFIX_BYTES);
  }

  /// The key of a row with a suffix.
  public static byte[] row(long id, Tag tag, byte[] suffix) {
    byte[] key = prefixed(id, tag, PREFIX_BYTES + suffix.length);
    System.arraycopy(suffix, 0, key, PREFIX_BYTES, suffix.length);
    return key;
  }

  /// The key of a page as one generation wrote it.
  ///
  /// @param type 0 … 65,535
  /// @param column 0 … 255
  public static byte[] page(Tag tag, long page, int type, int column, long generation) {
    if (type < 0 || type > 0xFFFF || column < 0 || column > 0xFF) {
      throw new IllegalArgumentException(
          "page key out of range: tag=" + tag + " type=" + type + " column=" + column);
    }
    byte[] key = prefixed(page, tag, PAGE_BYTES);
    SHORT.set(key, TYPE_AT, (short) type);
    key[COLUMN_AT] = (byte) column;
    LONG.set(key, GENERATION_AT, generation);
    return key;
  }

  /// The id or page number.
  public static long id(byte[] key) {
    return (long) LONG.get(key, 0);
  }

  /// The tag.
  ///
  /// @throws IllegalArgumentException if the bytes are not a key of ours
  public static Tag tag(byte[] key) {
    if (key.length < PREFIX_BYTES || key[8] != 0) {
      throw new IllegalArgumentException("not a key: bytes=" + Arrays.toString(key));
    }
    return Tag.ofCode(key[9] & 0xFF);
  }

  /// A copy of the bytes after the tag.
  public static byte[] suffix(byte[] key) {
    return Arrays.copyOfRange(key, PREFIX_BYTES, key.length);
  }

  /// The signal type of a page's key.
  public static int pageType(byte[] key) {
    return (short) SHORT.get(key, TYPE_AT) & 0xFFFF;
  }

  /// The column of a page's key.
  public static int pageColumn(byte[] key) {
    return key[COLUMN_AT] & 0xFF;
  }

  /// The generation of a page's key.
  public static long pageGeneration(byte[] key) {
    return (long) LONG.get(key, GENERATION_AT);
  }

  private static byte[] prefixed(long id, Tag tag, int size) {
    byte[] key = new byte[size];
    LONG.set(key, 0, id);
    key[9] = (byte) tag.code();
    return key;
  }
}
