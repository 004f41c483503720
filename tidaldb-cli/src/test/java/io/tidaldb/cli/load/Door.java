package io.tidaldb.cli.load;

import io.tidaldb.schema.BackpressureException;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A database that keeps a list: knows keys, refuses ids that it is told to, is full every third
/// time.
final class Door {

  final List<Write> written = new ArrayList<>();
  final Set<EntityId> refused = new HashSet<>();

  private final Set<IdempotencyKey> keys = new HashSet<>();
  private int calls;

  CompletionStage<List<Receipt>> write(List<Write> batch) {
    if (++calls % 3 == 0) {
      var full = new BackpressureException(9, 9, Duration.ofNanos(1));
      if (calls % 2 == 0) {
        throw full;
      }
      return CompletableFuture.failedFuture(full);
    }
    for (var write : batch) {
      if (refused.contains(id(write))) {
        return CompletableFuture.failedFuture(
            new InvalidRequestException("VALUE_INVALID", "refused: id=" + id(write)));
      }
    }
    var receipts = new ArrayList<Receipt>();
    for (var write : batch) {
      var isNew = keys.add(write.key().orElseThrow());
      if (isNew) {
        written.add(write);
      }
      receipts.add(new Receipt(written.size(), !isNew));
    }
    return CompletableFuture.completedFuture(receipts);
  }

  static EntityId id(Write write) {
    return switch (write) {
      case Write.SignalWrite signal -> signal.entity();
      case Write.EntityWrite entity -> entity.id();
      case Write.EntityUpdate update -> update.id();
      case Write.EntityDelete delete -> delete.id();
      case RelationWrite.SetRelation set -> set.target().id();
      case CollectionWrite.Collecting collect -> collect.item();
      default -> throw new IllegalArgumentException("not loaded: " + write);
    };
  }
}
