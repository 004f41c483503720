package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ranking.Habits;
import io.tidaldb.ranking.Network;
import io.tidaldb.schema.UserState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What a query's user does, keeps and follows, read part by part when it is first asked for.
final class ViewerHabits implements Habits {

  private static final long TIRED_NANOS = Duration.ofDays(7).toNanos();

  private final Viewer viewer;
  private final EntityReader items;
  private final List<String> fields;
  private final Supplier<List<String>> interests;
  private final long at;
  private @Nullable SlotTimes saved;
  private @Nullable CreatorSet followed;
  private @Nullable List<String> words;
  private @Nullable RoaringBitmap interesting;
  private int @Nullable [] ignored;
  private @Nullable Network network;

  /// @param items what is ranked
  /// @param fields those of its fields that say what it is about
  /// @param interests what the user is interested in
  /// @param at the query's time
  ViewerHabits(
      Viewer viewer,
      EntityReader items,
      List<String> fields,
      Supplier<List<String>> interests,
      long at) {
    this.viewer = viewer;
    this.items = items;
    this.fields = fields;
    this.interests = interests;
    this.at = at;
  }

  @Override
  public long savedAt(int slot) {
    var known = saved;
    if (known == null) {
      known = SlotTimes.of(viewer::saved);
      saved = known;
    }
    return known.time(slot);
  }

  @Override
  public boolean follows(long creator) {
    var known = followed;
    if (known == null) {
      known = CreatorSet.of(viewer.followed());
      followed = known;
    }
    return known.contains(creator);
  }

  private List<String> words() {
    var known = words;
    if (known == null) {
      known = interests.get();
      words = known;
    }
    return known;
  }

  @Override
  public boolean hasInterests() {
    return !words().isEmpty();
  }

  @Override
  public boolean isInteresting(int slot) {
    return interesting().contains(slot);
  }

  /// Items whose category or tag is an interest; not to be changed.
  RoaringBitmap interesting() {
    var known = interesting;
    if (known == null) {
      known = new RoaringBitmap();
      for (var field : fields) {
        for (var interest : words()) {
          known.or(items.keyword(field, interest));
        }
      }
      interesting = known;
    }
    return known;
  }

  @Override
  public double ignored(int slot) {
    var known = ignored;
    if (known == null) {
      known = readIgnored();
      ignored = known;
    }
    int found = Arrays.binarySearch(known, slot);
    if (found < 0) {
      return 0;
    }
    int first = found;
    while (first > 0 && known[first - 1] == slot) {
      first--;
    }
    int end = found + 1;
    while (end < known.length && known[end] == slot) {
      end++;
    }
    return end - first;
  }

  /// The slots of what was shown and not viewed, rising, each as often as it was shown.
  private int[] readIgnored() {
    var seen = viewer.items(UserState.SEEN);
    var shown = IntStream.builder();
    viewer.impressions(
        (slot, time) -> {
          if (time > at - TIRED_NANOS && time <= at && !seen.contains(slot)) {
            shown.add(slot);
          }
        });
    return shown.build().sorted().toArray();
  }

  @Override
  public Network network() {
    var known = network;
    if (known == null) {
      known = viewer.network(1);
      network = known;
    }
    return known;
  }
}
