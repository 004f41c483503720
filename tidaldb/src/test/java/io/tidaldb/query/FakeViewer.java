package io.tidaldb.query;

import io.tidaldb.schema.UserState;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// A user of a [FakeWorld], in plain sets.
final class FakeViewer implements Viewer {
  final Set<Integer> hidden = new HashSet<>();
  final Set<Long> blocked = new HashSet<>();
  final Set<Long> muted = new HashSet<>();
  final Set<Long> followed = new HashSet<>();
  final Map<UserState, Set<Integer>> states = new EnumMap<>(UserState.class);
  final Map<Integer, Long> shown = new HashMap<>();
  final Map<Long, Double> affinities = new HashMap<>();
  int[] positives = new int[0];

  private static RoaringBitmap bitmap(Set<Integer> slots) {
    var bitmap = new RoaringBitmap();
    slots.forEach(bitmap::add);
    return bitmap;
  }

  private static long[] rising(Set<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  @Override
  public RoaringBitmap hidden() {
    return bitmap(hidden);
  }

  @Override
  public long[] blocked() {
    return rising(blocked);
  }

  @Override
  public long[] muted() {
    return rising(muted);
  }

  @Override
  public long[] followed() {
    return rising(followed);
  }

  @Override
  public RoaringBitmap items(UserState state) {
    return bitmap(state == UserState.SHOWN ? shown.keySet() : states.getOrDefault(state, Set.of()));
  }

  @Override
  public RoaringBitmap shownSince(long from) {
    var bitmap = new RoaringBitmap();
    shown.forEach(
        (slot, time) -> {
          if (time >= from) {
            bitmap.add(slot);
          }
        });
    return bitmap;
  }

  @Override
  public int[] positives(int count) {
    return java.util.Arrays.copyOf(positives, Math.min(count, positives.length));
  }

  @Override
  public double affinity(long creator) {
    return affinities.getOrDefault(creator, 0.0);
  }

  @Override
  public long[] closest(int count) {
    return affinities.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<Long, Double>>comparingDouble(entry -> -entry.getValue())
                .thenComparing(Map.Entry::getKey, Long::compareUnsigned))
        .limit(count)
        .mapToLong(Map.Entry::getKey)
        .toArray();
  }
}
