package io.tidaldb.testing;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CohortDefinition;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Predicate;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Target;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Does the steps of a script at a database, and answers as [ModelWorld] does.
///
/// What stops the database is thrown; a refusal is an answer.
public final class Client {

  private final TidalDb db;
  private final ManualClock clock;

  /// @param clock the database's
  public Client(TidalDb db, ManualClock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// Does a step.
  public String apply(Step step) {
    try {
      return perform(step, Optional.empty());
    } catch (InvalidRequestException refused) {
      return "refused " + refused.code();
    } catch (NotFoundException refused) {
      return "refused NotFoundException";
    }
  }

  private String perform(Step step, Optional<IdempotencyKey> key) {
    return switch (step) {
      case Step.Keyed keyed -> perform(keyed.step(), Optional.of(key(keyed)));
      case Step.Tick tick -> {
        clock.advance(Duration.ofNanos(tick.nanos()));
        yield "done";
      }
      case Step.Checkpoint() -> {
        db.checkpoint();
        yield "done";
      }
      case Step.Sync() -> {
        db.sync();
        yield "done";
      }
      case Step.Batch batch -> {
        db.write(batch.steps().stream().map(Client::write).toList());
        yield "done";
      }
      case Step.Erase _,
          Step.Define _,
          Step.DropCohort _,
          Step.Create _,
          Step.Rename _,
          Step.Show _,
          Step.Share _,
          Step.DropCollection _,
          Step.Start _,
          Step.Close _ ->
          call(step, key);
      case Step.Add _, Step.Remove _, Step.Move _ ->
          Boolean.toString(!receipt(step, key).duplicate());
      case Step.Item _,
          Step.Recategorize _,
          Step.Counted _,
          Step.Birthday _,
          Step.Delete _,
          Step.User _,
          Step.Happened _,
          Step.Gave _,
          Step.Relate _,
          Step.Unrelate _,
          Step.Clear _,
          Step.Told _,
          Step.Say _ -> {
        receipt(step, key);
        yield "done";
      }
    };
  }

  private static IdempotencyKey key(Step.Keyed keyed) {
    return IdempotencyKey.sequence(1, keyed.number());
  }

  private Receipt receipt(Step step, Optional<IdempotencyKey> key) {
    return db.write(List.of(write(step, key))).getFirst();
  }

  /// The calls that are no writes of a batch.
  private String call(Step step, Optional<IdempotencyKey> key) {
    switch (step) {
      case Step.Erase erase -> {
        var user = EntityId.of(erase.user());
        key.ifPresentOrElse(given -> db.eraseUser(user, given), () -> db.eraseUser(user));
      }
      case Step.Define define -> {
        var cohort = CohortDefinition.of(define.name(), Predicate.parse(define.rule().text()));
        key.ifPresentOrElse(given -> db.defineCohort(cohort, given), () -> db.defineCohort(cohort));
      }
      case Step.DropCohort drop -> db.dropCohort(drop.name());
      case Step.Create create -> {
        var owner = EntityId.of(create.owner());
        var id =
            key.isPresent()
                ? db.createCollection(owner, create.name(), create.visibility(), key.get())
                : db.createCollection(owner, create.name(), create.visibility());
        return "id " + id.value();
      }
      case Step.Rename rename -> db.renameCollection(of(rename.collection()), rename.name());
      case Step.Show show -> db.setVisibility(of(show.collection()), show.visibility());
      case Step.Share share -> {
        var user = EntityId.of(share.user());
        if (share.on()) {
          db.shareCollection(of(share.collection()), user);
        } else {
          db.unshareCollection(of(share.collection()), user);
        }
      }
      case Step.DropCollection drop -> db.deleteCollection(of(drop.collection()));
      case Step.Start start -> {
        var user = EntityId.of(start.user());
        Map<String, String> mood = start.mood().isEmpty() ? Map.of() : Map.of("mood", start.mood());
        var handle =
            key.isPresent()
                ? db.startSession(user, start.agent(), start.policy(), mood, key.get())
                : db.startSession(user, start.agent(), start.policy(), mood);
        return "id " + handle.sessionId().value();
      }
      case Step.Close close -> db.resumeSession(SessionId.of(close.session())).close();
      default -> throw new IllegalArgumentException("a write of a batch: " + step);
    }
    return "done";
  }

  private static CollectionId of(long collection) {
    return CollectionId.of(collection);
  }

  private static Write write(Step step) {
    return step instanceof Step.Keyed keyed
        ? write(keyed.step(), Optional.of(key(keyed)))
        : write(step, Optional.empty());
  }

  private static Write write(Step step, Optional<IdempotencyKey> key) {
    return switch (step) {
      case Step.Item item ->
          Write.entity(
              EntityKind.ITEM,
              EntityId.of(item.id()),
              Map.of(
                  "title",
                  item.title(),
                  "category",
                  item.category(),
                  "creator_id",
                  Long.toUnsignedString(item.creator())),
              key);
      case Step.Recategorize change ->
          Write.update(
              EntityKind.ITEM,
              EntityId.of(change.id()),
              Map.of("category", change.category()),
              key);
      case Step.Counted counted ->
          Write.update(
              EntityKind.ITEM,
              EntityId.of(counted.item()),
              Map.of("live_viewer_count", counted.viewers()),
              Timestamp.ofNanos(counted.time()),
              key);
      case Step.Birthday aged ->
          Write.update(EntityKind.USER, EntityId.of(aged.user()), Map.of("age", aged.age()), key);
      case Step.Delete delete -> Write.delete(EntityKind.ITEM, EntityId.of(delete.id()), key);
      case Step.User user ->
          Write.entity(
              EntityKind.USER,
              EntityId.of(user.id()),
              Map.of("language", user.language(), "age", Integer.toString(user.age())),
              key);
      case Step.Happened happened ->
          Write.signal(
              happened.signal(),
              EntityId.of(happened.item()),
              signal(Signal.anonymous(), happened.weight(), happened.time(), key));
      case Step.Gave gave ->
          Write.signal(
              gave.signal(),
              EntityId.of(gave.item()),
              signal(Signal.by(gave.user()), gave.weight(), gave.time(), key));
      case Step.Add _, Step.Remove _, Step.Move _ -> member(step, key);
      case Step.Relate _, Step.Unrelate _, Step.Clear _ -> relation(step, key);
      case Step.Told told ->
          SessionWrite.signal(
              SessionId.of(told.session()),
              told.signal(),
              EntityId.of(told.item()),
              signal(Signal.anonymous(), told.weight(), told.time(), key));
      case Step.Say say ->
          SessionWrite.annotate(
              SessionId.of(say.session()), EntityId.of(say.item()), say.text(), key);
      default -> throw new IllegalArgumentException("no write of a batch: " + step);
    };
  }

  private static Signal signal(Signal by, double weight, long time, Optional<IdempotencyKey> key) {
    var signal = by.weight(weight).at(Timestamp.ofNanos(time));
    return key.isPresent() ? signal.key(key.get()) : signal;
  }

  private static Write member(Step step, Optional<IdempotencyKey> key) {
    var write =
        switch (step) {
          case Step.Add add ->
              add.index() < 0
                  ? CollectionWrite.add(of(add.collection()), EntityId.of(add.item()))
                  : CollectionWrite.add(of(add.collection()), EntityId.of(add.item()), add.index());
          case Step.Remove remove ->
              CollectionWrite.remove(of(remove.collection()), EntityId.of(remove.item()));
          case Step.Move move ->
              CollectionWrite.move(of(move.collection()), EntityId.of(move.item()), move.index());
          default -> throw new IllegalArgumentException(step.toString());
        };
    return key.isPresent() ? write.withKey(key.get()) : write;
  }

  private static Write relation(Step step, Optional<IdempotencyKey> key) {
    return switch (step) {
      case Step.Relate relate ->
          new RelationWrite.SetRelation(
              EntityId.of(relate.user()),
              relate.type(),
              new Target(relate.kind(), EntityId.of(relate.target())),
              1,
              Optional.of(Timestamp.ofNanos(relate.time())),
              key);
      case Step.Unrelate unrelate ->
          new RelationWrite.RemoveRelation(
              EntityId.of(unrelate.user()),
              unrelate.type(),
              new Target(unrelate.kind(), EntityId.of(unrelate.target())),
              Optional.of(Timestamp.ofNanos(unrelate.time())),
              key);
      case Step.Clear clear ->
          new RelationWrite.ClearState(
              EntityId.of(clear.user()),
              clear.state(),
              Optional.of(EntityId.of(clear.item())),
              key);
      default -> throw new IllegalArgumentException(step.toString());
    };
  }
}
