package io.tidaldb.testing;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A file without a name, as a file system keeps it: what readers see, and what a power cut would
/// leave.
final class SimulatedFile {

  final Image current = new Image();
  final Image durable;

  SimulatedFile(Image durable) {
    this.durable = durable;
    current.set(durable);
  }

  /// Bytes and a size. Bytes behind the size may be there after a crash that lost the size; they
  /// show when it grows.
  static final class Image {

    private byte[] bytes = {};
    private int size;

    int size() {
      return size;
    }

    void set(Image other) {
      bytes = other.bytes.clone();
      size = other.size;
    }

    Image copy() {
      Image copy = new Image();
      copy.set(this);
      return copy;
    }

    /// Leaves the position of `source` as it is.
    void write(int offset, ByteBuffer source) {
      int length = source.remaining();
      reserve(offset + length);
      source.get(source.position(), bytes, offset, length);
    }

    void grow(int newSize) {
      reserve(newSize);
      size = Math.max(size, newSize);
    }

    void cut(int newSize) {
      reserve(newSize);
      size = newSize;
      Arrays.fill(bytes, newSize, bytes.length, (byte) 0);
    }

    /// A copy of the bytes from `from` to `to`, which end at the size.
    byte[] range(int from, int to) {
      return Arrays.copyOfRange(bytes, from, Math.min(to, size));
    }

    byte[] content() {
      return Arrays.copyOf(bytes, size);
    }

    private void reserve(int capacity) {
      if (capacity > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(capacity, Math.min(bytes.length * 2, 1 << 26)));
      }
    }
  }
}
