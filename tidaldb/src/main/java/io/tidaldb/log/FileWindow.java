package io.tidaldb.log;

import io.tidaldb.disk.VolumeFile;
import io.tidaldb.schema.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A moving view of a file, so that a segment of any size is read in bounded memory.
final class FileWindow {

  private static final int BYTES = 1 << 20;

  private final VolumeFile file;
  private final String name;
  private final long size;
  private ByteBuffer buffer = allocate(BYTES);
  private long begin;

  FileWindow(VolumeFile file, String name) {
    this.file = file;
    this.name = name;
    this.size = file.size();
    buffer.limit(0);
  }

  /// The size of the file when it was opened.
  long size() {
    return size;
  }

  /// The bytes; indexes come from [#at].
  ByteBuffer buffer() {
    return buffer;
  }

  /// Makes a range of the file, which lies before its end, readable; returns its index in
  /// [#buffer].
  int at(long offset, int count) {
    if (offset >= begin && offset + count <= begin + buffer.limit()) {
      return (int) (offset - begin);
    }
    if (count > buffer.capacity()) {
      buffer = allocate(count);
    }
    buffer.clear().limit((int) Math.min(buffer.capacity(), size - offset));
    begin = offset;
    int expected = buffer.limit();
    int read = file.read(buffer, offset);
    buffer.flip();
    if (read < count) {
      throw new CorruptionException(
          "file ends early", name, offset + read, 0, expected + " bytes", read + " bytes");
    }
    return 0;
  }

  /// The last offset before `end` and at or after `from` whose byte is not zero; `from - 1` if all
  /// are.
  long lastNonZero(long from, long end) {
    long last = from - 1;
    for (long offset = from; offset < end; ) {
      int count = (int) Math.min(BYTES, end - offset);
      int found = lastNonZeroAt(at(offset, count), count);
      last = found < 0 ? last : offset + found;
      offset += count;
    }
    return last;
  }

  private int lastNonZeroAt(int index, int count) {
    int i = count;
    // Eight at a time: most of a young segment is zero.
    while (i >= Long.BYTES && buffer.getLong(index + i - Long.BYTES) == 0) {
      i -= Long.BYTES;
    }
    while (i > 0 && buffer.get(index + i - 1) == 0) {
      i--;
    }
    return i - 1;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
