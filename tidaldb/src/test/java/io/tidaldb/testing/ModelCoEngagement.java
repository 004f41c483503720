package io.tidaldb.testing;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Edges in a map, sorted anew whenever one has to leave. Single-threaded.
///
/// Strengths are sums of 2^((t − landmark) / half-life), added in the order of the log, so equal
/// evidence gives equal strengths here as it does there, and ties are ties in both.
public final class ModelCoEngagement {

  /// Two items, the lower id first.
  public record Pair(long low, long high) {
    /// In either order.
    public static Pair of(long a, long b) {
      return Long.compareUnsigned(a, b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }

    /// Whether it joins this item with another.
    public boolean has(long item) {
      return low == item || high == item;
    }

    /// The other one.
    public long other(long item) {
      return low == item ? high : low;
    }
  }

  private static final Comparator<Pair> GREATER_IDS_FIRST =
      Comparator.<Pair>comparingLong(pair -> pair.low ^ Long.MIN_VALUE)
          .thenComparingLong(pair -> pair.high ^ Long.MIN_VALUE)
          .reversed();

  private final int capacity;
  private final int window;
  private final double halfLifeNanos;
  private final Map<Pair, Double> edges = new HashMap<>();
  private final Map<Long, Deque<Long>> windows = new HashMap<>();
  private Optional<Long> landmark = Optional.empty();
  private long newest = -1;

  /// No edges.
  public ModelCoEngagement(int capacity, int window, double halfLifeNanos) {
    this.capacity = capacity;
    this.window = window;
    this.halfLifeNanos = halfLifeNanos;
  }

  private double growth(long time) {
    if (landmark.isEmpty()) {
      landmark = Optional.of(time);
    }
    return Math.pow(2, (time - landmark.get()) / halfLifeNanos);
  }

  /// A user likes an item.
  public void positive(long user, long item, long time) {
    newest = Math.max(newest, time);
    var recent = windows.computeIfAbsent(user, absent -> new ArrayDeque<>());
    if (recent.remove(item)) {
      recent.addFirst(item);
      return;
    }
    Set<Pair> touched = new HashSet<>();
    for (long other : recent) {
      var pair = Pair.of(item, other);
      if (edges.containsKey(pair) || makeRoom(touched)) {
        edges.merge(pair, growth(time), Double::sum);
        touched.add(pair);
      }
    }
    recent.addFirst(item);
    if (recent.size() > window) {
      recent.removeLast();
    }
  }

  /// Sets an edge's strength as of the newest time.
  public void insert(long a, long b, double strength) {
    var pair = Pair.of(a, b);
    if (edges.containsKey(pair) || makeRoom(Set.of())) {
      edges.put(pair, strength * growth(Math.max(newest, 0)));
    }
  }

  /// Lets the least edge go if there is no room for another; false if all were just touched.
  private boolean makeRoom(Set<Pair> touched) {
    if (edges.size() < capacity) {
      return true;
    }
    var least = leastFirst().stream().filter(pair -> !touched.contains(pair)).findFirst();
    least.ifPresent(edges::remove);
    return least.isPresent();
  }

  private List<Pair> leastFirst() {
    return edges.keySet().stream()
        .sorted(Comparator.<Pair>comparingDouble(edges::get).thenComparing(GREATER_IDS_FIRST))
        .toList();
  }

  /// Another model with the heaviest of these edges and the same windows.
  public ModelCoEngagement trimmedTo(int smaller) {
    var trimmed = new ModelCoEngagement(smaller, window, halfLifeNanos);
    trimmed.landmark = landmark;
    trimmed.newest = newest;
    windows.forEach((user, recent) -> trimmed.windows.put(user, new ArrayDeque<>(recent)));
    var order = leastFirst();
    order
        .subList(Math.max(0, order.size() - smaller), order.size())
        .forEach(pair -> trimmed.edges.put(pair, edges.get(pair)));
    return trimmed;
  }

  /// Time went on without evidence.
  public void time(long time) {
    newest = Math.max(newest, time);
  }

  /// The item is gone, with its edges and out of every window.
  public void itemDeleted(long item) {
    edges.keySet().removeIf(pair -> pair.has(item));
    windows.values().forEach(recent -> recent.remove(item));
  }

  /// The user is gone; strengths stay.
  public void userErased(long user) {
    windows.remove(user);
  }

  /// Every edge.
  public Set<Pair> pairs() {
    return Set.copyOf(edges.keySet());
  }

  /// How many edges.
  public int edgeCount() {
    return edges.size();
  }

  /// At most so many.
  public int capacity() {
    return capacity;
  }

  /// How strong two items belong together at a time; 0 without an edge.
  public double strength(long a, long b, long at) {
    var value = edges.get(Pair.of(a, b));
    return value == null ? 0 : value / growth(at);
  }

  /// The newest evidence, or −1.
  public long newest() {
    return newest;
  }

  /// What belongs to an item, strongest first, ties by id.
  public List<Long> neighbours(long item) {
    return edges.keySet().stream()
        .filter(pair -> pair.has(item))
        .sorted(
            Comparator.<Pair>comparingDouble(edges::get)
                .reversed()
                .thenComparing(pair -> pair.other(item), Long::compareUnsigned))
        .map(pair -> pair.other(item))
        .toList();
  }

  /// A user's positives, newest first.
  public List<Long> positives(long user) {
    return List.copyOf(windows.getOrDefault(user, new ArrayDeque<>()));
  }
}
