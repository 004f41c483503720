package io.tidaldb.checkpoint;

import io.tidaldb.disk.Digest;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// What a checkpoint is of, and the hash that seals it. Its 128 bytes, little-endian:
///
/// ```
///   0       8      10      12         16           24         32      40      48
///  +-------+-------+-------+----------+------------+----------+-------+-------+-------+
///  | magic | ver 1 | flags | reserved | generation | position | nanos | pages | bytes |
///  +-------+-------+-------+----------+------------+----------+-------+-------+-------+
///   56             88                   120        124
///  +--------------+--------------------+----------+---------------------------+
///  | payload hash | schema fingerprint | reserved | CRC32C of bytes 0 … 123   |
///  +--------------+--------------------+----------+---------------------------+
/// ```
///
/// @param checkpointTime when it was taken
/// @param position the last position it contains
/// @param generation its number, from 1; 0 if it is not saved yet
/// @param pages how many pages it consists of
/// @param bytes bytes of those pages
/// @param payloadHash hash of the manifest, hence of every page; zero: not computed yet
/// @param schemaFingerprint hash of the schema that was in force
public record CheckpointMeta(
    Timestamp checkpointTime,
    long position,
    long generation,
    long pages,
    long bytes,
    Digest payloadHash,
    Digest schemaFingerprint) {

  /// Bytes of the encoded form.
  public static final int SIZE = 128;

  private static final long MAGIC =
      ByteBuffer.wrap("TIDALCKP".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();
  private static final short VERSION = 1;
  private static final int CRC_AT = SIZE - 4;
  private static final Digest NONE = Digest.ofStored(new byte[Digest.SIZE]);

  /// A checkpoint whose hash is computed when it is saved.
  public static CheckpointMeta of(Timestamp checkpointTime, long position) {
    return of(checkpointTime, position, NONE);
  }

  /// A checkpoint whose hash is known; all zero asks for it to be computed.
  public static CheckpointMeta of(Timestamp checkpointTime, long position, Digest payloadHash) {
    return new CheckpointMeta(checkpointTime, position, 0, 0, 0, payloadHash, NONE);
  }

  /// The bytes.
  ///
  /// @throws IllegalStateException if the hash is not computed
  public byte[] encode() {
    if (payloadHash.isZero()) {
      throw new IllegalStateException("a checkpoint without hash cannot be saved: " + this);
    }
    byte[] bytes = new byte[SIZE];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .putInt(0)
        .putLong(generation)
        .putLong(position)
        .putLong(checkpointTime.nanos())
        .putLong(pages)
        .putLong(this.bytes)
        .put(payloadHash.bytes())
        .put(schemaFingerprint.bytes())
        .putInt(0)
        .putInt(crc(bytes));
    return bytes;
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws CorruptionException if the bytes are not what was written
  /// @throws UnsupportedFormatException if a later version wrote them
  public static CheckpointMeta decode(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw corrupt("has another size", Integer.toString(SIZE), Integer.toString(bytes.length));
    }
    var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int expected = in.getInt(CRC_AT);
    if (expected != crc(bytes)) {
      throw corrupt("checksum differs", hex(expected), hex(crc(bytes)));
    }
    if (in.getLong() != MAGIC) {
      throw corrupt("magic differs", "TIDALCKP", HexFormat.of().formatHex(bytes, 0, 8));
    }
    short version = in.getShort();
    if (version != VERSION) {
      throw unsupported("version", version, "1");
    }
    if (in.getShort() != 0 || in.getInt() != 0 || in.getInt(CRC_AT - 4) != 0) {
      throw unsupported("flags or reserved bytes", 1, "0");
    }
    long generation = in.getLong();
    long position = in.getLong();
    long nanos = in.getLong();
    if (nanos < 0) {
      throw corrupt("time lies before 1970", "0 or more", Long.toString(nanos));
    }
    long pages = in.getLong();
    long size = in.getLong();
    Digest payload = digest(in);
    Digest schema = digest(in);
    return new CheckpointMeta(
        Timestamp.ofNanos(nanos), position, generation, pages, size, payload, schema);
  }

  private static Digest digest(ByteBuffer in) {
    byte[] bytes = new byte[Digest.SIZE];
    in.get(bytes);
    return Digest.ofStored(bytes);
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  private static String hex(int value) {
    return HexFormat.of().toHexDigits(value);
  }

  private static CorruptionException corrupt(String what, String expected, String actual) {
    return new CorruptionException(
        "checkpoint meta " + what, "store/SYSTEM/CKPT", -1, 0, expected, actual);
  }

  private static UnsupportedFormatException unsupported(String what, int found, String supported) {
    return new UnsupportedFormatException(
        "store/SYSTEM/CKPT", "checkpoint meta " + what, Integer.toString(found), supported);
  }
}
