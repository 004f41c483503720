package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What is known of one user. Each call reads what is published at that time; bitmaps are over the
/// slots of items and the caller's own. USER n and CREATOR n are one account.
///
/// **Threads.** Made and used by one thread; any thread may make another one.
public final class Viewer {

  private final ViewerReader reader;
  private final long user;
  private final long at;

  /// The creators with an affinity, rising as signed numbers, and their values; once asked for.
  private long @Nullable [] creators;

  private double[] values = Empty.DOUBLES;

  Viewer(ViewerReader reader, long user, long at) {
    this.reader = reader;
    this.user = user;
    this.at = at;
  }

  /// The user's id.
  public long user() {
    return user;
  }

  /// Items that the user hid or reported.
  public RoaringBitmap hidden() {
    return reader.relations().hidden(user);
  }

  /// Accounts that the user blocked or that blocked the user, rising as signed numbers.
  public long[] blocked() {
    return reader.blocked(user);
  }

  /// Creators that the user muted, rising as signed numbers.
  public long[] muted() {
    return reader.relations().list(user, RelationType.MUTE).distinctTargets();
  }

  /// Accounts that the user follows, rising as signed numbers.
  public long[] followed() {
    return reader.relations().list(user, RelationType.FOLLOW).distinctTargets();
  }

  /// Items to which the user stands in a state.
  public RoaringBitmap items(UserState state) {
    return switch (state) {
      case SEEN, COMPLETED, NOT_INTERESTED -> reader.seen().items(state, userSlot());
      case LIKED, DISLIKED, SAVED -> reader.relations().list(user, state).ownSlots();
      case SHOWN -> shownSince(at - UserStates.SHOWN_NANOS);
      case IN_PROGRESS, HISTORY -> watched(state);
    };
  }

  private RoaringBitmap watched(UserState state) {
    var items = new RoaringBitmap();
    var memory = memory();
    if (memory != null) {
      var list = state == UserState.HISTORY ? memory.history : memory.progress;
      var copy = memory.read(list::copy);
      for (int i = 0; i < copy.size(); i++) {
        items.add(copy.slot(i));
      }
    }
    return items;
  }

  /// Items that were shown to the user at or after a time, nanoseconds since 1970.
  public RoaringBitmap shownSince(long from) {
    var items = new RoaringBitmap();
    impressions(
        (slot, time) -> {
          if (time >= from) {
            items.add(slot);
          }
        });
    return items;
  }

  /// The last 5,000 impressions that are not older than 30 days, oldest first by log order.
  public void impressions(SlotTime consumer) {
    var memory = memory();
    if (memory == null) {
      return;
    }
    var shown = memory.read(memory.shown::copy);
    long earliest = reader.states().newest() - UserStates.SHOWN_NANOS;
    for (int i = 0; i < shown.size(); i++) {
      if (shown.time(i) >= earliest) {
        consumer.accept(shown.slot(i), shown.time(i));
      }
    }
  }

  /// What the user told of items in a state (liked, disliked, saved), newest first, with the time.
  public void told(UserState state, SlotTime consumer) {
    var list = reader.relations().list(user, state);
    list.forEach(i -> consumer.accept(list.slot(i), list.time(i)));
  }

  /// What was notified to the user after `from` and up to `to`.
  public void notices(long from, long to, NoticeConsumer consumer) {
    var memory = memory();
    if (memory == null) {
      return;
    }
    var notices = memory.read(memory.notices::copy);
    for (int i = 0; i < notices.size(); i++) {
      if (notices.time(i) > from && notices.time(i) <= to) {
        consumer.accept(notices.slot(i), notices.hasCreator(i), notices.creator(i));
      }
    }
  }

  /// Slots of the latest distinct items that the user engaged with positively, newest first.
  public int[] positives(int count) {
    int[] newest = reader.positives(user);
    return count < newest.length ? Arrays.copyOf(newest, count) : newest;
  }

  /// How much the user engages with a creator; 0 if not at all. The first call takes a copy, so one
  /// viewer always gives the same.
  public double affinity(long creator) {
    var known = creators;
    if (known == null) {
      known = readAffinities();
      creators = known;
    }
    int index = Arrays.binarySearch(known, creator);
    return index < 0 ? 0 : values[index];
  }

  /// The creators whom the user engages with most, the closest first, ties by unsigned id.
  public long[] closest(int count) {
    var _ = affinity(0);
    var known = creators == null ? Empty.LONGS : creators;
    return IntStream.range(0, known.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -values[i])
                .thenComparing(i -> known[i], Long::compareUnsigned))
        .limit(count)
        .mapToLong(i -> known[i])
        .toArray();
  }

  private long[] readAffinities() {
    var memory = memory();
    if (memory == null) {
      return Empty.LONGS;
    }
    var copy = memory.read(memory.affinities::copy);
    double factor = copy.factor(at);
    long[] sorted = copy.creators();
    Arrays.sort(sorted);
    values = new double[sorted.length];
    for (int i = 0; i < copy.size(); i++) {
      values[Arrays.binarySearch(sorted, copy.creator(i))] = copy.sum(i) * factor;
    }
    return sorted;
  }

  /// The users behind the user's follows.
  public Network network(int depth) {
    return reader.network(user, depth);
  }

  /// Which items a network's members engaged with positively.
  public SocialProof socialProof(Network network) {
    return reader.socialProof(network);
  }

  private int userSlot() {
    return reader.slots().slot(EntityKind.USER, user);
  }

  private @Nullable UserMemory memory() {
    return reader.states().memory(userSlot());
  }

  /// Takes an item's slot and a time, nanoseconds since 1970.
  @FunctionalInterface
  public interface SlotTime {
    /// One of them.
    void accept(int slot, long time);
  }

  /// Takes what was notified.
  @FunctionalInterface
  public interface NoticeConsumer {
    /// @param creator the item's creator, if it has one
    void accept(int slot, boolean hasCreator, long creator);
  }
}
