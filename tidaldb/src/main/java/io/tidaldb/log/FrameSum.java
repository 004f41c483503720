package io.tidaldb.log;

import io.tidaldb.disk.StoreId;
import java.util.zip.CRC32C;

/// Number and checksum of the frames of a segment: CRC32C over the store id and then the header
/// checksum of each.
final class FrameSum {

  private final CRC32C crc = new CRC32C();
  private long frames;

  FrameSum(StoreId store) {
    crc.update(store.bytes());
  }

  void add(int headerCrc) {
    crc.update(headerCrc);
    crc.update(headerCrc >>> 8);
    crc.update(headerCrc >>> 16);
    crc.update(headerCrc >>> 24);
    frames++;
  }

  long frames() {
    return frames;
  }

  int value() {
    return (int) crc.getValue();
  }
}
