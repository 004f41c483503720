package io.tidaldb.testing;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.UserState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Compares relations and states with the naive model, in both directions, and asks every kind of
/// query for what must never be shown.
final class RelationCheck {

  private static final List<RelationType> TYPES =
      List.of(RelationType.FOLLOW, RelationType.BLOCK, RelationType.HIDE, RelationType.MUTE);

  private final TidalDb db;
  private final ModelWorld world;
  private final List<String> differences = new ArrayList<>();

  private RelationCheck(TidalDb db, ModelWorld world) {
    this.db = db;
    this.world = world;
  }

  /// What differs, in words.
  static List<String> differences(TidalDb db, ModelWorld world) {
    var check = new RelationCheck(db, world);
    for (long user : Scripts.USERS) {
      check.forward(user);
      check.states(user);
      check.queries(user);
    }
    for (long creator : Scripts.CREATORS) {
      check.forward(creator);
      check.reverse(creator);
    }
    return check.differences;
  }

  private void same(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      differences.add(what + ": expected=" + expected + " actual=" + actual);
    }
  }

  private static EntityId id(long value) {
    return EntityId.of(value);
  }

  private void forward(long user) {
    for (var type : TYPES) {
      var found =
          db.relations(id(user), type, PageRequest.first(1_000)).items().stream()
              .map(relation -> relation.target().id().value())
              .sorted(Long::compareUnsigned)
              .toList();
      same(type + " of " + user, world.relations().forward(user, type), found);
    }
  }

  private void reverse(long creator) {
    var expected = world.relations().reverse(RelationType.FOLLOW, EntityKind.CREATOR, creator);
    var target = Target.creator(id(creator));
    same(
        "followers of " + creator,
        expected,
        db.followers(target, PageRequest.first(1_000)).items().stream()
            .map(EntityId::value)
            .toList());
    same("follower count of " + creator, (long) expected.size(), db.followerCount(target));
  }

  private void states(long user) {
    same(
        "liked by " + user,
        world.items(user, UserState.LIKED),
        db.readLiked(id(user), PageRequest.first(1_000)).items().stream()
            .map(one -> one.item().value())
            .toList());
    same(
        "saved by " + user,
        world.items(user, UserState.SAVED),
        db.readSaved(id(user), PageRequest.first(1_000)).items().stream()
            .map(one -> one.item().value())
            .toList());
    for (long item : Scripts.ITEMS) {
      same(
          "seen " + item + " by " + user,
          world.items(user, UserState.SEEN).contains(item),
          db.readState(id(user), id(item)).contains(UserState.SEEN));
    }
  }

  private void queries(long user) {
    var shown = new TreeSet<EntityId>();
    for (var item : world.entities().entities(EntityKind.ITEM).keySet()) {
      if (world.mayShow(user, item) && !world.isMuted(user, item)) {
        shown.add(item);
      }
    }
    var all = Retrieve.items().forUser(user).limit(1_000);
    same("new for " + user, shown, ids(all.sortBy(Sort.NEW)));
    var jazz = Filter.field("category").is("jazz");
    var requests =
        List.of(
            all,
            all.profile("for_you"),
            all.sortBy(Sort.MOST_VIEWED),
            all.sortBy(Sort.HOT),
            all.filter(jazz),
            all.filter(Filter.not(jazz)).sortBy(Sort.SHUFFLE));
    for (var request : requests) {
      var found = ids(request);
      found.removeAll(shown);
      same("forbidden for " + user + " by " + request, new TreeSet<>(), found);
    }
  }

  private Set<EntityId> ids(Retrieve request) {
    var found = new TreeSet<EntityId>();
    db.retrieve(request).hits().stream().map(Hit::id).forEach(found::add);
    return found;
  }
}
