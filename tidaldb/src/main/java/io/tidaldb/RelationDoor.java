package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.MarkedItem;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Relation;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserNetwork;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.WatchedItem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// The calls about relations and states of users.
///
/// Of contradicting calls the later event time wins, of equal times the later call, but block and
/// hide win ties. Accounts need not have been written; USER n and CREATOR n are one account. A call
/// that finds its result in place is answered, not refused. Every write is also a write of a batch,
/// see [io.tidaldb.schema.RelationWrite], which takes idempotency keys.
abstract class RelationDoor extends Door {

  RelationDoor(Engine engine) {
    super(engine);
  }

  /* --- relations --- */

  /// The user follows a creator from now on.
  @CanIgnoreReturnValue
  public Receipt follow(EntityId user, EntityId creator) {
    return setRelation(user, RelationType.FOLLOW, Target.creator(creator));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt follow(long user, long creator) {
    return follow(EntityId.of(user), EntityId.of(creator));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt follow(EntityId user, EntityId creator, Timestamp at) {
    return set(user, RelationType.FOLLOW, Target.creator(creator), 1, Optional.of(at));
  }

  /// The user follows a creator no more.
  @CanIgnoreReturnValue
  public Receipt unfollow(EntityId user, EntityId creator) {
    return removeRelation(user, RelationType.FOLLOW, Target.creator(creator));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt unfollow(long user, long creator) {
    return unfollow(EntityId.of(user), EntityId.of(creator));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt unfollow(EntityId user, EntityId creator, Timestamp at) {
    return removeRelation(user, RelationType.FOLLOW, Target.creator(creator), at);
  }

  /// Hides a creator and the user from each other, and ends follows both ways.
  @CanIgnoreReturnValue
  public Receipt block(EntityId user, EntityId creator) {
    return setRelation(user, RelationType.BLOCK, Target.creator(creator));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt block(long user, long creator) {
    return block(EntityId.of(user), EntityId.of(creator));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt block(EntityId user, EntityId creator, Timestamp at) {
    return set(user, RelationType.BLOCK, Target.creator(creator), 1, Optional.of(at));
  }

  /// Ends a block. Follows do not come back.
  @CanIgnoreReturnValue
  public Receipt unblock(EntityId user, EntityId creator) {
    return removeRelation(user, RelationType.BLOCK, Target.creator(creator));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt unblock(long user, long creator) {
    return unblock(EntityId.of(user), EntityId.of(creator));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt unblock(EntityId user, EntityId creator, Timestamp at) {
    return removeRelation(user, RelationType.BLOCK, Target.creator(creator), at);
  }

  /// Never shows an item to the user again.
  @CanIgnoreReturnValue
  public Receipt hide(EntityId user, EntityId item) {
    return setRelation(user, RelationType.HIDE, Target.item(item));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt hide(long user, long item) {
    return hide(EntityId.of(user), EntityId.of(item));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt hide(EntityId user, EntityId item, Timestamp at) {
    return set(user, RelationType.HIDE, Target.item(item), 1, Optional.of(at));
  }

  /// An item may be shown to the user again.
  @CanIgnoreReturnValue
  public Receipt unhide(EntityId user, EntityId item) {
    return removeRelation(user, RelationType.HIDE, Target.item(item));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt unhide(long user, long item) {
    return unhide(EntityId.of(user), EntityId.of(item));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt unhide(EntityId user, EntityId item, Timestamp at) {
    return removeRelation(user, RelationType.HIDE, Target.item(item), at);
  }

  /// Leaves a creator's items out of what is retrieved for the user, not out of searches.
  @CanIgnoreReturnValue
  public Receipt mute(EntityId user, EntityId creator) {
    return setRelation(user, RelationType.MUTE, Target.creator(creator));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt mute(long user, long creator) {
    return mute(EntityId.of(user), EntityId.of(creator));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt mute(EntityId user, EntityId creator, Timestamp at) {
    return set(user, RelationType.MUTE, Target.creator(creator), 1, Optional.of(at));
  }

  /// Ends a mute.
  @CanIgnoreReturnValue
  public Receipt unmute(EntityId user, EntityId creator) {
    return removeRelation(user, RelationType.MUTE, Target.creator(creator));
  }

  /// The same; ids are read as unsigned.
  @CanIgnoreReturnValue
  public Receipt unmute(long user, long creator) {
    return unmute(EntityId.of(user), EntityId.of(creator));
  }

  /// The same at this time.
  @CanIgnoreReturnValue
  public Receipt unmute(EntityId user, EntityId creator, Timestamp at) {
    return removeRelation(user, RelationType.MUTE, Target.creator(creator), at);
  }

  /// The user stands in this relation of weight 1 from now on: also to a user.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if the type does not take such a target
  /// @throws io.tidaldb.schema.LimitExceededException if the user has too many of this type
  @CanIgnoreReturnValue
  public Receipt setRelation(EntityId user, RelationType type, Target target) {
    return set(user, type, target, 1, Optional.empty());
  }

  /// The user stands in this relation from a time on. Setting an affinity replaces its value at
  /// that time.
  ///
  /// @param weight finite, 0 … 10⁹
  @CanIgnoreReturnValue
  public Receipt setRelation(
      EntityId user, RelationType type, Target target, double weight, Timestamp at) {
    return set(user, type, target, weight, Optional.of(at));
  }

  private Receipt set(
      EntityId user, RelationType type, Target target, double weight, Optional<Timestamp> at) {
    return write(new RelationWrite.SetRelation(user, type, target, weight, at, Optional.empty()));
  }

  /// The user stands in this relation no more.
  @CanIgnoreReturnValue
  public Receipt removeRelation(EntityId user, RelationType type, Target target) {
    return write(RelationWrite.remove(user, type, target));
  }

  /// The user stands in this relation no more since a time.
  @CanIgnoreReturnValue
  public Receipt removeRelation(EntityId user, RelationType type, Target target, Timestamp at) {
    return write(
        new RelationWrite.RemoveRelation(user, type, target, Optional.of(at), Optional.empty()));
  }

  /// Any write to relations or states, for example under a key.
  @CanIgnoreReturnValue
  public Receipt write(RelationWrite write) {
    return engine.relations().write(write);
  }

  /// The same without waiting; fails at once when the queue is full.
  public CompletionStage<Receipt> writeAsync(RelationWrite write) {
    return engine.relations().writeAsync(write);
  }

  /// How a user stands to a target; empty if not at all.
  public Optional<Relation> readRelation(EntityId user, RelationType type, Target target) {
    return engine.relations().relation(user, type, target);
  }

  /// The first hundred of a user's relations of a type, newest first.
  public Page<Relation> relations(EntityId user, RelationType type) {
    return relations(user, type, PageRequest.first());
  }

  /// A user's relations of a type, newest first.
  public Page<Relation> relations(EntityId user, RelationType type, PageRequest page) {
    return engine.relations().relations(user, type, page);
  }

  /// Who follows a creator or a user, by unsigned id.
  public Page<EntityId> followers(Target target, PageRequest page) {
    return engine.relations().followers(target, page);
  }

  /// How many follow a creator or a user.
  public long followerCount(Target target) {
    return engine.relations().followerCount(target);
  }

  /// How much a user engages with a creator now; 0 if not at all, or if the creator is not among
  /// the user's 1,000 strongest.
  public double affinity(EntityId user, EntityId creator) {
    return engine.relations().affinity(user, creator, Optional.empty());
  }

  /// The same at a time.
  public double affinity(EntityId user, EntityId creator, Timestamp at) {
    return engine.relations().affinity(user, creator, Optional.of(at));
  }

  /// The creators that a user engages with most now, strongest first.
  ///
  /// @param k 1 … 1,000
  public List<ScoredEntity> topCreators(EntityId user, int k) {
    return engine.relations().topCreators(user, k, Optional.empty());
  }

  /// The same at a time.
  public List<ScoredEntity> topCreators(EntityId user, int k, Timestamp at) {
    return engine.relations().topCreators(user, k, Optional.of(at));
  }

  /// The users whom a user follows (depth 1), and whom those follow (depth 2), newest follow first;
  /// never one that is blocked in either direction.
  ///
  /// @param depth 1 or 2
  public UserNetwork network(EntityId user, int depth) {
    return engine.relations().network(user, depth);
  }

  /* --- states --- */

  /// The states in which a user stands to an item.
  public Set<UserState> readState(EntityId user, EntityId item) {
    return engine.relations().states(user, item);
  }

  /// What a user liked, newest first.
  public Page<MarkedItem> readLiked(EntityId user, PageRequest page) {
    return engine.relations().told(user, UserState.LIKED, page);
  }

  /// What a user saved, newest first.
  public Page<MarkedItem> readSaved(EntityId user, PageRequest page) {
    return engine.relations().told(user, UserState.SAVED, page);
  }

  /// What a user began and did not finish, newest first: the 1,000 latest.
  public Page<WatchedItem> readInProgress(EntityId user, PageRequest page) {
    return engine.relations().watched(user, UserState.IN_PROGRESS, page);
  }

  /// What a user viewed or completed, newest first: the 1,000 latest items.
  public Page<WatchedItem> readHistory(EntityId user, PageRequest page) {
    return engine.relations().watched(user, UserState.HISTORY, page);
  }

  /// Forgets a state of a user about all items.
  @CanIgnoreReturnValue
  public Receipt clearState(EntityId user, UserState state) {
    return write(new RelationWrite.ClearState(user, state, Optional.empty(), Optional.empty()));
  }

  /// Forgets a state of a user about an item.
  @CanIgnoreReturnValue
  public Receipt clearState(EntityId user, UserState state, EntityId item) {
    return write(new RelationWrite.ClearState(user, state, Optional.of(item), Optional.empty()));
  }
}
