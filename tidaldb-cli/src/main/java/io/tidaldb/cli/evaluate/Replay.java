package io.tidaldb.cli.evaluate;

import io.tidaldb.cli.load.Loader;
import io.tidaldb.cli.load.Mapping;
import io.tidaldb.cli.load.Progress;
import io.tidaldb.cli.load.Rejects;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A log to be lived through again: what happened to items, in the order of (time, user, item), and
/// what the entities are.
///
/// @param schema the signals and fields
/// @param events what users did, in order
/// @param items what each item is
/// @param others users and creators
/// @param rejected rows that could not be read
public record Replay(
    Schema schema,
    List<Event> events,
    Map<EntityId, Write.EntityWrite> items,
    List<Write> others,
    long rejected) {

  private static final Comparator<EntityId> UNSIGNED =
      Comparator.comparing(EntityId::value, Long::compareUnsigned);

  private static final Comparator<Event> ORDER =
      Comparator.comparingLong(Event::nanos)
          .thenComparing(Event::user, UNSIGNED)
          .thenComparing(Event::item, UNSIGNED);

  /// One thing that a user did to an item.
  ///
  /// @param nanos when, since 1970
  /// @param positive whether it speaks for the item
  /// @param write the same for a database
  public record Event(
      long nanos, EntityId user, EntityId item, boolean positive, Write.SignalWrite write) {}

  public Replay {
    events = List.copyOf(events);
    items = Map.copyOf(items);
    others = List.copyOf(others);
  }

  /// Reads the entities and signals of a mapping. Signals without user or of other kinds than items
  /// teach nothing here and are left out, as are relations and collections.
  ///
  /// @param folder where the files are
  /// @param rejects where rows go that cannot be read
  public static Replay read(Mapping mapping, Path folder, Rejects rejects) {
    var schema =
        mapping
            .schema()
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "SCHEMA_MISSING", "an evaluation needs a mapping with a schema"));
    var writes = new ArrayList<Write>();
    var context =
        new Loader.Context(
            schema,
            batch -> {
              writes.addAll(batch);
              return CompletableFuture.completedFuture(
                  Collections.nCopies(batch.size(), new Receipt(1, false)));
            },
            rejects,
            Progress.NONE,
            Loader.Options.DEFAULTS);
    for (var source : mapping.sources()) {
      var _ = Loader.load(source, mapping.file(source, folder, Map.of()), context);
    }
    return of(schema, writes, rejects.count());
  }

  /// The log that these writes are.
  public static Replay of(Schema schema, List<Write> writes, long rejected) {
    var events = new ArrayList<Event>();
    var items = new HashMap<EntityId, Write.EntityWrite>();
    var others = new ArrayList<Write>();
    for (var write : writes) {
      switch (write) {
        case Write.SignalWrite signal -> event(schema, signal).ifPresent(events::add);
        case Write.EntityWrite entity when entity.kind() == EntityKind.ITEM ->
            items.put(entity.id(), entity);
        case Write.EntityWrite entity -> others.add(entity);
        default -> {
          // Relations and collections are not part of what is evaluated.
        }
      }
    }
    events.sort(ORDER);
    return new Replay(schema, events, items, others, rejected);
  }

  private static Optional<Event> event(Schema schema, Write.SignalWrite write) {
    var signal = write.signal();
    var type = schema.signal(write.name());
    if (type.isEmpty()
        || type.get().target() != EntityKind.ITEM
        || signal.user().isEmpty()
        || signal.at().isEmpty()) {
      return Optional.empty();
    }
    boolean positive =
        type.get().meaning().filter(meaning -> meaning.isPositive(signal.weight())).isPresent();
    return Optional.of(
        new Event(signal.at().get().nanos(), signal.user().get(), write.entity(), positive, write));
  }
}
