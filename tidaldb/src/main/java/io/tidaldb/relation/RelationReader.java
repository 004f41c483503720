package io.tidaldb.relation;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.MarkedItem;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Relation;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserNetwork;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.WatchedItem;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Answers about relations and states of users.
///
/// Lists are newest first, ties by unsigned id, then by kind; a page's token names its last entry.
///
/// **Threads.** Any.
public final class RelationReader {

  private static final int CREATORS_MAX = 1_000;
  private static final long AFFINITY_BACK_NANOS = 3_600L * 1_000_000_000;

  private final ViewerReader viewers;
  private final Relations relations;
  private final Slots slots;

  /// @param viewers the views to read
  public RelationReader(ViewerReader viewers) {
    this.viewers = viewers;
    this.relations = viewers.relations();
    this.slots = viewers.slots();
  }

  /// How a user stands to a target.
  public Optional<Relation> relation(EntityId user, RelationType type, Target target, long now) {
    requireKind(type, target.kind());
    if (type == RelationType.AFFINITY) {
      var affinities = affinities(user.value());
      int at = affinities.find(target.id().value());
      return at < 0 ? Optional.empty() : Optional.of(affinity(user, affinities, at, now));
    }
    var row = relations.relation(user.value(), type, target.kind(), target.id().value());
    return row == null ? Optional.empty() : Optional.of(relation(user, type, target, row));
  }

  private static Relation relation(EntityId user, RelationType type, Target target, Row row) {
    return new Relation(
        user,
        type,
        target,
        row.weight(),
        Timestamp.ofNanos(row.since()),
        Timestamp.ofNanos(row.changed()));
  }

  private static Relation affinity(EntityId user, Affinities affinities, int at, long now) {
    return new Relation(
        user,
        RelationType.AFFINITY,
        Target.creator(EntityId.of(affinities.creator(at))),
        affinities.sum(at) * affinities.factor(now),
        Timestamp.ofNanos(affinities.since(at)),
        Timestamp.ofNanos(affinities.changed(at)));
  }

  /// A user's relations of a type.
  public Page<Relation> relations(EntityId user, RelationType type, PageRequest page, long now) {
    if (type == RelationType.AFFINITY) {
      return affinities(user, page, now);
    }
    var list = relations.list(user.value(), type);
    var after = ListPlace.of(page, "relations");
    int from = after.isEmpty() ? 0 : behind(list, after.get());
    List<Relation> read = new ArrayList<>();
    for (int i = from; i < list.size() && read.size() <= page.limit(); i++) {
      var kind = kind(list, type, i);
      var row = relations.relation(user.value(), type, kind, list.target(i));
      // It may have ended since the list was read.
      if (row != null) {
        var target = new Target(kind, EntityId.of(list.target(i)));
        read.add(relation(user, type, target, row));
      }
    }
    return Page.of(read, page.limit(), last -> place(last).text());
  }

  private static EntityKind kind(RowList list, RelationType type, int index) {
    if (type == RelationType.HIDE) {
      return EntityKind.ITEM;
    }
    return list.isCreator(index) ? EntityKind.CREATOR : EntityKind.USER;
  }

