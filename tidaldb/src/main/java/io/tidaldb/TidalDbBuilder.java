package io.tidaldb;

import io.tidaldb.engine.Engine;
import io.tidaldb.engine.EngineOptions;
import io.tidaldb.engine.Faults;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Options of a database; every option is checked in [#open()], all findings at once.
public final class TidalDbBuilder {

  private Optional<Path> directory = Optional.empty();
  private boolean ephemeral;
  private Optional<Schema> schema = Optional.empty();
  private final EngineOptions.Builder options = EngineOptions.builder();
  private Faults faults = Faults.none();

  TidalDbBuilder() {}

  /// Keeps everything in this directory, which is created if it does not exist. Excludes
  /// [#ephemeral()].
  public TidalDbBuilder dataDirectory(Path path) {
    directory = Optional.of(path);
    return this;
  }

  /// Keeps everything in memory: the same views and checks, no files; nothing survives. Excludes
  /// [#dataDirectory].
  public TidalDbBuilder ephemeral() {
    ephemeral = true;
    return this;
  }

  /// The schema to hold against the stored one. Default: the stored one.
  public TidalDbBuilder schema(Schema given) {
    schema = Optional.of(given);
    return this;
  }

  /// When writes are answered. Default [Durability#BATCHED].
  public TidalDbBuilder durability(Durability level) {
    options.durability(level);
    return this;
  }

  /// The only clock that the database reads. Default: the system's.
  public TidalDbBuilder clock(InstantSource clock) {
    options.clock(clock);
    return this;
  }

  /// Events that may wait for the writer. Default 65,536, allowed 1 … 1,048,576.
  public TidalDbBuilder queueEvents(int events) {
    options.queueEvents(events);
    return this;
  }

  /// Bytes that may wait for the writer. Default 64 MiB, allowed 4 MiB … 1 GiB.
  public TidalDbBuilder queueBytes(long bytes) {
    options.queueBytes(bytes);
    return this;
  }

  /// How long a blocking call waits for room. Default 100 ms, allowed 0 … 60 s.
  public TidalDbBuilder enqueueTimeout(Duration timeout) {
    options.enqueueTimeout(timeout);
    return this;
  }

  /// Size of a log segment. Default 64 MiB, allowed 4 KiB … 1 GiB.
  public TidalDbBuilder segmentBytes(long bytes) {
    options.segmentBytes(bytes);
    return this;
  }

  /// The longest that RELAXED writes wait for a sync. Default 50 ms, allowed 1 ms … 1 s.
  public TidalDbBuilder relaxedSyncInterval(Duration interval) {
    options.relaxedSyncInterval(interval);
    return this;
  }

  /// Time between checkpoints. Default 30 s, allowed 100 ms … 1 h.
  public TidalDbBuilder checkpointInterval(Duration interval) {
    options.checkpointInterval(interval);
    return this;
  }

  /// Log behind the last checkpoint that asks for another one. Default 256 MiB, allowed 1 MiB … 8
  /// GiB.
  public TidalDbBuilder checkpointLogBytes(long bytes) {
    options.checkpointLogBytes(bytes);
    return this;
  }

  /// How far a client's clock may run ahead; such times become the time of receipt. Default 5 min,
  /// allowed 0 … 1 h.
  public TidalDbBuilder maxClockSkew(Duration skew) {
    options.maxClockSkew(skew);
    return this;
  }

  /// Takes event times beyond the skew as the time of receipt instead of refusing them.
  public TidalDbBuilder clampFutureEvents() {
    options.futureEvents(EngineOptions.FutureEvents.CLAMP);
    return this;
  }

  /// Idempotency keys that are remembered. Default 1,048,576, allowed 0 … 16,777,216.
  public TidalDbBuilder dedupKeys(int keys) {
    options.dedupKeys(keys);
    return this;
  }

  /// Numbered producers that are remembered. Default 4,096, allowed 0 … 65,536.
  public TidalDbBuilder dedupProducers(int producers) {
    options.dedupProducers(producers);
    return this;
  }

  /// Entities of one kind that may ever exist. Default 100,000,000, allowed 1 … 2,000,000,000.
  public TidalDbBuilder entitiesMax(int entities) {
    options.entitiesMax(entities);
    return this;
  }

  /// Collections that one owner may have. Default 1,000, allowed 1 … 100,000.
  public TidalDbBuilder collectionsPerOwner(int collections) {
    options.collectionsPerOwner(collections);
    return this;
  }

  /// Items that one collection may hold. Default 10,000, allowed 1 … 100,000.
  public TidalDbBuilder itemsPerCollection(int items) {
    options.itemsPerCollection(items);
    return this;
  }

  /// Relations that one user may have of each type. Default 100,000, allowed 1 … 10,000,000.
  public TidalDbBuilder relationsPerUser(int relations) {
    options.relationsPerUser(relations);
    return this;
  }

  /// Users in a network. Default 2,000, allowed 1 … 100,000.
  public TidalDbBuilder networkFanOut(int users) {
    options.networkFanOut(users);
    return this;
  }

  /// Up to this age items take part in exploration. Default 24 h, allowed 1 min … 30 d.
  public TidalDbBuilder explorationAge(Duration age) {
    options.explorationAge(age);
    return this;
  }

  /// Items that were shown so often do not take part in exploration. Default 200, allowed 1 …
  /// 1,000,000.
  public TidalDbBuilder explorationImpressions(int impressions) {
    options.explorationImpressions(impressions);
    return this;
  }

  /// Bytes of users' lists in memory; answers stay the same. Default 256 MiB, allowed 1 MiB … 64
  /// GiB.
  public TidalDbBuilder userCacheBytes(long bytes) {
    options.userCacheBytes(bytes);
    return this;
  }

  /// Cohorts that may be defined at a time. Default 256, allowed 1 … 4,096.
  public TidalDbBuilder cohorts(int cohorts) {
    options.cohorts(cohorts);
    return this;
  }

  /// Pairs of cohort, entity and signal that may have events: at the bound a signal that needs one
  /// more is refused. Default 8,388,608, allowed 1,024 … 2,147,483,648.
  public TidalDbBuilder cohortPairs(long pairs) {
    options.cohortPairs(pairs);
    return this;
  }

  /// Members of each signal's head, 0 turns heads off: answers stay the same. Default 4,096.
  public TidalDbBuilder headCapacity(int members) {
    options.headCapacity(members);
    return this;
  }

  /// Sessions that may run. Default 100,000, allowed 1 … 10,000,000.
  public TidalDbBuilder activeSessions(int sessions) {
    options.activeSessions(sessions);
    return this;
  }

  /// Sessions of one user that may run. Default 100, allowed 1 … 10,000.
  public TidalDbBuilder activeSessionsPerUser(int sessions) {
    options.activeSessionsPerUser(sessions);
    return this;
  }

  /// Time between sweeps of expired sessions; expiry itself holds at once. Default 60 s, allowed
  /// 100 ms … 1 h.
  public TidalDbBuilder sessionSweepInterval(Duration interval) {
    options.sessionSweepInterval(interval);
    return this;
  }

  /// How fast signals of all sessions of one agent may come. Default unlimited, allowed 0.001 …
  /// 1,000,000 per second with a burst of 1 … 1,000,000.
  public TidalDbBuilder agentRate(double perSecond, int burst) {
    options.agentRate(new SessionPolicy.Rate(perSecond, burst));
    return this;
  }

  /// Above how many queries in flight sources give half, then also windows are coarse, then also
  /// diversity is skipped, and above how many queries are refused. Default 25, 100, 250 and 1,000
  /// times the number of cores, none below the one before, allowed 0 … 1,000,000.
  public TidalDbBuilder loadLevels(int reduced, int coarse, int noDiversity, int queriesMax) {
    options.load(new EngineOptions.Load(reduced, coarse, noDiversity, queriesMax));
    return this;
  }

  /// How long `close` waits for running queries. Default 30 s, allowed 0 … 10 min.
  public TidalDbBuilder closeTimeout(Duration timeout) {
    options.closeTimeout(timeout);
    return this;
  }

  TidalDbBuilder faults(Faults given) {
    faults = given;
    return this;
  }

  /// Creates or recovers the database; readers and the writer are ready when it returns.
  ///
  /// @throws InvalidRequestException if options do not fit, or the directory is not one of ours
  /// @throws io.tidaldb.schema.LockedException if someone else has it open
  /// @throws io.tidaldb.schema.SchemaMismatchException if stored state cannot follow the schema
  /// @throws io.tidaldb.schema.CorruptionException if bytes are not what was written
  public TidalDb open() {
    if (ephemeral == (directory.isPresent() || faults.volume().isPresent())) {
      throw new InvalidRequestException(
          "DIRECTORY_OR_EPHEMERAL",
          "exactly one of dataDirectory and ephemeral must be given: dataDirectory="
              + directory.map(Path::toString).orElse("none")
              + " ephemeral="
              + ephemeral);
    }
    return new TidalDb(Engine.open(directory, schema, options.build(), faults));
  }
}
