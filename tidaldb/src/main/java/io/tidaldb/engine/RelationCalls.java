package io.tidaldb.engine;

import io.tidaldb.relation.RelationReader;
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

/// What can be asked and told of a database about relations and states of users.
///
/// **Threads.** Any; reads never wait for the writer.
public final class RelationCalls {

  final Engine engine;
  final Views views;
  private final RelationReader reader;

  RelationCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
    this.reader = new RelationReader(views.viewers());
  }

  /// Changes a relation or forgets a state.
  public Receipt write(RelationWrite write) {
    return engine.write(List.of(write), Optional.empty()).getFirst();
  }

  /// The same without waiting.
  public CompletionStage<Receipt> writeAsync(RelationWrite write) {
    return engine.writeAsync(List.of(write), Optional.empty()).thenApply(List::getFirst);
  }

  /// How a user stands to a target.
  public Optional<Relation> relation(EntityId user, RelationType type, Target target) {
    return engine.reading(() -> reader.relation(user, type, target, engine.nowNanos()));
  }

  /// A user's relations of a type.
  public Page<Relation> relations(EntityId user, RelationType type, PageRequest page) {
    return engine.reading(() -> reader.relations(user, type, page, engine.nowNanos()));
  }

  /// Who follows a target.
  public Page<EntityId> followers(Target target, PageRequest page) {
    return engine.reading(() -> reader.followers(target, page));
  }

  /// How many follow a target.
  public long followerCount(Target target) {
    return engine.reading(() -> reader.followerCount(target));
  }

  /// How much a user engages with a creator.
  public double affinity(EntityId user, EntityId creator, Optional<Timestamp> at) {
    return engine.reading(() -> reader.affinity(user, creator, nanos(at)));
  }

  /// The creators that a user engages with most.
  public List<ScoredEntity> topCreators(EntityId user, int k, Optional<Timestamp> at) {
    return engine.reading(() -> reader.topCreators(user, k, nanos(at)));
  }

  /// The states in which a user stands to an item.
  public Set<UserState> states(EntityId user, EntityId item) {
    return engine.reading(() -> reader.states(user, item, engine.nowNanos()));
  }

  /// What a user told: liked or saved items.
  public Page<MarkedItem> told(EntityId user, UserState state, PageRequest page) {
    return engine.reading(() -> reader.told(user, state, page));
  }

  /// What a user watched.
  public Page<WatchedItem> watched(EntityId user, UserState state, PageRequest page) {
    return engine.reading(() -> reader.watched(user, state, page));
  }

  /// The users behind a user's follows.
  public UserNetwork network(EntityId user, int depth) {
    return engine.reading(() -> reader.network(user, depth));
  }

  private long nanos(Optional<Timestamp> at) {
    return at.map(Timestamp::nanos).orElseGet(engine::nowNanos);
  }
}
