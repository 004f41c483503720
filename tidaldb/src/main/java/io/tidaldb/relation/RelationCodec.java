package io.tidaldb.relation;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.Tag;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// The bytes of relations and told states, all under the tag `REL`, integers big-endian.
///
/// ```
///  keyspace   key after [id][0x00][REL]                        value
///  USERS      [type u8][target kind u8][target u64]            weight f64, since i64, changed i64, removed u8
///  USERS      [0x40 | state u8][item u64]                      time i64, slot i32, removed u8
///  target's   [0x80 | type u8][user u64]                       empty, or one byte for the mark of a removal
///  owner's    [0x20][list u8]                                  how many of the list hold, i64
///  SYSTEM     [time i64][user u64][list u8][kind u8][target u64]   empty: the mark made then
/// ```
final class RelationCodec {

  /// In a list's code: a state.
  static final int STATE = 0x40;

  /// In a list's code: the reverse of a relation.
  static final int REVERSE = 0x80;

  private static final int COUNT = 0x20;
  private static final byte[] HELD = new byte[0];
  private static final int EDGE_BYTES = 25;
  private static final int STATE_BYTES = 13;

  private RelationCodec() {}

  static Keyspace keyspace(EntityKind kind) {
    return switch (kind) {
      case ITEM -> Keyspace.ITEMS;
      case USER -> Keyspace.USERS;
      case CREATOR -> Keyspace.CREATORS;
    };
  }

  static byte[] key(RowKey key) {
    var suffix = ByteBuffer.allocate(key.isState() ? 9 : 10).put((byte) key.list());
    if (!key.isState()) {
      suffix.put((byte) key.kind().code());
    }
    return Keys.row(key.user(), Tag.REL, suffix.putLong(key.target()).array());
  }

  static byte[] reverseKey(RowKey key) {
    byte[] suffix =
        ByteBuffer.allocate(9).put((byte) (REVERSE | key.list())).putLong(key.user()).array();
    return Keys.row(key.target(), Tag.REL, suffix);
  }

  static byte[] reverseValue(Row row) {
    return row.removed() ? new byte[] {1} : HELD;
  }

  /// The prefix of a list's keys.
  static byte[] prefix(ListKey list) {
    return Keys.row(list.owner(), Tag.REL, new byte[] {(byte) list.list()});
  }

  static byte[] countKey(ListKey list) {
    return Keys.row(list.owner(), Tag.REL, new byte[] {COUNT, (byte) list.list()});
  }

  static byte[] countValue(long count) {
    return ByteBuffer.allocate(8).putLong(count).array();
  }

  static long count(byte[] value, ListKey list) {
    if (value.length != Long.BYTES) {
      throw damaged("a count of relations", list.owner(), "8 bytes", value.length + " bytes");
    }
    return ByteBuffer.wrap(value).getLong();
  }

  /// The prefix of all marks, in the order of their times.
  static byte[] marks() {
    return Keys.row(0, Tag.REL);
  }

  static byte[] markKey(RowKey key, long time) {
    byte[] suffix =
        ByteBuffer.allocate(26)
            .putLong(time)
            .putLong(key.user())
            .put((byte) key.list())
            .put((byte) key.kind().code())
            .putLong(key.target())
            .array();
    return Keys.row(0, Tag.REL, suffix);
  }

  static long markTime(byte[] key) {
    return ByteBuffer.wrap(key, Keys.PREFIX_BYTES, 8).getLong();
  }

  static RowKey markedRow(byte[] key) {
    var in = ByteBuffer.wrap(key, Keys.PREFIX_BYTES + 8, 18);
    try {
      return new RowKey(in.getLong(), in.get() & 0xFF, EntityKind.ofCode(in.get()), in.getLong());
    } catch (IllegalArgumentException e) {
      throw damaged("a mark of a removal", 0, "a row's name", String.valueOf(e.getMessage()));
    }
  }

  /// Whether a key under the tag is that of a user's relation or told state.
  static boolean isRow(byte[] key) {
    int code = key.length > Keys.PREFIX_BYTES ? key[Keys.PREFIX_BYTES] & 0xFF : 0;
    return code != 0 && code != COUNT && (code & REVERSE) == 0;
  }

  /// The name of a row by its key.
  static RowKey row(byte[] key) {
    var in = ByteBuffer.wrap(key, Keys.PREFIX_BYTES, key.length - Keys.PREFIX_BYTES);
    long user = Keys.id(key);
    try {
      int list = in.get() & 0xFF;
      var kind = (list & STATE) != 0 ? EntityKind.ITEM : EntityKind.ofCode(in.get());
      return new RowKey(user, list, kind, in.getLong());
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw damaged("a relation's key", user, "list, kind, target", String.valueOf(e.getMessage()));
    }
  }

  /// The user of a reverse row.
  static long reverseUser(byte[] key) {
    return ByteBuffer.wrap(key, Keys.PREFIX_BYTES + 1, 8).getLong();
  }

  static byte[] value(RowKey key, Row row) {
    byte removed = (byte) (row.removed() ? 1 : 0);
    if (key.isState()) {
      return ByteBuffer.allocate(STATE_BYTES)
          .putLong(row.changed())
          .putInt(row.slot())
          .put(removed)
          .array();
    }
    return ByteBuffer.allocate(EDGE_BYTES)
        .putDouble(row.weight())
        .putLong(row.since())
        .putLong(row.changed())
        .put(removed)
        .array();
  }

  static Row row(RowKey key, byte[] value) {
    int expected = key.isState() ? STATE_BYTES : EDGE_BYTES;
    if (value.length != expected) {
      throw damaged("a relation", key.user(), expected + " bytes", value.length + " bytes");
    }
    var in = ByteBuffer.wrap(value);
    if (key.isState()) {
      long time = in.getLong();
      return new Row(0, time, time, in.getInt(), in.get() != 0);
    }
    return new Row(in.getDouble(), in.getLong(), in.getLong(), -1, in.get() != 0);
  }

  private static CorruptionException damaged(
      String what, long owner, String expected, String actual) {
    return new CorruptionException(
        what + " is damaged", Long.toUnsignedString(owner) + "/REL", -1, 0, expected, actual);
  }
}
