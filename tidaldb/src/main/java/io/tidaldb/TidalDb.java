package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.CheckpointReceipt;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Erasure;
import io.tidaldb.schema.ErasureReceipt;
import io.tidaldb.schema.Health;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.RecoveryReport;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.SignalReading;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Verification;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// An embedded database for one question: which content should they see, and in what order?
///
/// A write returns when it is durable and visible (at the default durability): it survives a
/// process kill, a power cut and a reopen. Queries read and never write. Refusals are typed, see
/// `TidalException`.
///
/// **Threads.** Any thread may call anything. `close` may be called twice and from anywhere; a
/// database that is never closed is recovered at the next open.
public final class TidalDb extends QueryDoor implements AutoCloseable {

  TidalDb(Engine engine) {
    super(engine);
  }

  /// Opens the database in a directory with its stored schema; creates one without signals if the
  /// directory is new.
  public static TidalDb open(Path directory) {
    return builder().dataDirectory(directory).open();
  }

  /// Opens or creates the database in a directory with this schema.
  ///
  /// @throws io.tidaldb.schema.SchemaMismatchException if stored state cannot follow the schema
  public static TidalDb open(Path directory, Schema schema) {
    return builder().dataDirectory(directory).schema(schema).open();
  }

  /// Begins a database with options.
  public static TidalDbBuilder builder() {
    return new TidalDbBuilder();
  }

  /// A look at the store in a directory from outside, which opens nothing and changes nothing.
  public static Inspection inspect(Path directory) {
    return new Inspection(directory);
  }

  /* --- writing --- */

  /// Writes a batch (at most 10,000 writes and 4 MiB) as one unit: all of it enters the log, or
  /// nothing.
  ///
  /// @return one receipt per write, in order
  @CanIgnoreReturnValue
  public List<Receipt> write(List<Write> batch) {
    return engine.write(batch, Optional.empty());
  }

  /// The same at this durability.
  @CanIgnoreReturnValue
  public List<Receipt> write(List<Write> batch, Durability durability) {
    return engine.write(batch, Optional.of(durability));
  }

  /// Writes a batch as one unit without waiting; fails at once when the queue is full.
  public CompletionStage<List<Receipt>> writeAsync(List<Write> batch) {
    return engine.writeAsync(batch, Optional.empty());
  }

  /// The same at this durability.
  public CompletionStage<List<Receipt>> writeAsync(List<Write> batch, Durability durability) {
    return engine.writeAsync(batch, Optional.of(durability));
  }

  private Receipt one(Write write) {
    return engine.write(List.of(write), Optional.empty()).getFirst();
  }

