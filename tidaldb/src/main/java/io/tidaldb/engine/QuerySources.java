package io.tidaldb.engine;

import io.tidaldb.coengagement.Following;
import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.query.CohortScope;
import io.tidaldb.query.ExplorationLimits;
import io.tidaldb.query.Neighbours;
import io.tidaldb.query.SessionScope;
import io.tidaldb.query.Sources;
import io.tidaldb.query.Viewer;
import io.tidaldb.ranking.ExperimentCatalog;
import io.tidaldb.ranking.Network;
import io.tidaldb.ranking.ProfileCatalog;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionPolicy;
import io.tidaldb.schema.UserState;
import io.tidaldb.search.VectorSearch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// The views as the stages of a query see them.
final class QuerySources implements Sources {

  private final Views views;
  private final Supplier<Schema> schema;
  private final LongSupplier position;
  private final ExplorationLimits exploration;

  QuerySources(
      Views views, Supplier<Schema> schema, LongSupplier position, ExplorationLimits exploration) {
    this.views = views;
    this.schema = schema;
    this.position = position;
    this.exploration = exploration;
  }

  @Override
  public long position() {
    return position.getAsLong();
  }

  @Override
  public Schema schema() {
    return schema.get();
  }

  @Override
  public ProfileCatalog profiles() {
    return views.profiles().catalog();
  }

  @Override
  public ExperimentCatalog experiments() {
    return views.experiments().catalog();
  }

  @Override
  public ExplorationLimits explorationLimits() {
    return exploration;
  }

  @Override
  public EntityReader entities(EntityKind kind, long at) {
    return views.entityIndex().reader(kind, views.entityRows(), at);
  }

  @Override
  public long followers(long creator) {
    return views.relations().reverseCount(EntityKind.CREATOR, creator, RelationType.FOLLOW);
  }

  @Override
  public SignalReader signals(EntityKind kind, long at) {
    return kind == EntityKind.CREATOR
        ? views.signals().creatorReader(views.creatorSignals(), at)
        : views.signals().reader(at);
  }

  @Override
  public Viewer viewer(EntityId user, long at) {
    return new KnownUser(views.viewers().viewer(user.value(), at));
  }

  @Override
  public Optional<VectorSearch> vectors(EntityKind kind, String slot) {
    return Optional.ofNullable(views.vectors().search(kind, slot));
  }

  @Override
  public Optional<Preference> preference(EntityId user) {
    return views.vectors().preference(user.value());
  }

  @Override
  public CohortScope cohort(String name) {
    return CohortCalls.scope(views, name);
  }

  @Override
  public SessionScope session(SessionId session, long now) {
    var scope = SessionRules.scope(views.sessions(), session.value(), now);
    return new SessionScope() {
      @Override
      public long user() {
        return scope.user();
      }

      @Override
      public boolean isClosedWorld() {
        return scope.readScope() == SessionPolicy.ReadScope.SESSION;
      }

      @Override
      public List<String> hints() {
        return scope.hints();
      }

      @Override
      public void forEachSignal(SignalWalk walk) {
        scope.forEachItem(
            (slot, _, meaning, weight, _) ->
                meaning.ifPresent(known -> walk.signal(slot, known, weight)));
      }

      @Override
      public RoaringBitmap seen() {
        return scope.seen();
      }

      @Override
      public RoaringBitmap rejected() {
        return scope.rejected();
      }
    };
  }

  @Override
  public FeedbackPolicy feedbackPolicy() {
    return views.userStates().policy();
  }

  @Override
  public Neighbours neighbours(long at) {
    var edges = views.coEngagement();
    return new Neighbours() {
      @Override
      public int strongest(int slot, int[] slots, double[] strengths) {
        return edges.strongest(slot, at, slots, strengths);
      }

      @Override
      public void following(int slot, Following row) {
        edges.following(slot, at, row);
      }
    };
  }

  @Override
  public List<String> interests(EntityId user) {
    return views
        .entityRows()
        .read(EntityKind.USER, user)
        .map(known -> known.metadata().keywords("interests"))
        .orElse(List.of());
  }

  @Override
  public RoaringBitmap collection(CollectionId collection, Optional<EntityId> viewer) {
    return views
        .collections()
        .reader()
        .slots(
            collection.value(),
            viewer.map(user -> OptionalLong.of(user.value())).orElse(OptionalLong.empty()));
  }

  @Override
  public RoaringBitmap collectionsOf(EntityId user) {
    return views.collections().reader().slotsOf(user.value());
  }

  /// What the relations say of a user, as queries ask for it.
  private record KnownUser(io.tidaldb.relation.Viewer known) implements Viewer {
    @Override
    public RoaringBitmap hidden() {
      return known.hidden();
    }

    @Override
    public long[] blocked() {
      return known.blocked();
    }

    @Override
    public long[] muted() {
      return known.muted();
    }

    @Override
    public long[] followed() {
      return known.followed();
    }

    @Override
    public RoaringBitmap items(UserState state) {
      return known.items(state);
    }

    @Override
    public RoaringBitmap shownSince(long from) {
      return known.shownSince(from);
    }

    @Override
    public void notices(long from, long to, NoticeConsumer consumer) {
      known.notices(from, to, (slot, hasCreator, creator) -> consumer.accept(hasCreator, creator));
    }

    @Override
    public int[] positives(int count) {
      return known.positives(count);
    }

    @Override
    public double affinity(long creator) {
      return known.affinity(creator);
    }

    @Override
    public long[] closest(int count) {
      return known.closest(count);
    }

    @Override
    public void impressions(SlotTime consumer) {
      known.impressions(consumer::accept);
    }

    @Override
    public void saved(SlotTime consumer) {
      known.told(UserState.SAVED, consumer::accept);
    }

    @Override
    public Network network(int depth) {
      var users = known.network(depth);
      var proof = known.socialProof(users);
      return new Network(users.users().length, users.capped(), proof.items(), proof::members);
    }
  }
}
