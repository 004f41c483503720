package io.tidaldb.ledger;

import java.nio.charset.StandardCharsets;

/// Reads what [PageWriter] wrote. Anything that cannot be is an `IllegalArgumentException`.
public final class PageSource {

  private final byte[] bytes;
  private int at;

  public PageSource(byte[] bytes) {
    this.bytes = bytes;
  }

  public int u8() {
    need(1);
    return bytes[at++] & 0xFF;
  }

  public long i64() {
    need(8);
    long value = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      value |= (bytes[at++] & 0xFFL) << shift;
    }
    return value;
  }

  public double f64() {
    return Double.longBitsToDouble(i64());
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      value |= (b & 0x7FL) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("number longer than ten bytes: offset=" + at);
  }

  /// A varint within bounds.
  public int count(long max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(
          "number out of range: offset=" + at + " given=" + value + " allowed=0…" + max);
    }
    return (int) value;
  }

  public String text() {
    int length = count(1 << 16);
    need(length);
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /// Everything that is left.
  public byte[] rest() {
    byte[] left = java.util.Arrays.copyOfRange(bytes, at, bytes.length);
    at = bytes.length;
    return left;
  }

  public void end() {
    if (at != bytes.length) {
      throw new IllegalArgumentException(
          "bytes left over: offset=" + at + " length=" + bytes.length);
    }
  }

  private void need(int more) {
    if (more > bytes.length - at) {
      throw new IllegalArgumentException(
          "page ends early: offset=" + at + " length=" + bytes.length);
    }
  }
}