  /// Records that something happened to an entity, by nobody in particular, now, with weight 1.
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity) {
    return one(Write.signal(name, entity, Signal.anonymous()));
  }

  /// Records that something happened to an entity. The entity need not have been written before.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the signal is not declared
  /// @throws io.tidaldb.schema.InvalidRequestException if weight or time do not fit
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity, Signal signal) {
    return one(Write.signal(name, entity, signal));
  }

  /// The same without a user: counters only.
  @CanIgnoreReturnValue
  public Receipt signal(String name, EntityId entity, double weight, Timestamp at) {
    return one(Write.signal(name, entity, Signal.anonymous().weight(weight).at(at)));
  }

  /// The same without waiting; fails at once when the queue is full.
  public CompletionStage<Receipt> signalAsync(String name, EntityId entity, Signal signal) {
    return engine
        .writeAsync(List.of(Write.signal(name, entity, signal)), Optional.empty())
        .thenApply(List::getFirst);
  }

  /// Creates an item or replaces its whole metadata. Signals stay.
  @CanIgnoreReturnValue
  public Receipt writeItem(EntityId id, Map<String, ?> metadata) {
    return one(Write.item(id, metadata));
  }

  /// The same call as [#writeItem].
  @CanIgnoreReturnValue
  public Receipt writeItemWithMetadata(EntityId id, Map<String, ?> metadata) {
    return writeItem(id, metadata);
  }

  /// Sets the given keys of an item's metadata; a key with the value [Metadata#REMOVE] goes.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if the item was not written
  @CanIgnoreReturnValue
  public Receipt updateItem(EntityId id, Map<String, ?> changes) {
    return one(Write.update(EntityKind.ITEM, id, changes, Optional.empty()));
  }

  /// As [#updateItem(EntityId, Map)], of an earlier time: a number, time or boolean that was said
  /// for a later one stays. For live counters that may arrive out of order.
  ///
  /// @param at what the numbers were said for; the future counts as now
  /// @throws io.tidaldb.schema.NotFoundException if the item was not written
  @CanIgnoreReturnValue
  public Receipt updateItem(EntityId id, Map<String, ?> changes, Timestamp at) {
    return one(Write.update(EntityKind.ITEM, id, changes, at, Optional.empty()));
  }

  /// Removes an item with its metadata and signals; absent is answered as a repeat.
  @CanIgnoreReturnValue
  public Receipt deleteItem(EntityId id) {
    return one(Write.delete(EntityKind.ITEM, id, Optional.empty()));
  }

  /// Creates a user or replaces its whole metadata.
  @CanIgnoreReturnValue
  public Receipt writeUser(EntityId id, Map<String, ?> metadata) {
    return one(Write.entity(EntityKind.USER, id, metadata, Optional.empty()));
  }

  /// Sets the given keys of a user's metadata.
  @CanIgnoreReturnValue
  public Receipt updateUser(EntityId id, Map<String, ?> changes) {
    return one(Write.update(EntityKind.USER, id, changes, Optional.empty()));
  }

  /// Creates a creator or replaces its whole metadata.
  @CanIgnoreReturnValue
  public Receipt writeCreator(EntityId id, Map<String, ?> metadata) {
    return one(Write.entity(EntityKind.CREATOR, id, metadata, Optional.empty()));
  }

  /// Sets the given keys of a creator's metadata.
  @CanIgnoreReturnValue
  public Receipt updateCreator(EntityId id, Map<String, ?> changes) {
    return one(Write.update(EntityKind.CREATOR, id, changes, Optional.empty()));
  }

  /// Removes a creator with its metadata and signals.
  @CanIgnoreReturnValue
  public Receipt deleteCreator(EntityId id) {
    return one(Write.delete(EntityKind.CREATOR, id, Optional.empty()));
  }

  /// Forgets a user everywhere: metadata, relations, states, history, collections, sessions. When
  /// it returns, nothing that the database gives names the user any more but the erasure itself.
  /// The id may act again; it starts from nothing. A creator of the same number is not touched.
  @CanIgnoreReturnValue
  public ErasureReceipt eraseUser(EntityId id) {
    return engine.erasures().erase(id, Optional.empty());
  }

  /// The same under a key.
  @CanIgnoreReturnValue
  public ErasureReceipt eraseUser(EntityId id, IdempotencyKey key) {
    return engine.erasures().erase(id, Optional.of(key));
  }

  /// Every erasure there ever was, oldest first, and how far it has come.
  public Page<Erasure> erasures(PageRequest page) {
    return engine.erasures().list(page);
  }

  /// Forgets whoever another, newer copy of this database has forgotten and this one has not. A
  /// restored backup must be given the list before it answers anything.
  ///
  /// @return the answer to each, in order
  @CanIgnoreReturnValue
  public List<ErasureReceipt> applyErasures(List<Erasure> erasures) {
    return engine.erasures().apply(erasures);
  }

  /// Returns when everything submitted before is durable and visible.
  public void sync() {
    engine.sync();
  }

  /// Takes a checkpoint now and cuts the log behind the older one. Writes go on meanwhile.
  @CanIgnoreReturnValue
  public CheckpointReceipt checkpoint() {
    return engine.checkpoint();
  }

  /* --- reading --- */

  /// An item that was written and not deleted.
  public Optional<Entity> readItem(EntityId id) {
    return readEntity(EntityKind.ITEM, id);
  }

  /// An entity that was written and not deleted.
  public Optional<Entity> readEntity(EntityKind kind, EntityId id) {
    return engine.read(reads -> reads.entity(kind, id));
  }

  /// An item's metadata; present and empty for an item written with an empty map.
  public Optional<Metadata> getItemMetadata(EntityId id) {
    return readItem(id).map(Entity::metadata);
  }

  /// Live entities of a kind.
  public long entityCount(EntityKind kind) {
    return engine.read(reads -> reads.entityCount(kind));
  }

  /// Live entities in unsigned id order.
  ///
  /// @param after begin behind this id; empty for the first page
  /// @param limit 1 … 1,000
  public List<Entity> entities(EntityKind kind, Optional<EntityId> after, int limit) {
    return engine.read(reads -> reads.entities(kind, after, limit));
  }

  /// Live entities in unsigned id order, page by page.
  public Page<Entity> entities(EntityKind kind, PageRequest page) {
    return engine.read(reads -> reads.entities(kind, page));
  }

  /// The decayed score of a signal now; 0 without events.
  public double readDecayScore(EntityId entity, String signal) {
    return engine.read(reads -> reads.decayScore(entity, signal, Optional.empty()));
  }

  /// The decayed score of a signal at a time.
  public double readDecayScore(EntityId entity, String signal, Timestamp at) {
    return engine.read(reads -> reads.decayScore(entity, signal, Optional.of(at)));
  }

  /// The events of a signal in a declared window, now; events, not weights.
  public long readWindowedCount(EntityId entity, String signal, Window window) {
    return engine.read(reads -> reads.windowedCount(entity, signal, window, Optional.empty()));
  }

  /// The events of a signal in a declared window at a time.
  public long readWindowedCount(EntityId entity, String signal, Window window, Timestamp at) {
    return engine.read(reads -> reads.windowedCount(entity, signal, window, Optional.of(at)));
  }

  /// The events per second of a signal in a declared window, now.
  public double readVelocity(EntityId entity, String signal, Window window) {
    return engine.read(reads -> reads.velocity(entity, signal, window, Optional.empty()));
  }

  /// The events per second of a signal in a declared window at a time.
  public double readVelocity(EntityId entity, String signal, Window window, Timestamp at) {
    return engine.read(reads -> reads.velocity(entity, signal, window, Optional.of(at)));
  }

  /// The k best entities by decayed score, now. k is 1 … 1,000.
  public List<ScoredEntity> readHottest(String signal, int k) {
    return engine.read(reads -> reads.hottest(signal, k, Optional.empty()));
  }

  /// The k best entities by decayed score at a time.
  public List<ScoredEntity> readHottest(String signal, int k, Timestamp at) {
    return engine.read(reads -> reads.hottest(signal, k, Optional.of(at)));
  }

  /// Score, counts and velocities of one signal of one entity, at one position.
  public SignalReading readSignal(EntityId entity, String signal) {
    return engine.read(reads -> reads.reading(entity, signal, Optional.empty()));
  }

  /// Score, counts and velocities of one signal of one entity at a time.
  public SignalReading readSignal(EntityId entity, String signal, Timestamp at) {
    return engine.read(reads -> reads.reading(entity, signal, Optional.of(at)));
  }

  /// The time of the newest event; empty before the first.
  public Optional<Timestamp> newestEventTime() {
    return engine.read(reads -> reads.newestEventTime());
  }

  /* --- profiles, schema, care --- */

  /// Saves a profile under its next version and returns it so.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if it breaks a rule of profiles
  @CanIgnoreReturnValue
  public Profile saveProfile(Profile profile) {
    return engine.saveProfile(profile);
  }

  /// Drops a version of a saved profile.
  public void dropProfile(String name, int version) {
    engine.dropProfile(name, version);
  }

  /// The newest version of every profile, built-in ones too.
  public List<Profile> profiles() {
    return engine.read(reads -> reads.profiles());
  }

  /// The schema in force.
  public Schema schema() {
    return engine.schema();
  }

  /// The highest log position that readers see.
  public long position() {
    return engine.position();
  }

  /// How the database is; cheap.
  ///
  /// @throws io.tidaldb.schema.ReadOnlyException if writes are impossible
  public Health healthCheck() {
    return engine.health();
  }

  /// What opening had to do.
  public RecoveryReport recovery() {
    return engine.recovery();
  }

  /// A thorough check of log, checkpoint pages and views.
  ///
  /// @param deep also folds the log anew and compares state digests, if the log still starts at its
  ///   first position
  public Verification verify(boolean deep) {
    return engine.verify(deep);
  }

  /// The digest of all state at one position, hexadecimal: equal logs give equal digests.
  public String stateDigest() {
    return engine.stateDigest();
  }

  /// Counters, gauges and histograms in the text format of Prometheus.
  public String metricsText() {
    return engine.metricsText();
  }

  /// Answers what was accepted, takes a last checkpoint, lets go of the directory. May be called
  /// twice.
  @Override
  public void close() {
    engine.close();
  }

  /// For crash tests: stops without writing anything.
  void abandon() {
    engine.abandon();
  }
}
