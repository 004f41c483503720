package io.tidaldb.functional;

import io.tidaldb.testing.SimulatedVolume;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Changes headers of files so that their checksums stay right.
final class Formats {

  private static final int VERSION_AT = 10;
  private static final int CRC_AT = 60;

  private Formats() {}

  /// Gives a file's header another format version.
  static void rewriteVersion(SimulatedVolume disk, String name, int version) {
    var header = ByteBuffer.wrap(disk.content(name)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] before = header.array().clone();
    header.putShort(VERSION_AT, (short) version);
    var crc = new CRC32C();
    crc.update(header.array(), 0, CRC_AT);
    header.putInt(CRC_AT, (int) crc.getValue());
    for (int i = 0; i < CRC_AT + 4; i++) {
      int change = before[i] ^ header.get(i);
      if (change != 0) {
        disk.damage(name, i, change);
      }
    }
  }
}
