package io.tidaldb.disk;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The first 64 bytes of every file of ours, little-endian:
///
/// ```
///  0               8       10      12              16                              32
///  +---------------+-------+-------+---------------+-------------------------------+
///  | TIDALDB1      | kind  |version| flags = 0     | store id                      |
///  +---------------+-------+-------+---------------+-------------------------------+
///  32              40              48      50      52              56      60      64
///  +---------------+---------------+-------+-------+---------------+-------+-------+
///  | first position| created, nanos|reg = 0|shard=0| rewrite count | 0     | CRC32C|
///  +---------------+---------------+-------+-------+---------------+-------+-------+
/// ```
///
/// The checksum covers bytes 0–59 and will stand there in every version: so damage is told from
/// another format by it.
///
/// @param kind what the file is
/// @param store the store it belongs to
/// @param firstPosition the first position in it (unsigned), 0 where the kind has none
/// @param createdNanos when it was made
/// @param rewriteCount how often it was rewritten to erase something
public record FileHeader(
    FileKind kind, StoreId store, long firstPosition, long createdNanos, int rewriteCount) {

  /// Bytes of a header.
  public static final int SIZE = 64;

  /// The version of every format of ours.
  public static final int VERSION = 1;

  private static final long MAGIC =
      ByteBuffer.wrap("TIDALDB1".getBytes(StandardCharsets.US_ASCII))
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();

  private static final int KIND = 8;
  private static final int FORMAT_VERSION = 10;
  private static final int FLAGS = 12;
  private static final int STORE = 16;
  private static final int FIRST_POSITION = 32;
  private static final int CREATED = 40;
  private static final int REGION = 48;
  private static final int SHARD = 50;
  private static final int REWRITE_COUNT = 52;
  private static final int RESERVED = 56;
  private static final int CRC = 60;

  /// A header of a file that holds no positions.
  public static FileHeader of(FileKind kind, StoreId store, long createdNanos) {
    return new FileHeader(kind, store, 0, createdNanos, 0);
  }

  /// The 64 bytes, from position 0 to the limit.
  public ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, MAGIC);
    bytes.putShort(KIND, (short) kind.code());
    bytes.putShort(FORMAT_VERSION, (short) VERSION);
    bytes.putLong(STORE, store.low());
    bytes.putLong(STORE + 8, store.high());
    bytes.putLong(FIRST_POSITION, firstPosition);
    bytes.putLong(CREATED, createdNanos);
    bytes.putInt(REWRITE_COUNT, rewriteCount);
    bytes.putInt(CRC, Checksum.plain().over(bytes, 0, CRC));
    return bytes;
  }

  /// The header in the first 64 bytes of a buffer, whatever its position and order.
  ///
  /// @param file the place, for messages
  /// @throws CorruptionException if the bytes are damaged, too few, or those of another kind of
  ///   file
  /// @throws UnsupportedFormatException if they are whole but of an older or newer format
  public static FileHeader decode(ByteBuffer source, String file, FileKind expected) {
    if (source.limit() < SIZE) {
      throw new CorruptionException(
          "file header is cut",
          file,
          source.limit(),
          0,
          SIZE + " bytes",
          source.limit() + " bytes");
    }
    ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int crc = Checksum.plain().over(bytes, 0, CRC);
    if (crc != bytes.getInt(CRC)) {
      throw new CorruptionException(
          "file header checksum differs", file, CRC, 0, hex(crc), hex(bytes.getInt(CRC)));
    }
    checkFormat(bytes, file);
    int code = Short.toUnsignedInt(bytes.getShort(KIND));
    FileKind kind =
        FileKind.ofCode(code).orElseThrow(() -> unsupported(file, "file kind", code, "1 to 3"));
    if (kind != expected) {
      throw new CorruptionException(
          "file is another one", file, KIND, 0, expected.toString(), kind.toString());
    }
    return new FileHeader(
        kind,
        new StoreId(bytes.getLong(STORE), bytes.getLong(STORE + 8)),
        bytes.getLong(FIRST_POSITION),
        bytes.getLong(CREATED),
        bytes.getInt(REWRITE_COUNT));
  }

  /// Reads the header at the start of a file.
  ///
  /// @throws CorruptionException as [#decode]
  /// @throws UnsupportedFormatException as [#decode]
  public static FileHeader read(VolumeFile file, String place, FileKind expected) {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    var _ = file.read(bytes, 0);
    return decode(bytes.flip(), place, expected);
  }

  /// Refuses a file of another store.
  ///
  /// @throws CorruptionException if the store ids differ
  public void requireStore(StoreId expected, String file) {
    if (!store.equals(expected)) {
      throw new CorruptionException(
          "file belongs to another store", file, STORE, 0, expected.toString(), store.toString());
    }
  }

  private static void checkFormat(ByteBuffer bytes, String file) {
    if (bytes.getLong(0) != MAGIC) {
      String found = "0x" + Long.toHexString(Long.reverseBytes(bytes.getLong(0)));
      throw new UnsupportedFormatException(file, "magic", found, "TIDALDB1");
    }
    int version = Short.toUnsignedInt(bytes.getShort(FORMAT_VERSION));
    if (version < VERSION) {
      throw unsupported(file, "older format version", version, String.valueOf(VERSION));
    }
    if (version > VERSION) {
      throw unsupported(file, "newer format version", version, String.valueOf(VERSION));
    }
    requireZero(file, "flags", bytes.getInt(FLAGS));
    requireZero(file, "origin region", bytes.getShort(REGION));
    requireZero(file, "origin shard", bytes.getShort(SHARD));
    requireZero(file, "reserved bytes", bytes.getInt(RESERVED));
  }

  private static void requireZero(String file, String what, int found) {
    if (found != 0) {
      throw unsupported(file, what, found, "0");
    }
  }

  private static UnsupportedFormatException unsupported(
      String file, String what, int found, String supported) {
    return new UnsupportedFormatException(file, what, String.valueOf(found), supported);
  }

  private static String hex(int value) {
    return String.format("%08x", value);
  }
}
