package io.tidaldb.entity;

import io.tidaldb.entity.EntityRowCodec.Row;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.RowView;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.SealedRow;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The rows of entities: what was written, whole, in the storage backend.
///
/// A frame's rows are kept in memory while it is folded and reach the backend in one batch,
/// together with the position, when it is published.
///
/// **Threads.** The writer applies, publishes and reads what is pending; any thread reads what is
/// published.
public final class EntityRows implements RowView {

  private static final byte[] NAME = "entity".getBytes(StandardCharsets.UTF_8);

  private final StorageBackend storage;
  private final Map<Identity, Optional<Row>> pending = new HashMap<>();
  private final long loadedPosition;

  private record Identity(EntityKind kind, long id) {}

  /// The rows of this backend.
  public EntityRows(StorageBackend storage) {
    this.storage = storage;
    this.loadedPosition =
        storage.get(Keyspace.SYSTEM, positionKey()).map(EntityRows::position).orElse(0L);
  }

  private static long position(byte[] value) {
    return SealedRow.number(value, "position of the entity rows is damaged", "SYSTEM/MV/entity");
  }

  private static byte[] positionKey() {
    return Keys.row(0, Tag.MV, NAME);
  }

  @Override
  public String name() {
    return "entity rows";
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.EntityWritten written -> {
        var identity = new Identity(written.kind(), written.id());
        var before = pendingRow(identity);
        pending.put(
            identity,
            Optional.of(
                new Row(
                    before.map(Row::firstPosition).orElse(position),
                    before.map(Row::firstTime).orElse(written.time()),
                    position,
                    Image.after(before.map(Row::image).orElse(null), written))));
      }
      case Event.NumbersWritten written -> {
        var identity = new Identity(written.kind(), written.id());
        var before = pendingRow(identity);
        if (before.isPresent()) {
          var row = before.get();
          pending.put(
              identity,
              Optional.of(
                  new Row(
                      row.firstPosition(), row.firstTime(), position, row.image().with(written))));
        }
      }
      case Event.EntityDeleted deleted ->
          pending.put(new Identity(deleted.kind(), deleted.id()), Optional.empty());
      case Event.Blank blank -> {}
      case Event.SignalRecorded signal -> {}
      case Event.ProfileSaved profile -> {}
      case Event.ProfileDropped profile -> {}
      case RankingEvent ranking -> {}
      case Event.SchemaChanged schema -> {}
      case Event.UserErased erased ->
          pending.put(new Identity(EntityKind.USER, erased.user()), Optional.empty());
      case RelationEvent relation -> {}
      case CohortEvent cohort -> {}
      case CollectionEvent collection -> {}
      case SessionEvent session -> {}
      case VectorEvent vector -> {}
    }
  }

  @Override
  public long countOf(long user) {
    return pendingRow(new Identity(EntityKind.USER, user)).isPresent() ? 1 : 0;
  }

  /// Signals change no row: a frame of nothing else costs nothing here.
  @Override
  public void publish(long position) {
    if (!pending.isEmpty()) {
      write(position);
    }
  }

  @Override
  public void mark(long position) {
    write(position);
  }

  private void write(long position) {
    var batch = new WriteBatch();
    pending.forEach(
        (identity, row) -> {
          byte[] key = Keys.row(identity.id(), Tag.META);
          if (row.isPresent()) {
            var _ = batch.put(keyspace(identity.kind()), key, EntityRowCodec.encode(row.get()));
          } else {
            var _ = batch.delete(keyspace(identity.kind()), key);
          }
        });
    var _ = batch.put(Keyspace.SYSTEM, positionKey(), SealedRow.seal(position));
    storage.writeBatch(batch);
    pending.clear();
  }

  /// The entity as of the last published frame. Any thread.
  ///
  /// @throws CorruptionException if its row is damaged
  public Optional<Entity> read(EntityKind kind, EntityId id) {
    return storage
        .get(keyspace(kind), Keys.row(id.value(), Tag.META))
        .map(bytes -> entity(kind, id, EntityRowCodec.decode(bytes, where(kind, id.value()))));
  }

  /// The entity as the writer sees it: with the events of the frame that is being folded. Writer
  /// only.
  public Optional<Entity> pending(EntityKind kind, EntityId id) {
    return pendingRow(new Identity(kind, id.value())).map(row -> entity(kind, id, row));
  }

  /// What an entity is as of the last published frame, for the next update. Any thread.
  ///
  /// @throws CorruptionException if its row is damaged
  public Optional<Image> image(EntityKind kind, long id) {
    return storage
        .get(keyspace(kind), Keys.row(id, Tag.META))
        .map(bytes -> EntityRowCodec.decode(bytes, where(kind, id)).image());
  }

  /// Living entities in unsigned order of their ids. Any thread.
  ///
  /// @param after only ids above this one; empty to begin
  /// @param limit at most so many
  public List<Entity> entities(EntityKind kind, Optional<EntityId> after, int limit) {
    List<Entity> found = new ArrayList<>();
    try (var snapshot = storage.snapshot()) {
      if (after.isEmpty()) {
        collect(snapshot, kind, new byte[0], limit, found);
        return found;
      }
      // Ids above x share x's first bytes and then have a greater one: a prefix for each such byte.
      byte[] id = ByteBuffer.allocate(8).putLong(after.get().value()).array();
      for (int shared = 7; shared >= 0; shared--) {
        for (int next = (id[shared] & 0xFF) + 1; next < 256 && found.size() < limit; next++) {
          byte[] prefix = Arrays.copyOf(id, shared + 1);
          prefix[shared] = (byte) next;
          collect(snapshot, kind, prefix, limit, found);
        }
      }
    }
    return found;
  }

  private static void collect(
      StorageBackend.Snapshot snapshot,
      EntityKind kind,
      byte[] prefix,
      int limit,
      List<Entity> found) {
    try (var cursor = snapshot.scanPrefix(keyspace(kind), prefix)) {
      while (found.size() < limit && cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.META) {
          long id = Keys.id(key);
          var row = EntityRowCodec.decode(cursor.value(), where(kind, id));
          found.add(entity(kind, EntityId.of(id), row));
        }
      }
    }
  }

  private Optional<Row> pendingRow(Identity identity) {
    var row = pending.get(identity);
    if (row != null) {
      return row;
    }
    return storage
        .get(keyspace(identity.kind()), Keys.row(identity.id(), Tag.META))
        .map(bytes -> EntityRowCodec.decode(bytes, where(identity.kind(), identity.id())));
  }

  private static Entity entity(EntityKind kind, EntityId id, Row row) {
    var created =
        row.metadata().time("created_at").orElseGet(() -> Timestamp.ofNanos(row.firstTime()));
    return new Entity(kind, id, row.metadata(), created, row.firstPosition(), row.lastPosition());
  }

  private static Keyspace keyspace(EntityKind kind) {
    return switch (kind) {
      case ITEM -> Keyspace.ITEMS;
      case USER -> Keyspace.USERS;
      case CREATOR -> Keyspace.CREATORS;
    };
  }

  private static String where(EntityKind kind, long id) {
    return keyspace(kind) + "/" + Long.toUnsignedString(id) + "/META";
  }

  @Override
  public void digest(StateSink sink) {
    for (var kind : EntityKind.values()) {
      forEach(kind, (id, row) -> digest(entity(kind, id, row), row.image(), sink));
    }
  }

  private static void digest(Entity entity, Image image, StateSink sink) {
    var entry = sink.entry("entity", entity.kind() + " " + entity.id());
    entry.value("first position", entity.firstPosition());
    entry.value("last position", entity.lastPosition());
    entry.value("created", entity.created().nanos());
    entry.value("written at", image.writtenAt());
    image.since().forEach((field, time) -> entry.value("time of " + field, time));
    image
        .metadata()
        .values()
        .forEach((key, value) -> entry.value(key, value.type() + " " + value.text()));
  }

  @Override
  public List<String> verify() {
    List<String> findings = new ArrayList<>();
    for (var kind : EntityKind.values()) {
      try (var cursor = storage.scanPrefix(keyspace(kind), new byte[0])) {
        while (cursor.next()) {
          if (Keys.tag(cursor.key()) == Tag.META) {
            try {
              var _ = EntityRowCodec.decode(cursor.value(), where(kind, Keys.id(cursor.key())));
            } catch (CorruptionException e) {
              findings.add(e.getMessage());
            }
          }
        }
      }
    }
    return findings;
  }

  private void forEach(EntityKind kind, BiConsumer<EntityId, Row> consumer) {
    try (var cursor = storage.scanPrefix(keyspace(kind), new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.META) {
          long id = Keys.id(key);
          consumer.accept(EntityId.of(id), EntityRowCodec.decode(cursor.value(), where(kind, id)));
        }
      }
    }
  }
}
