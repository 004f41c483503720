package io.tidaldb.engine;

import io.tidaldb.cohort.Cohort;
import io.tidaldb.cohort.CohortView;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.query.CohortScope;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CohortInfo;
import io.tidaldb.schema.CohortOverlap;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PredicateRules;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/// What can be asked and told of a database about cohorts.
///
/// **Threads.** Any; reads never wait for the writer.
public final class CohortCalls {

  private static final int K_MAX = 1_000;
  private static final int LIFT_EVENTS_MIN = 5;
  private static final int NAMED_MAX = 3;

  final Engine engine;
  final Views views;
  private final Backfills backfills;

  CohortCalls(Engine engine, Views views, Backfills backfills) {
    this.engine = engine;
    this.views = views;
    this.backfills = backfills;
  }

  /* --- writing --- */

  /// A cohort begins to count.
  ///
  /// @param again whether one of this name is dropped first
  public Receipt define(CohortDefinition definition, boolean again, Optional<IdempotencyKey> key) {
    PredicateRules.check(definition.predicate(), engine.schema());
    var receipt = engine.write(new CohortDraft.Define(definition, again, key.orElse(null)));
    if (definition.backfill()) {
      backfills.wake();
    }
    return receipt;
  }

  /// A cohort goes with its counts.
  public Receipt drop(String name, Optional<IdempotencyKey> key) {
    return engine.write(new CohortDraft.Drop(name, key.orElse(null)));
  }

  /* --- what there is --- */

  /// Every cohort in order of definition.
  public List<CohortInfo> all() {
    return engine.reading(
        () -> views.cohorts().definitions().all().stream().map(this::info).toList());
  }

  /// One cohort.
  public CohortInfo one(String name) {
    return engine.reading(() -> info(required(views, name)));
  }

  private CohortInfo info(Cohort cohort) {
    var view = views.cohorts();
    var progress = cohort.progress();
    return new CohortInfo(
        cohort.definition(),
        cohort.position(),
        Timestamp.ofNanos(cohort.since()),
        progress.state(),
        progress.state() == CohortInfo.Backfill.PARTIAL
            ? OptionalLong.of(progress.from())
            : OptionalLong.empty(),
        view.members().size(cohort, engine.nowNanos()),
        view.pairs(cohort.number()),
        view.bytes(cohort.number()));
  }

  /* --- who is in --- */

  /// The names of the cohorts that a user is in.
  public List<String> cohortsOf(EntityId user, Optional<Timestamp> at) {
    return engine.reading(
        () ->
            views.cohorts().members().cohortsOf(user.value(), nanos(at)).stream()
                .map(Cohort::name)
                .toList());
  }

  /// Whether a user is in a cohort.
  public boolean isMember(String name, EntityId user, Optional<Timestamp> at) {
    return engine.reading(
        () -> views.cohorts().members().isMember(required(views, name), user.value(), nanos(at)));
  }

  /// Users in a cohort.
  public long size(String name, Optional<Timestamp> at) {
    return engine.reading(() -> views.cohorts().members().size(required(views, name), nanos(at)));
  }

  /// Users in two cohorts.
  public CohortOverlap overlap(String first, String second, Optional<Timestamp> at) {
    return engine.reading(
        () ->
            views
                .cohorts()
                .members()
                .overlap(required(views, first), required(views, second), nanos(at)));
  }

  /* --- what members did --- */

  /// The decayed score of an entity in a cohort.
  public double decayScore(String cohort, EntityId entity, String signal, Optional<Timestamp> at) {
    return engine.reading(
        () -> {
          var type = type(signal);
          try (var reader = reader(cohort, at)) {
            return reader.decayScore(type.id().value(), slot(type, entity));
          }
        });
  }

  /// The events of an entity in a cohort in a window.
  public long windowedCount(
      String cohort, EntityId entity, String signal, Window window, Optional<Timestamp> at) {
    return engine.reading(
        () -> {
          var type = type(signal);
          try (var reader = reader(cohort, at)) {
            return reader.windowedCount(type.id().value(), window, slot(type, entity));
          }
        });
  }

  /// The events per second of an entity in a cohort in a window.
  public double velocity(
      String cohort, EntityId entity, String signal, Window window, Optional<Timestamp> at) {
    return engine.reading(
        () -> {
          var type = type(signal);
          try (var reader = reader(cohort, at)) {
            double[] out = new double[1];
            reader.velocities(type.id().value(), window, new int[] {slot(type, entity)}, 1, out);
            return out[0];
          }
        });
  }

