package io.tidaldb.checkpoint;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.StateSink;
import io.tidaldb.storage.Tag;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A page view whose pages are whatever a test sets.
class FakeView implements PageView {

  private final Tag tag;
  final SortedMap<PageKey, byte[]> pages = new TreeMap<>();
  private final SortedSet<PageKey> dirty = new TreeSet<>();
  boolean refusesToLoad;
  private long loadedPosition;

  FakeView(Tag tag) {
    this.tag = tag;
  }

  /// Sets a page; empty content removes it.
  void set(PageKey key, byte[] content) {
    if (content.length == 0) {
      pages.remove(key);
    } else {
      pages.put(key, content);
    }
    dirty.add(key);
  }

  /// Pages as text, to compare.
  static Map<PageKey, String> text(SortedMap<PageKey, byte[]> pages) {
    return pages.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> Arrays.toString(e.getValue()), (a, b) -> a, TreeMap::new));
  }

  Map<PageKey, String> text() {
    return text(pages);
  }

  int dirtyCount() {
    return dirty.size();
  }

  @Override
  public String name() {
    return "fake " + tag;
  }

  @Override
  public void apply(long position, Event event) {}

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void digest(StateSink sink) {}

  @Override
  public Tag tag() {
    return tag;
  }

  @Override
  public FrozenPages freeze(boolean all) {
    if (all) {
      dirty.addAll(pages.keySet());
    }
    var frozen = new TreeMap<PageKey, byte[]>();
    dirty.forEach(key -> frozen.put(key, pages.getOrDefault(key, new byte[0])));
    dirty.clear();
    return new FrozenPages() {
      @Override
      public int count() {
        return frozen.size();
      }

      @Override
      public void forEach(PageSink sink) {
        frozen.forEach(sink::page);
      }

      @Override
      public void committed() {}

      @Override
      public void abandoned() {
        dirty.addAll(frozen.keySet());
      }
    };
  }

  @Override
  public void load(PageKey key, byte[] content) {
    pages.put(key, content);
  }

  @Override
  public void loaded(long position) {
    if (refusesToLoad) {
      throw new IllegalArgumentException("does not fit");
    }
    loadedPosition = position;
  }

  @Override
  public void clear() {
    pages.clear();
    dirty.clear();
    loadedPosition = 0;
  }
}
