package io.tidaldb.cli;

import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Names that options take, for help and completion.
public final class Names {

  private Names() {}

  public static List<String> sorts() {
    return Arrays.stream(Sort.values()).map(Sort::label).toList();
  }

  public static List<String> windows() {
    return Arrays.stream(Window.values()).map(Window::label).toList();
  }

  /// How a user may stand to an item, by the name in filters.
  private static Map<String, Filter> stateFilters() {
    var filters = new TreeMap<String, Filter>();
    filters.put("completed", Filter.completed());
    filters.put("disliked", Filter.disliked());
    filters.put("followed", Filter.followed());
    filters.put("in_my_collections", Filter.inMyCollections());
    filters.put("in_network", Filter.inNetwork(1));
    filters.put("in_progress", Filter.inProgress());
    filters.put("liked", Filter.liked());
    filters.put("muted", Filter.muted());
    filters.put("saved", Filter.saved());
    filters.put("seen", Filter.seen());
    filters.put("shown", Filter.shown());
    filters.put("unseen", Filter.unseen());
    filters.put("unshown", Filter.unshown());
    return filters;
  }

  /// The filter of this name.
  static Filter state(String name) {
    var known = stateFilters();
    var filter = known.get(name);
    if (filter == null) {
      throw new InvalidRequestException(
          "OPTION_INVALID", "no such state: given=" + name + " known=" + known.keySet());
    }
    return filter;
  }

  /// How a user may stand to an item.
  static final class States implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return stateFilters().keySet().iterator();
    }
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
