package io.tidaldb.session;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that grow while they are written, big-endian; texts as length u32 and UTF-8.
final class Bytes {

  private ByteBuffer out = ByteBuffer.allocate(256);

  Bytes u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  Bytes i32(int value) {
    room(4).putInt(value);
    return this;
  }

  Bytes i64(long value) {
    room(8).putLong(value);
    return this;
  }

  Bytes text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    room(4 + utf8.length).putInt(utf8.length).put(utf8);
    return this;
  }

  byte[] toArray() {
    return Arrays.copyOf(out.array(), out.position());
  }

  private ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      var larger = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes));
      out = larger.put(out.flip());
    }
    return out;
  }

  /// Reads them back; whatever does not fit is an `IllegalArgumentException`.
  static final class In {

    private final ByteBuffer in;

    In(byte[] content) {
      in = ByteBuffer.wrap(content);
    }

    int u8() {
      return need(1).get() & 0xFF;
    }

    int i32() {
      return need(4).getInt();
    }

    long i64() {
      return need(8).getLong();
    }

    /// A count of things that take so many bytes each at least.
    int count(int bytesEach) {
      int count = i32();
      if (count < 0 || (long) count * bytesEach > in.remaining()) {
        throw new IllegalArgumentException("count does not fit: count=" + count);
      }
      return count;
    }

    String text() {
      byte[] utf8 = new byte[count(1)];
      in.get(utf8);
      return new String(utf8, StandardCharsets.UTF_8);
    }

    void end() {
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("more bytes than expected: more=" + in.remaining());
      }
    }

    private ByteBuffer need(int bytes) {
      if (in.remaining() < bytes) {
        throw new IllegalArgumentException("bytes are missing", new BufferUnderflowException());
      }
      return in;
    }
  }
}
