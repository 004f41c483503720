package io.tidaldb.relation;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.slot.Slots;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/// Read access to what lies between users and what they use: relations, states, affinities,
/// networks.
///
/// **Threads.** Any; reads never wait for the writer.
public final class ViewerReader {

  private static final int SECOND_FOLLOWS_MAX = 100;

  private final Relations relations;
  private final UserStates states;
  private final SeenItems seen;
  private final Slots slots;
  private final int networkFanOut;

  /// @param networkFanOut users in a network, at most
  public ViewerReader(
      Relations relations, UserStates states, SeenItems seen, Slots slots, int networkFanOut) {
    this.relations = relations;
    this.states = states;
    this.seen = seen;
    this.slots = slots;
    this.networkFanOut = networkFanOut;
  }

  /// What is known of a user as of a moment, nanoseconds since 1970; of an unknown one, nothing.
  public Viewer viewer(long user, long at) {
    return new Viewer(this, user, at);
  }

  Relations relations() {
    return relations;
  }

  UserStates states() {
    return states;
  }

  SeenItems seen() {
    return seen;
  }

  Slots slots() {
    return slots;
  }

  /// Accounts that a user blocked or that blocked the user, rising as signed numbers.
  long[] blocked(long user) {
    var own = relations.list(user, RelationType.BLOCK);
    var ofUser = relations.blockers(EntityKind.USER, user);
    var ofCreator = relations.blockers(EntityKind.CREATOR, user);
    long[] all = new long[own.size() + ofUser.size() + ofCreator.size()];
    int count = 0;
    for (var list : new RowList[] {own, ofUser, ofCreator}) {
      for (int i = 0; i < list.size(); i++) {
        all[count++] = list.target(i);
      }
    }
    return RowList.sorted(all);
  }

  /// Whom a user follows (depth 1), and whom those follow (depth 2): newest follow first, each
  /// account once, never the user, never one that is blocked in either direction.
  public Network network(long user, int depth) {
    long[] blocked = blocked(user);
    var walk = new Walk(id -> id != user && Arrays.binarySearch(blocked, id) < 0);
    walk.take(relations.list(user, RelationType.FOLLOW), Integer.MAX_VALUE);
    int first = walk.count;
    for (int i = 0; depth > 1 && i < first && !walk.capped; i++) {
      walk.take(relations.list(walk.users[i], RelationType.FOLLOW), SECOND_FOLLOWS_MAX);
    }
    return new Network(Arrays.copyOf(walk.users, walk.count), walk.capped);
  }

  private final class Walk {

    private final LongPredicate allowed;
    private final Set<Long> known = new HashSet<>();
    private long[] users = new long[16];
    private int count;
    private boolean capped;

    Walk(LongPredicate allowed) {
      this.allowed = allowed;
    }

    void take(RowList follows, int most) {
      for (int i = 0; i < Math.min(most, follows.size()); i++) {
        long id = follows.target(i);
        if (!allowed.test(id) || known.contains(id)) {
          continue;
        }
        if (count == networkFanOut) {
          capped = true;
          return;
        }
        var _ = known.add(id);
        if (count == users.length) {
          users = Arrays.copyOf(users, 2 * count);
        }
        users[count++] = id;
      }
    }
  }

  /// Which items a network's members engaged with positively, and how many members each.
  public SocialProof socialProof(Network network) {
    int[] all = new int[64];
    int count = 0;
    for (long user : network.users()) {
      int[] items = positives(user);
      if (count + items.length > all.length) {
        all = Arrays.copyOf(all, Math.max(2 * all.length, count + items.length));
      }
      System.arraycopy(items, 0, all, count, items.length);
      count += items.length;
    }
    return SocialProof.of(Arrays.copyOf(all, count));
  }

  /// The slots of the last 50 distinct items that a user engaged with positively and that live,
  /// newest first.
  int[] positives(long user) {
    var memory = states.memory(slots.slot(EntityKind.USER, user));
    return memory == null ? Empty.INTS : memory.read(memory.positives::copy).newestFirst(slots);
  }
}
