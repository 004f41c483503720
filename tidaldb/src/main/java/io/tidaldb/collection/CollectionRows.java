package io.tidaldb.collection;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.SealedRow;
import io.tidaldb.storage.Tag;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of the rows of collections, big-endian.
///
/// | Keyspace | Key | Value |
/// |---|---|---|
/// | `USERS` | `[owner][0x00][COLL][0x01][collection]` | header |
/// | `USERS` | `[owner][0x00][COLL][0x02][collection][item]` | member |
/// | `USERS` | `[user][0x00][COLL][0x03][collection]` | empty: shared with the user |
/// | `ITEMS` | `[item][0x00][COLL][collection]` | empty: the collection holds the item |
/// | `SYSTEM` | `[0][0x00][COLL][collection]` | owner, 8 bytes, CRC32C |
/// | `SYSTEM` | `[0][0x00][COLL][0]` | counters: highest id ever given, how many exist, slots of items given when the rows were written; 8 bytes each, CRC32C |
///
/// ```
///  0       1            2             10            18             26       30       32     36
/// +-------+------------+-------------+-------------+--------------+--------+--------+------+
/// | 1     | visibility | created i64 | changed i64 | position u64 | count  | shares | name | header
/// +-------+------------+-------------+-------------+--------------+--------+--------+------+
/// | share u64, … | name as UTF-8 | CRC32C u32
/// +--------------+---------------+-----------
///
///  0           8              16             24
/// +-----------+--------------+--------------+------------+
/// | order i64 | added at i64 | position u64 | CRC32C u32 | member
/// +-----------+--------------+--------------+------------+
/// ```
///
/// The header's last three are counts: members u32, shares u16, bytes of the name u32. Key 0 of the
/// system is free for the counters because ids begin at 1.
final class CollectionRows {

  static final int HEADER = 0x01;
  static final int MEMBER = 0x02;
  static final int SHARE = 0x03;

  private static final byte VERSION = 1;
  private static final String DAMAGED = "row of a collection is damaged";
  private static final int HEADER_BYTES = 1 + 1 + 3 * 8 + 4 + 2 + 4 + 4;
  private static final int MEMBER_BYTES = 3 * 8 + 4;

  private CollectionRows() {}

  /* --- keys --- */

  static byte[] headerKey(long owner, long collection) {
    return Keys.row(owner, Tag.COLL, kind(HEADER, 9).putLong(collection).array());
  }

  static byte[] headersOf(long owner) {
    return Keys.row(owner, Tag.COLL, new byte[] {HEADER});
  }

  static byte[] memberKey(long owner, long collection, long item) {
    return Keys.row(owner, Tag.COLL, kind(MEMBER, 17).putLong(collection).putLong(item).array());
  }

  static byte[] membersOf(long owner, long collection) {
    return Keys.row(owner, Tag.COLL, kind(MEMBER, 9).putLong(collection).array());
  }

  static byte[] shareKey(long user, long collection) {
    return Keys.row(user, Tag.COLL, kind(SHARE, 9).putLong(collection).array());
  }

  static byte[] sharesOf(long user) {
    return Keys.row(user, Tag.COLL, new byte[] {SHARE});
  }

  static byte[] reverseKey(long item, long collection) {
    return Keys.row(item, Tag.COLL, eight(collection));
  }

  static byte[] ownerKey(long collection) {
    return Keys.row(0, Tag.COLL, eight(collection));
  }

  private static ByteBuffer kind(int kind, int size) {
    return ByteBuffer.allocate(size).put((byte) kind);
  }

  private static byte[] eight(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /// What stands behind the tag in a key of the users: one of the three kinds.
  static int kind(byte[] key) {
    return key[Keys.PREFIX_BYTES];
  }

  /// The collection in a key of the users.
  static long collection(byte[] key) {
    return ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES + 1);
  }

  /// The item in a member's key.
  static long item(byte[] key) {
    return ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES + 1 + Long.BYTES);
  }

  /// The collection in a key of the items or the system.
  static long plainCollection(byte[] key) {
    return ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES);
  }

  /* --- values --- */

  static byte[] encode(Header header) {
    byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
    var out = ByteBuffer.allocate(HEADER_BYTES + header.shares().size() * Long.BYTES + name.length);
    out.put(VERSION)
        .put((byte) header.visibility().code())
        .putLong(header.created())
        .putLong(header.changed())
        .putLong(header.position())
        .putInt(header.count())
        .putShort((short) header.shares().size())
        .putInt(name.length);
    header.shares().forEach(out::putLong);
    return SealedRow.seal(out.put(name));
  }

  static Header header(byte[] key, byte[] value) {
    long owner = Keys.id(key);
    long id = collection(key);
    var in = opened(value, where(owner, id));
    try {
      int version = in.get();
      if (version != VERSION) {
        throw damaged(where(owner, id), "version " + VERSION, "version " + version);
      }
      var visibility = Visibility.ofCode(in.get());
      long created = in.getLong();
      long changed = in.getLong();
      long position = in.getLong();
      int count = in.getInt();
      int shareCount = in.getShort() & 0xFFFF;
      byte[] name = new byte[in.getInt()];
      List<Long> shares = new ArrayList<>(shareCount);
      for (int i = 0; i < shareCount; i++) {
        shares.add(in.getLong());
      }
      in.get(name);
      return new Header(
          owner,
          id,
          new String(name, StandardCharsets.UTF_8),
          visibility,
          created,
          changed,
          position,
          count,
          shares);
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      throw damaged(where(owner, id), "a header", e.toString());
    }
  }

  static byte[] encode(Member member) {
    return SealedRow.seal(
        ByteBuffer.allocate(MEMBER_BYTES)
            .putLong(member.order())
            .putLong(member.addedAt())
            .putLong(member.position()));
  }

  static Member member(byte[] key, byte[] value) {
    String where = where(Keys.id(key), collection(key));
    if (value.length != MEMBER_BYTES) {
      throw damaged(where, MEMBER_BYTES + " bytes of a member", value.length + " bytes");
    }
    var in = opened(value, where);
    return new Member(in.getLong(), in.getLong(), in.getLong());
  }

  static long owner(byte[] value, long collection) {
    return SealedRow.number(value, DAMAGED, "SYSTEM/COLL/" + Long.toUnsignedString(collection));
  }

  /// What is counted over all collections.
  ///
  /// @param lastId the highest id ever given
  /// @param count how many exist
  /// @param slots how many slots items had been given when the rows were written
  record Counters(long lastId, long count, long slots) {}

  static byte[] encode(Counters counters) {
    return SealedRow.seal(
        ByteBuffer.allocate(MEMBER_BYTES)
            .putLong(counters.lastId())
            .putLong(counters.count())
            .putLong(counters.slots()));
  }

  static Counters counters(byte[] value) {
    if (value.length != MEMBER_BYTES) {
      throw damaged("SYSTEM/COLL/0", MEMBER_BYTES + " bytes", value.length + " bytes");
    }
    var in = opened(value, "SYSTEM/COLL/0");
    return new Counters(in.getLong(), in.getLong(), in.getLong());
  }

  static long position(byte[] value) {
    return SealedRow.number(value, DAMAGED, "SYSTEM/MV/collection");
  }

  private static ByteBuffer opened(byte[] value, String where) {
    return SealedRow.open(value, DAMAGED, where);
  }

  static CorruptionException damaged(String where, String expected, String actual) {
    return new CorruptionException(DAMAGED, where, -1, 0, expected, actual);
  }

  static String where(long owner, long collection) {
    return "USERS/" + Long.toUnsignedString(owner) + "/COLL/" + Long.toUnsignedString(collection);
  }
}
