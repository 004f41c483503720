package io.tidaldb.ledger;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Growing bytes of one page: fixed numbers are little-endian, varints are seven bits per byte,
/// least first.
public final class PageWriter {

  private byte[] bytes = new byte[4096];
  private int size;

  @CanIgnoreReturnValue
  public PageWriter u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  @CanIgnoreReturnValue
  public PageWriter i64(long value) {
    room(8);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  @CanIgnoreReturnValue
  public PageWriter f64(double value) {
    return i64(Double.doubleToRawLongBits(value));
  }

  @CanIgnoreReturnValue
  public PageWriter varint(long value) {
    room(10);
    long left = value;
    while ((left & ~0x7FL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  @CanIgnoreReturnValue
  public PageWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    room(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
    return this;
  }

  /// These bytes as they are.
  @CanIgnoreReturnValue
  public PageWriter bytes(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
