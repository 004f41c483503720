package io.tidaldb.engine;

import io.tidaldb.log.StateSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.commons.codec.digest.Blake3;

/// Hashes the canonical form of every view at one position. Equal logs give equal digests, whatever
/// the checkpoint history.
final class StateDigest implements StateSink {

  private final Blake3 hash = Blake3.initHash();
  private final ByteBuffer eight = ByteBuffer.allocate(8);

  private StateDigest() {}

  /// The digest, hexadecimal. On the writer thread, or when nothing writes.
  static String of(Views views) {
    var digest = new StateDigest();
    views.digest(digest);
    return HexFormat.of().formatHex(digest.hash.doFinalize(32));
  }

  @Override
  public StateSink entry(String what, String key) {
    return text('E', what).text('K', key);
  }

  @Override
  public StateSink value(String name, long value) {
    return text('L', name).bits(value);
  }

  @Override
  public StateSink value(String name, double value) {
    return text('D', name).bits(Double.doubleToRawLongBits(value));
  }

  @Override
  public StateSink value(String name, String value) {
    return text('S', name).text('V', value);
  }

  /// The kind of text and its length go before it, so that no two sequences of calls look alike.
  private StateDigest text(char kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var _ = bits(((long) kind << 32) | bytes.length);
    hash.update(bytes);
    return this;
  }

  private StateDigest bits(long value) {
    hash.update(eight.clear().putLong(value).array());
    return this;
  }
}
