package io.tidaldb.query;

import io.tidaldb.ranking.Network;
import io.tidaldb.schema.UserState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.roaringbitmap.RoaringBitmap;

/// A user of a [FakeWorld], in plain sets.
final class FakeViewer implements Viewer {
  final Set<Integer> hidden = new HashSet<>();
  final Set<Long> blocked = new HashSet<>();
  final Set<Long> muted = new HashSet<>();
  final Set<Long> followed = new HashSet<>();
  final Map<UserState, Set<Integer>> states = new EnumMap<>(UserState.class);
  final Map<Integer, Long> shown = new HashMap<>();
  final Map<Integer, Long> saved = new HashMap<>();

  /// Slots and times of what was shown, each as often as it was.
  final List<long[]> impressions = new ArrayList<>();

  final Map<Long, Double> affinities = new HashMap<>();
  final Map<Long, java.util.Optional<Long>> notices = new java.util.TreeMap<>();
  int[] positives = new int[0];

  /// What each user whom the user follows engaged with.
  final List<Set<Integer>> network = new ArrayList<>();

  /// What each user whom only those follow engaged with.
  final List<Set<Integer>> farNetwork = new ArrayList<>();

  int fanOut = 2_000;

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
  public void notices(long from, long to, NoticeConsumer consumer) {
    notices.forEach(
        (time, creator) -> {
          if (time > from && time <= to) {
            consumer.accept(creator.isPresent(), creator.orElse(0L));
          }
        });
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

  /// What each user of the network engaged with.
  List<Set<Integer>> members(int depth) {
    var members = new ArrayList<>(network);
    if (depth > 1) {
      members.addAll(farNetwork);
    }
    return members.subList(0, Math.min(fanOut, members.size()));
  }

  @Override
  public void impressions(SlotTime consumer) {
    impressions.forEach(one -> consumer.accept((int) one[0], one[1]));
  }

  @Override
  public void saved(SlotTime consumer) {
    saved.forEach(consumer::accept);
  }

  @Override
  public Network network(int depth) {
    var members = members(depth);
    var items = new RoaringBitmap();
    members.forEach(engaged -> engaged.forEach(items::add));
    boolean capped = members.size() < network.size() + (depth > 1 ? farNetwork.size() : 0);
    return new Network(
        members.size(),
        capped,
        items,
        slot -> (int) members.stream().filter(engaged -> engaged.contains(slot)).count());
  }

  /// A user who did this and that with the items of a world.
  static FakeViewer random(SplittableRandom random, FakeWorld world) {
    var viewer = new FakeViewer();
    for (var state : UserState.values()) {
      viewer.states.put(state, slots(random, world, 4));
    }
    slots(random, world, 3)
        .forEach(
            slot -> viewer.shown.put(slot, FakeWorld.NOW - random.nextInt(40) * FakeWorld.HOUR));
    viewer
        .states
        .get(UserState.SAVED)
        .forEach(
            slot -> viewer.saved.put(slot, FakeWorld.NOW - random.nextInt(40) * FakeWorld.HOUR));
    for (int i = random.nextInt(80); i > 0; i--) {
      viewer.impressions.add(
          new long[] {
            random.nextInt(world.items.size()),
            FakeWorld.NOW - random.nextInt(-24, 10 * 24) * FakeWorld.HOUR
          });
    }
    for (long creator = 0; creator < 6; creator++) {
      if (random.nextBoolean()) {
        viewer.followed.add(creator);
      }
      if (random.nextBoolean()) {
        viewer.affinities.put(creator, random.nextInt(1, 8) / 2.0);
      }
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      viewer.network.add(slots(random, world, 5));
      viewer.farNetwork.add(slots(random, world, 5));
    }
    return viewer;
  }

  /// About one in so many.
  static Set<Integer> slots(SplittableRandom random, FakeWorld world, int oneIn) {
    var slots = new HashSet<Integer>();
    world.items.stream()
        .filter(item -> item.live && random.nextInt(oneIn) == 0)
        .forEach(item -> slots.add(item.slot));
    return slots;
  }
}
