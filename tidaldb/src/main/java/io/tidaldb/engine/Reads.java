package io.tidaldb.engine;

import io.tidaldb.ledger.SignalReader;
import io.tidaldb.query.ExplorationLimits;
import io.tidaldb.query.QueryEngine;
import io.tidaldb.query.StoreKey;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Explanation;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Search;
import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Suggest;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What can be asked of a database. Reads the views and changes nothing.
///
/// **Threads.** Any; readers never wait for the writer.
public final class Reads {

  private static final int HOTTEST_MAX = 1_000;
  private static final int PAGE_MAX = 1_000;

  private final EngineParts parts;
  private final Writer writer;
  private final Supplier<Schema> schema;
  private final QueryEngine queries;
  private final StoreKey key;
  private final LoadLevel level;

  Reads(EngineParts parts, Writer writer, Supplier<Schema> schema, ExplorationLimits exploration) {
    this.level = LoadLevel.FULL;
    this.parts = parts;
    this.writer = writer;
    this.schema = schema;
    this.queries =
        new QueryEngine(
            parts.views().slots(),
            new QuerySources(parts.views(), schema, writer::appliedPosition, exploration));
    this.key = StoreKey.of(parts.identity().store().bytes());
  }

  private Reads(Reads of, LoadLevel level) {
    this.parts = of.parts;
    this.writer = of.writer;
    this.schema = of.schema;
    this.queries = of.queries;
    this.key = of.key;
    this.level = level;
  }

  /// The same, where queries may spend so much.
  Reads at(LoadLevel other) {
    return new Reads(this, other);
  }

  /// A ranked page.
  public Results retrieve(Retrieve request) {
    return queries.retrieve(request, writer.nowNanos(), key, level);
  }

  /// A ranked page.
  ///
  /// @throws InvalidRequestException for what this version cannot answer
  public Results query(Query query) {
    return switch (query) {
      case Retrieve request -> retrieve(request);
      case Search _, Suggest _ -> throw later(query);
      case Explain _ ->
          throw new InvalidRequestException(
              "EXPLAIN_ALONE", "an explanation is no page: ask for it with 'explain'");
    };
  }

  /// What a query would do, what it does and drops, or what becomes of an item in it; of a request
  /// alone its plan.
  public Explanation explain(Query query) {
    return switch (query) {
      case Explain explain when explain.query() instanceof Retrieve request ->
          queries.explain(explain, request, writer.nowNanos(), key, level);
      case Explain explain -> throw later(explain.query());
      case Retrieve request -> explain(Explain.plan(request));
      case Search _, Suggest _ -> throw later(query);
    };
  }

  private static InvalidRequestException later(Query query) {
    return new InvalidRequestException(
        "CLAUSE_LATER",
        "cannot be done yet, a later version will: clause="
            + (query instanceof Search ? "SEARCH" : "SUGGEST"));
  }

  /// An entity that was written and not deleted.
  public Optional<Entity> entity(EntityKind kind, EntityId id) {
    return parts.views().entityRows().read(kind, id);
  }

  /// Live entities of a kind.
  public long entityCount(EntityKind kind) {
    return parts.views().entityIndex().liveCount(kind);
  }

  /// Live entities in unsigned id order, after an id.
  public List<Entity> entities(EntityKind kind, Optional<EntityId> after, int limit) {
    if (limit < 1 || limit > PAGE_MAX) {
      throw new InvalidRequestException(
          "LIMIT_OUT_OF_RANGE",
          "page limit out of range: given=" + limit + " allowed=1…" + PAGE_MAX);
    }
    return parts.views().entityRows().entities(kind, after, limit);
  }

  /// Live entities in unsigned id order, page by page.
  public Page<Entity> entities(EntityKind kind, PageRequest page) {
    Optional<EntityId> after;
    try {
      after = page.after().map(EntityId::parse);
    } catch (InvalidRequestException e) {
      throw page.tokenInvalid("entities");
    }
    var found = parts.views().entityRows().entities(kind, after, page.limit() + 1);
    return Page.of(found, page.limit(), entity -> entity.id().toString());
  }

  /// The decayed score of a signal.
  public double decayScore(EntityId entity, String signal, Optional<Timestamp> at) {
    var type = type(signal);
    try (var reader = reader(at)) {
      return reader.decayScore(type.id().value(), slot(type, entity));
    }
  }

  /// The events of a signal in a window.
  public long windowedCount(EntityId entity, String signal, Window window, Optional<Timestamp> at) {
    var type = type(signal);
    try (var reader = reader(at)) {
      return reader.windowedCount(type.id().value(), window, slot(type, entity));
    }
  }

  /// The events per second of a signal in a window.
  public double velocity(EntityId entity, String signal, Window window, Optional<Timestamp> at) {
    var type = type(signal);
    try (var reader = reader(at)) {
      double[] out = new double[1];
      reader.velocities(type.id().value(), window, new int[] {slot(type, entity)}, 1, out);
      return out[0];
    }
  }

  /// The k best by decayed score.
  public List<ScoredEntity> hottest(String signal, int k, Optional<Timestamp> at) {
    if (k < 1 || k > HOTTEST_MAX) {
      throw new InvalidRequestException(
          "K_OUT_OF_RANGE", "k out of range: given=" + k + " allowed=1…" + HOTTEST_MAX);
    }
    var type = type(signal);
    try (var reader = reader(at)) {
      int[] slots = new int[k];
      double[] scores = new double[k];
      int count = reader.hottest(type.id().value(), k, slots, scores);
      var best = new ArrayList<ScoredEntity>(count);
      for (int i = 0; i < count; i++) {
        long id = parts.views().slots().id(type.target(), slots[i]);
        best.add(new ScoredEntity(EntityId.of(id), scores[i]));
      }
      return best;
    }
  }

  /// Everything kept about one signal of one entity, at one position.
  public SignalReading reading(EntityId entity, String signal, Optional<Timestamp> at) {
    var type = type(signal);
    try (var reader = reader(at)) {
      return reader.reading(type.id().value(), slot(type, entity));
    }
  }

  /// The time of the newest event; empty before the first.
  public Optional<Timestamp> newestEventTime() {
    long newest = parts.views().signals().newestEventTime();
    return newest <= 0 ? Optional.empty() : Optional.of(Timestamp.ofNanos(newest));
  }

  /// Every profile's newest version, built-in ones too.
  public List<Profile> profiles() {
    var catalog = parts.views().profiles().catalog();
    return catalog.names().stream()
        .map(name -> catalog.versions(name).lastEntry().getValue())
        .toList();
  }

  private SignalReader reader(Optional<Timestamp> at) {
    return parts.views().signals().reader(at.map(Timestamp::nanos).orElseGet(writer::nowNanos));
  }

  private SignalType type(String signal) {
    return schema
        .get()
        .signal(signal)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "signal",
                    signal,
                    "declared are "
                        + schema.get().signals().stream().map(SignalType::name).toList()));
  }

  private int slot(SignalType type, EntityId entity) {
    return parts.views().slots().slot(type.target(), entity.value());
  }
}
