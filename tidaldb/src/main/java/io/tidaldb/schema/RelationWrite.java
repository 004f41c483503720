package io.tidaldb.schema;

import java.util.Optional;

/// A write that changes how a user stands to others, or what is remembered of a user.
public sealed interface RelationWrite extends Write {

  /// Follows a creator.
  static RelationWrite follow(EntityId user, EntityId creator) {
    return set(user, RelationType.FOLLOW, Target.creator(creator));
  }

  /// Follows no more.
  static RelationWrite unfollow(EntityId user, EntityId creator) {
    return remove(user, RelationType.FOLLOW, Target.creator(creator));
  }

  /// Hides an item.
  static RelationWrite hide(EntityId user, EntityId item) {
    return set(user, RelationType.HIDE, Target.item(item));
  }

  /// A relation of weight 1 from now on.
  static RelationWrite set(EntityId user, RelationType type, Target target) {
    return new SetRelation(user, type, target, 1, Optional.empty(), Optional.empty());
  }

  /// A relation ends now.
  static RelationWrite remove(EntityId user, RelationType type, Target target) {
    return new RemoveRelation(user, type, target, Optional.empty(), Optional.empty());
  }

  /// A user stands in a relation to a target.
  ///
  /// @param weight finite, 0 … 10⁹
  /// @param at since when; empty for the time of receipt
  /// @param key the producer's identity for it
  record SetRelation(
      EntityId user,
      RelationType type,
      Target target,
      double weight,
      Optional<Timestamp> at,
      Optional<IdempotencyKey> key)
      implements RelationWrite {

    /// The same at this time.
    public SetRelation at(Timestamp time) {
      return new SetRelation(user, type, target, weight, Optional.of(time), key);
    }

    /// The same under this key.
    public SetRelation key(IdempotencyKey newKey) {
      return new SetRelation(user, type, target, weight, at, Optional.of(newKey));
    }
  }

  /// A user stands in a relation to a target no more.
  ///
  /// @param at since when; empty for the time of receipt
  /// @param key the producer's identity for it
  record RemoveRelation(
      EntityId user,
      RelationType type,
      Target target,
      Optional<Timestamp> at,
      Optional<IdempotencyKey> key)
      implements RelationWrite {

    /// The same at this time.
    public RemoveRelation at(Timestamp time) {
      return new RemoveRelation(user, type, target, Optional.of(time), key);
    }

    /// The same under this key.
    public RemoveRelation key(IdempotencyKey newKey) {
      return new RemoveRelation(user, type, target, at, Optional.of(newKey));
    }
  }

  /// A state of a user is forgotten.
  ///
  /// @param item about this item; empty for all
  /// @param key the producer's identity for it
  record ClearState(
      EntityId user, UserState state, Optional<EntityId> item, Optional<IdempotencyKey> key)
      implements RelationWrite {}
}
