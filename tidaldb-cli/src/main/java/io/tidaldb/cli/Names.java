package io.tidaldb.cli;

import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// Names that options take, for help and completion.
public final class Names {

  private Names() {}

  public static List<String> sorts() {
    return Arrays.stream(Sort.values()).map(Sort::label).toList();
  }

  public static List<String> windows() {
    return Arrays.stream(Window.values()).map(Window::label).toList();
  }

  /// The sort modes.
  static final class Sorts implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return sorts().iterator();
    }
  }

  /// The windows.
  static final class Windows implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return windows().iterator();
    }
  }
}
