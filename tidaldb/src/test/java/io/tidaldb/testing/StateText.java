package io.tidaldb.testing;

import io.tidaldb.log.PageView;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.View;
import java.util.SortedMap;
import java.util.TreeMap;

/// A view's canonical form as text, and a view's saved pages.
public final class StateText implements StateSink {

  private final StringBuilder text = new StringBuilder();

  private StateText() {}

  /// The canonical form of a view, one entry a line.
  public static String of(View view) {
    var sink = new StateText();
    view.digest(sink);
    return sink.text.toString();
  }

  /// Saves what changed over what was saved before; a page without content goes.
  public static void save(PageView view, boolean all, SortedMap<PageKey, byte[]> saved) {
    var frozen = view.freeze(all);
    take(frozen, saved);
    frozen.committed();
  }

  /// Takes frozen pages without saying how saving ended.
  public static void take(PageView.FrozenPages frozen, SortedMap<PageKey, byte[]> saved) {
    SortedMap<PageKey, byte[]> seen = new TreeMap<>();
    frozen.forEach(
        (key, content) -> {
          if (!seen.isEmpty() && seen.lastKey().compareTo(key) >= 0) {
            throw new AssertionError("pages out of order: " + seen.lastKey() + " " + key);
          }
          seen.put(key, content);
        });
    if (seen.size() != frozen.count()) {
      throw new AssertionError("count=" + frozen.count() + " pages=" + seen.size());
    }
    seen.forEach(
        (key, content) -> {
          if (content.length == 0) {
            saved.remove(key);
          } else {
            saved.put(key, content);
          }
        });
  }

  /// Loads saved pages into an empty view.
  public static void load(PageView view, SortedMap<PageKey, byte[]> saved, long position) {
    saved.forEach(view::load);
    view.loaded(position);
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
