package io.tidaldb.relation;

import io.tidaldb.slot.SlotSet;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The bytes of pages of seen items.
///
/// A group's page is, for each of its users that has seen something, rising:
///
/// ```
///  0        1             …
/// +--------+-------------+-----------------------------------------+---- ...
/// | user   | count       | count × distance to the slot before     | next user
/// | u8     | varint      | varint, the first from −1               |
/// +--------+-------------+-----------------------------------------+---- ...
/// ```
///
/// A varint has seven bits a byte, the lowest first, the high bit on all but the last. The page of
/// one chunk of one user is, big-endian, the low 16 bits of each slot, rising, or 8,192 bytes of
/// bits (bit i % 8 of byte i / 8 is slot i) if there are more than 4,095.
final class SeenCodec {

  private static final int ARRAY_MAX = 4_095;
  private static final int BITS_BYTES = SlotSet.CHUNK_SLOTS / 8;
  private static final int VARINT_BYTES_MAX = 5;

  private SeenCodec() {}

  /// The chunks in which a set has something, rising.
  static int[] chunks(RoaringBitmap items) {
    return items.stream().map(item -> item >>> 16).distinct().toArray();
  }

  static byte[] encodeGroup(SlotSet.@Nullable Snapshot[] users) {
    var out = new ByteArrayOutputStream();
    for (int user = 0; user < users.length; user++) {
      var snapshot = users[user];
      if (snapshot == null) {
        continue;
      }
      var items = snapshot.bitmap();
      if (items.isEmpty()) {
        continue;
      }
      out.write(user);
      varint(out, items.getCardinality());
      int before = -1;
      for (int item : items) {
        varint(out, item - before);
        before = item;
      }
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left > 0x7F) {
      out.write((left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  /// Gives each user of the group its items, rising.
  ///
  /// @throws IllegalArgumentException if these are not the bytes of a group
  static void decodeGroup(byte[] content, UserItems consumer) {
    var in = ByteBuffer.wrap(content);
    int last = -1;
    try {
      while (in.hasRemaining()) {
        int user = in.get() & 0xFF;
        if (user <= last || user >= 64) {
          throw new IllegalArgumentException("users do not rise below 64: user=" + user);
        }
        last = user;
        consumer.accept(user, items(in));
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a group ends early: bytes=" + content.length, e);
    }
  }

  private static int[] items(ByteBuffer in) {
    int count = varint(in);
    if (count < 1 || count > in.remaining()) {
      throw new IllegalArgumentException("count does not fit: count=" + count);
    }
    int[] items = new int[count];
    int before = -1;
    for (int i = 0; i < count; i++) {
      int distance = varint(in);
      if (distance < 1 || before + distance < 0) {
        throw new IllegalArgumentException("slots do not rise: distance=" + distance);
      }
      before += distance;
      items[i] = before;
    }
    return items;
  }

  private static int varint(ByteBuffer in) {
    int value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      int next = in.get();
      value |= (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is too long");
  }

  static byte[] encodeChunk(RoaringBitmap chunk) {
    if (chunk.getCardinality() <= ARRAY_MAX) {
      var out = ByteBuffer.allocate(2 * chunk.getCardinality());
      chunk.forEach((int slot) -> out.putShort((short) slot));
      return out.array();
    }
    byte[] bits = new byte[BITS_BYTES];
    chunk.forEach((int slot) -> bits[(slot & 0xFFFF) >> 3] |= (byte) (1 << (slot & 7)));
    return bits;
  }

  /// The items of a chunk that begins at slot `base`, rising.
  ///
  /// @throws IllegalArgumentException if these are not the bytes of a chunk
  static int[] decodeChunk(byte[] content, int base) {
    if (content.length == 0 || content.length % 2 != 0 || content.length > BITS_BYTES) {
      throw new IllegalArgumentException("not a set of slots: bytes=" + content.length);
    }
    if (content.length == BITS_BYTES) {
      return IntStream.range(0, SlotSet.CHUNK_SLOTS)
          .filter(i -> (content[i >> 3] & (1 << (i & 7))) != 0)
          .map(i -> base + i)
          .toArray();
    }
    var in = ByteBuffer.wrap(content);
    int[] items = new int[content.length / 2];
    int last = -1;
    for (int i = 0; i < items.length; i++) {
      int slot = in.getShort() & 0xFFFF;
      if (slot <= last) {
        throw new IllegalArgumentException("slots do not rise: slot=" + slot);
      }
      last = slot;
      items[i] = base + slot;
    }
    return items;
  }

  /// Takes one user of a group and what it has seen.
  interface UserItems {
    /// @param user 0 … 63
    void accept(int user, int[] items);
  }
}