  private static int behind(RowList list, ListPlace place) {
    int low = 0;
    int high = list.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int code = list.isCreator(middle) ? 1 : 0;
      if (new ListPlace(list.time(middle), list.target(middle), code).compareTo(place) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static ListPlace place(Relation last) {
    int code = last.target().kind() == EntityKind.CREATOR ? 1 : 0;
    return new ListPlace(last.since().nanos(), last.target().id().value(), code);
  }

  private Page<Relation> affinities(EntityId user, PageRequest page, long now) {
    var affinities = affinities(user.value());
    var after = ListPlace.of(page, "relations");
    var read =
        IntStream.range(0, affinities.size())
            .mapToObj(at -> affinity(user, affinities, at, now))
            .filter(found -> after.isEmpty() || place(found).compareTo(after.get()) > 0)
            .sorted(
                Comparator.<Relation>comparingLong(found -> -found.since().nanos())
                    .thenComparing(found -> found.target().id()))
            .limit(page.limit() + 1L)
            .toList();
    return Page.of(read, page.limit(), last -> place(last).text());
  }

  /// Who follows a target, by unsigned user id.
  public Page<EntityId> followers(Target target, PageRequest page) {
    requireKind(RelationType.FOLLOW, target.kind());
    var after = page.after().map(token -> id(page, token));
    var read =
        relations.reverse(
            target.kind(), target.id().value(), RelationType.FOLLOW, after, page.limit() + 1);
    return Page.of(read, page.limit(), EntityId::toString);
  }

  private static EntityId id(PageRequest page, String token) {
    try {
      return EntityId.parse(token);
    } catch (InvalidRequestException _) {
      throw page.tokenInvalid("followers");
    }
  }

  /// How many follow a target.
  public long followerCount(Target target) {
    requireKind(RelationType.FOLLOW, target.kind());
    return relations.reverseCount(target.kind(), target.id().value(), RelationType.FOLLOW);
  }

  /// How much a user engages with a creator.
  public double affinity(EntityId user, EntityId creator, long at) {
    requireReadable(at);
    return viewers.viewer(user.value(), at).affinity(creator.value());
  }

  /// The creators that a user engages with most, strongest first, ties by unsigned id.
  public List<ScoredEntity> topCreators(EntityId user, int k, long at) {
    if (k < 1 || k > CREATORS_MAX) {
      throw new InvalidRequestException(
          "K_OUT_OF_RANGE", "k out of range: given=" + k + " allowed=1…" + CREATORS_MAX);
    }
    requireReadable(at);
    var affinities = affinities(user.value());
    double factor = affinities.factor(at);
    return IntStream.range(0, affinities.size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -affinities.sum(i))
                .thenComparing(affinities::creator, Long::compareUnsigned))
        .limit(k)
        .map(i -> new ScoredEntity(EntityId.of(affinities.creator(i)), affinities.sum(i) * factor))
        .toList();
  }

  private void requireReadable(long at) {
    long earliest = Math.max(0, viewers.states().newest() - AFFINITY_BACK_NANOS);
    if (at < earliest) {
      throw new InvalidRequestException(
          "TIME_TOO_EARLY",
          "affinities of so early a time are not kept: given="
              + Timestamp.ofNanos(at)
              + " earliest allowed time="
              + Timestamp.ofNanos(earliest));
    }
  }

  private Affinities affinities(long user) {
    var memory = viewers.states().memory(slots.slot(EntityKind.USER, user));
    return memory == null
        ? new Affinities(Rules.NONE.decay())
        : memory.read(memory.affinities::copy);
  }

  /// The states in which a user stands to an item.
  public Set<UserState> states(EntityId user, EntityId item, long now) {
    var states = EnumSet.noneOf(UserState.class);
    int userSlot = slots.slot(EntityKind.USER, user.value());
    int itemSlot = slots.slot(EntityKind.ITEM, item.value());
    var viewer = viewers.viewer(user.value(), now);
    for (var state : UserState.values()) {
      boolean holds =
          switch (state) {
            case SEEN, COMPLETED, NOT_INTERESTED -> viewers.seen().holds(state, userSlot, itemSlot);
            case LIKED, DISLIKED, SAVED -> relations.told(user.value(), state, item.value());
            case SHOWN, IN_PROGRESS, HISTORY ->
                itemSlot >= 0 && viewer.items(state).contains(itemSlot);
          };
      if (holds) {
        states.add(state);
      }
    }
    return states;
  }

  /// What a user told: liked, disliked or saved items that live.
  public Page<MarkedItem> told(EntityId user, UserState state, PageRequest page) {
    var list = relations.list(user.value(), state);
    var after = ListPlace.of(page, state.label());
    int from = after.isEmpty() ? 0 : behind(list, after.get());
    List<MarkedItem> read = new ArrayList<>();
    for (int i = from; i < list.size() && read.size() <= page.limit(); i++) {
      if (!slots.isDead(EntityKind.ITEM, list.slot(i))) {
        read.add(new MarkedItem(EntityId.of(list.target(i)), Timestamp.ofNanos(list.time(i))));
      }
    }
    return Page.of(
        read,
        page.limit(),
        last -> new ListPlace(last.at().nanos(), last.item().value(), 0).text());
  }

  /// What a user watched: in progress, or the history.
  public Page<WatchedItem> watched(EntityId user, UserState state, PageRequest page) {
    var after = ListPlace.of(page, state.label());
    var memory = viewers.states().memory(slots.slot(EntityKind.USER, user.value()));
    if (memory == null) {
      return Page.empty();
    }
    var list = state == UserState.HISTORY ? memory.history : memory.progress;
    var copy = memory.read(list::copy);
    var read =
        Arrays.stream(copy.order(slots))
            .mapToObj(
                i ->
                    new WatchedItem(
                        EntityId.of(slots.id(EntityKind.ITEM, copy.slot(i))),
                        Timestamp.ofNanos(copy.time(i)),
                        copy.fraction(i)))
            .filter(found -> after.isEmpty() || place(found).compareTo(after.get()) > 0)
            .limit(page.limit() + 1L)
            .toList();
    return Page.of(read, page.limit(), last -> place(last).text());
  }

  private static ListPlace place(WatchedItem item) {
    return new ListPlace(item.at().nanos(), item.item().value(), 0);
  }

  /// The users behind a user's follows.
  public UserNetwork network(EntityId user, int depth) {
    if (depth < 1 || depth > 2) {
      throw new InvalidRequestException(
          "DEPTH_OUT_OF_RANGE", "depth out of range: given=" + depth + " allowed=1…2");
    }
    var network = viewers.network(user.value(), depth);
    return new UserNetwork(
        Arrays.stream(network.users()).mapToObj(EntityId::of).toList(), network.capped());
  }

  /// Refuses a target of a kind that the type does not take.
  public static void requireKind(RelationType type, EntityKind kind) {
    if (!type.takes(kind)) {
      throw new InvalidRequestException(
          "TARGET_KIND",
          "relation cannot have such a target: type="
              + type.label()
              + " given="
              + kind
              + " allowed="
              + Arrays.stream(EntityKind.values()).filter(type::takes).toList());
    }
  }
}
