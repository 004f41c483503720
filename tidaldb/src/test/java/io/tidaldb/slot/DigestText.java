package io.tidaldb.slot;

import io.tidaldb.log.StateSink;
import io.tidaldb.log.View;

/// The canonical form of a view as text.
final class DigestText implements StateSink {

  private final StringBuilder text = new StringBuilder();

  private DigestText() {}

  static String of(View view) {
    var sink = new DigestText();
    view.digest(sink);
    return sink.text.toString();
  }

  @Override
  public StateSink entry(String what, String key) {
    text.append('\n').append(what).append(' ').append(key);
    return this;
  }

  @Override
  public StateSink value(String name, long value) {
    return value(name, Long.toString(value));
  }

  @Override
  public StateSink value(String name, double value) {
    return value(name, Long.toHexString(Double.doubleToRawLongBits(value)));
  }

  @Override
  public StateSink value(String name, String value) {
    text.append(' ').append(name).append('=').append(value);
    return this;
  }
}