  /// The k best of a cohort by decayed score.
  public List<ScoredEntity> hottest(String cohort, String signal, int k, Optional<Timestamp> at) {
    checkK(k);
    return engine.reading(
        () -> {
          var type = type(signal);
          try (var reader = reader(cohort, at)) {
            int[] slots = new int[k];
            double[] scores = new double[k];
            int found = reader.hottest(type.id().value(), k, slots, scores);
            var best = new ArrayList<ScoredEntity>(found);
            for (int i = 0; i < found; i++) {
              best.add(new ScoredEntity(id(type, slots[i]), scores[i]));
            }
            return best;
          }
        });
  }

  /// The k entities whose share of the cohort's events exceeds their share of all events most, as a
  /// ratio.
  public List<ScoredEntity> lift(
      String cohort, String signal, Window window, int k, Optional<Timestamp> at) {
    checkK(k);
    return engine.reading(
        () -> {
          var type = type(signal);
          long now = nanos(at);
          try (var members = reader(cohort, at);
              var everybody = views.signals().reader(now)) {
            var active = views.cohorts().active(required(views, cohort).number(), type.target());
            var lifts = lifts(type, window, active, members, everybody);
            ToDoubleFunction<ScoredEntity> score = ScoredEntity::score;
            lifts.sort(
                Comparator.comparingDouble(score)
                    .reversed()
                    .thenComparing(
                        ScoredEntity::id, (a, b) -> Long.compareUnsigned(a.value(), b.value())));
            return List.copyOf(lifts.subList(0, Math.min(k, lifts.size())));
          }
        });
  }

  private List<ScoredEntity> lifts(
      SignalType type,
      Window window,
      RoaringBitmap active,
      SignalReader members,
      SignalReader everybody) {
    int id = type.id().value();
    double allOfCohort = (double) members.totalCount(id, window);
    double all = (double) everybody.totalCount(id, window);
    var lifts = new ArrayList<ScoredEntity>();
    for (int slot : active.toArray()) {
      long own = members.windowedCount(id, window, slot);
      long others = everybody.windowedCount(id, window, slot);
      if (own >= LIFT_EVENTS_MIN && others > 0) {
        double lift = ((double) own / allOfCohort) / ((double) others / all);
        if (lift > 1) {
          lifts.add(new ScoredEntity(id(type, slot), lift));
        }
      }
    }
    return lifts;
  }

  /* --- for others in the engine --- */

  /// A cohort as queries see it.
  static CohortScope scope(Views views, String name) {
    var cohort = required(views, name);
    var view = views.cohorts();
    return new CohortScope() {
      @Override
      public long since() {
        return cohort.since();
      }

      @Override
      public SignalReader signals(long at) {
        return view.reader(cohort.number(), at);
      }

      @Override
      public RoaringBitmap active() {
        return view.active(cohort.number(), EntityKind.ITEM);
      }
    };
  }

  /// The cohort of a name.
  static Cohort required(Views views, String name) {
    return views
        .cohorts()
        .definitions()
        .find(name)
        .orElseThrow(() -> new NotFoundException("cohort", name, "define it first"));
  }

  /// The refusal of what would need one pair more than there may be.
  static LimitExceededException full(CohortView view, long limit) {
    var largest =
        view.definitions().all().stream()
            .sorted(
                Comparator.comparingLong((Cohort cohort) -> view.pairs(cohort.number())).reversed())
            .limit(NAMED_MAX)
            .map(cohort -> cohort.name() + ":" + view.pairs(cohort.number()))
            .collect(Collectors.joining(",", "largest=[", "]"));
    return new LimitExceededException("cohortPairs", limit, view.pairs() + 1, largest);
  }

  private static void checkK(int k) {
    if (k < 1 || k > K_MAX) {
      throw new InvalidRequestException(
          "K_OUT_OF_RANGE", "k out of range: given=" + k + " allowed=1…" + K_MAX);
    }
  }

  private SignalReader reader(String cohort, Optional<Timestamp> at) {
    return views.cohorts().reader(required(views, cohort).number(), nanos(at));
  }

  private long nanos(Optional<Timestamp> at) {
    return at.map(Timestamp::nanos).orElseGet(engine::nowNanos);
  }

  private SignalType type(String signal) {
    var schema = engine.schema();
    return schema
        .signal(signal)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "signal",
                    signal,
                    "declared are " + schema.signals().stream().map(SignalType::name).toList()));
  }

  private int slot(SignalType type, EntityId entity) {
    return views.slots().slot(type.target(), entity.value());
  }

  private EntityId id(SignalType type, int slot) {
    return EntityId.of(views.slots().id(type.target(), slot));
  }
}
