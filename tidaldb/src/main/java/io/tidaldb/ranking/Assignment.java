package io.tidaldb.ranking;

import io.tidaldb.disk.Digest;
import io.tidaldb.schema.Experiment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Who gets which variant of an experiment: a pure function of salt and id, the same on every
/// machine and after every restart.
public final class Assignment {

  private Assignment() {}

  /// The variant of a unit, from 0.
  ///
  /// The first 8 bytes of BLAKE3(salt ‖ 0 ‖ id, big-endian), divided by 2⁶⁴, against the summed
  /// shares.
  public static int variant(Experiment experiment, long id) {
    double point = point(experiment.salt(), id);
    var variants = experiment.variants();
    double sum = 0;
    for (int i = 0; i < variants.size() - 1; i++) {
      sum += variants.get(i).share();
      if (point < sum) {
        return i;
      }
    }
    return variants.size() - 1;
  }

  /// A point in [0, 1).
  static double point(String salt, long id) {
    byte[] text = salt.getBytes(StandardCharsets.UTF_8);
    var input = ByteBuffer.allocate(text.length + 1 + Long.BYTES);
    input.put(text).put((byte) 0).putLong(id);
    long first = ByteBuffer.wrap(Digest.of(input.array()).bytes()).getLong();
    // The 53 highest bits: all that a double holds, and never 1.
    return (first >>> 11) * 0x1p-53;
  }
}
