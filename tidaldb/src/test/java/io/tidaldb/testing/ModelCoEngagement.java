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
  private final Map<List<Long>, Double> nearness = new HashMap<>();
  private final Map<Long, Double> crowds = new HashMap<>();
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
    crowds.merge(item, growth(time), Double::sum);
    Set<Pair> touched = new HashSet<>();
    int behind = 0;
    for (long other : recent) {
      behind++;
      var pair = Pair.of(item, other);
      if (edges.containsKey(pair) || makeRoom(touched)) {
        edges.merge(pair, growth(time), Double::sum);
        nearness.merge(List.of(other, item), growth(time) / Math.sqrt(behind), Double::sum);
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
      double sum = strength * growth(Math.max(newest, 0));
      edges.put(pair, sum);
      nearness.put(List.of(a, b), sum / 2);
      nearness.put(List.of(b, a), sum / 2);
    }
  }

  /// Lets the least edge go if there is no room for another; false if all were just touched.
  private boolean makeRoom(Set<Pair> touched) {
    if (edges.size() < capacity) {
      return true;
    }
    var least = leastFirst().stream().filter(pair -> !touched.contains(pair)).findFirst();
    least.ifPresent(this::remove);
    return least.isPresent();
  }

  private void remove(Pair pair) {
    edges.remove(pair);
    nearness.remove(List.of(pair.low, pair.high));
    nearness.remove(List.of(pair.high, pair.low));
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
    trimmed.edges.putAll(edges);
    trimmed.nearness.putAll(nearness);
    trimmed.crowds.putAll(crowds);
    var order = leastFirst();
    order.subList(0, Math.max(0, order.size() - smaller)).forEach(trimmed::remove);
    return trimmed;
  }

  /// Time went on without evidence.
  public void time(long time) {
    newest = Math.max(newest, time);
  }

  /// The item is gone, with its edges and out of every window.
  public void itemDeleted(long item) {
    pairs().stream().filter(pair -> pair.has(item)).forEach(this::remove);
    crowds.remove(item);
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

  /// How much what users engage with after an item follows it, by item.
  public Map<Long, Double> following(long item, long at) {
    Map<Long, Double> following = new HashMap<>();
    for (long other : neighbours(item)) {
      double near =
          nearness.getOrDefault(List.of(item, other), 0.0)
              + nearness.getOrDefault(List.of(other, item), 0.0) / 2;
      double crowd = crowds.getOrDefault(item, 0.0) / growth(at) + 10;
      double others = crowds.getOrDefault(other, 0.0) / growth(at) + 10;
      following.put(other, Math.min(1, near / growth(at) / 1.5 / Math.sqrt(crowd * others)));
    }
    return following;
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
