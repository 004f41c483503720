package io.tidaldb.cohort;

import io.tidaldb.checkpoint.CheckpointMeta;
import io.tidaldb.checkpoint.ViewImage;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaDifference;
import io.tidaldb.schema.SchemaMismatchException;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.SignalTypeId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The signals of cohorts by themselves, without engine and log: a cohort is a name, what is
/// recorded under it is counted, nothing is known of users or predicates.
///
/// Reads are of the newest time recorded. Two orders of the same records give the same counts.
///
/// **Threads.** One thread records, saves and restores; any number read. The state is one volatile
/// reference, which a restore replaces as a whole.
public final class CohortSignalLedger {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final int NAMES_COLUMN = 1;
  private static final int SLOTS_COLUMN = 2;
  private static final int NAMES_PER_PAGE = 1_000;

  /// Ids of signal types stay below 4,096.
  private static final int MISSING_IDS = 4_096;

  private final Schema schema;
  private final CrashInjector injector;
  private volatile State state;

  /// Everything that a checkpoint holds.
  private static final class State {
    final SlotMap slots = new SlotMap();
    final CohortLedgers ledgers;
    final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    final List<String> names = new ArrayList<>();

    /// @param knownAs gives a saved type the id that it has now
    State(UnaryOperator<SignalType> knownAs) {
      ledgers = new CohortLedgers(slots, knownAs);
    }

    int number(String cohort) {
      return numbers.getOrDefault(cohort, 0);
    }

    void name(String cohort) {
      names.add(cohort);
      numbers.put(cohort, names.size());
    }
  }

  /// An empty ledger of every signal type of a schema.
  public CohortSignalLedger(Schema schema) {
    this(schema, CrashInjector.NONE);
  }

  /// @param injector called inside [#record] and [#checkpoint]
  public CohortSignalLedger(Schema schema, CrashInjector injector) {
    this.schema = schema;
    this.injector = injector;
    state = new State(UnaryOperator.identity());
    state.ledgers.declare(schema.signals(), false);
  }

  /// The id of a signal type of the schema.
  ///
  /// @throws NotFoundException if there is none of this name
  public SignalTypeId resolveSignalType(String name) {
    return type(name).id();
  }

  /// Counts one event.
  ///
  /// @param cohort `[a-z][a-z0-9_]{0,63}`
  /// @throws InvalidRequestException if name or weight do not fit; nothing is recorded
  /// @throws NotFoundException if the type is not one of the schema's; nothing is recorded
  public void record(
      String cohort, EntityId entity, SignalTypeId type, double weight, Timestamp at) {
    checkName(cohort);
    var signal = type(type);
    double checked = signal.checkedWeight(entity, weight);
    injector.reached(CrashPoint.COHORT_LEDGER_UPDATE);
    var now = state;
    if (now.number(cohort) == 0) {
      now.name(cohort);
    }
    now.slots.apply(
        0,
        new SignalRecorded(
            at.nanos(), type.value(), signal.target(), entity.value(), checked, 0, 0, 0, 0, null));
    int slot = now.slots.slot(signal.target(), entity.value());
    now.ledgers.advance(at.nanos());
    now.ledgers.record(now.number(cohort), type.value(), slot, checked, at.nanos());
  }

  /// Triples of cohort, entity and signal type with at least one event.
  public long entryCount() {
    return state.ledgers.pairs();
  }

  /// The events of an entity in a cohort, in a window that ends at the newest time recorded.
  ///
  /// @throws NotFoundException if the signal is unknown
  /// @throws InvalidRequestException if the window is not declared
  public long readWindowedCount(String cohort, EntityId entity, String signal, Window window) {
    checkName(cohort);
    var type = type(signal);
    var now = state;
    int slot = now.slots.slot(type.target(), entity.value());
    try (var reader = now.ledgers.reader(now.number(cohort), now.ledgers.newestEventTime())) {
      return reader.windowedCount(type.id().value(), window, slot);
    }
  }

  /// The decayed score of an entity in a cohort, at the newest time recorded.
  ///
  /// @throws NotFoundException if the signal is unknown
  public double readDecayScore(String cohort, EntityId entity, String signal) {
    checkName(cohort);
    var type = type(signal);
    var now = state;
    int slot = now.slots.slot(type.target(), entity.value());
    try (var reader = now.ledgers.reader(now.number(cohort), now.ledgers.newestEventTime())) {
      return reader.decayScore(type.id().value(), slot);
    }
  }

  /// Saves everything: the storage then holds this image, or after a crash the one before.
  ///
  /// @param meta time and position to keep with it; a hash that is not zero must be the image's
  /// @throws InvalidRequestException if it is not (`HASH_DIFFERS`)
  public void checkpoint(StorageBackend storage, CheckpointMeta meta) {
    var pages = new Image(state);
    try {
      var _ = new ViewImage(storage, Tag.COHORT, injector).write(meta, pages);
      pages.committed();
    } catch (Throwable failure) {
      pages.abandoned();
      throw failure;
    }
  }

  /// Replaces the content with the saved one; a storage without changes nothing.
  ///
  /// @return time, position and hash of what was restored
  /// @throws CorruptionException if a byte is not what was written; nothing changed
  /// @throws SchemaMismatchException if the schema lacks a saved type or declares it otherwise;
  ///   nothing changed
  public Optional<CheckpointMeta> restore(StorageBackend storage) {
    var fresh = new State(this::knownAs);
    var meta =
        new ViewImage(storage, Tag.COHORT, injector)
            .read((key, content) -> load(fresh, key, content));
    if (meta.isPresent()) {
      try {
        fresh.slots.loaded(0);
        fresh.ledgers.loaded();
      } catch (IllegalArgumentException e) {
        throw new CorruptionException(
            "pages do not fit together",
            "store/SYSTEM",
            -1,
            0,
            "a ledger",
            String.valueOf(e.getMessage()));
      }
      checkSchema(fresh);
      fresh.ledgers.declare(schema.signals(), false);
      state = fresh;
    }
    return meta;
  }

  /// All pages of a ledger: those of its cells, its names and its slots.
  private static final class Image implements FrozenPages {
    private final FrozenPages cells;
    private final FrozenPages slots;
    private final List<String> names;

    Image(State state) {
      cells = state.ledgers.freeze(true);
      slots = state.slots.freeze(true);
      names = List.copyOf(state.names);
    }

    @Override
    public int count() {
      return cells.count() + slots.count() + names.size() / NAMES_PER_PAGE + 1;
    }

    @Override
    public void forEach(PageSink sink) {
      var pages = new TreeMap<PageKey, byte[]>();
      cells.forEach(pages::put);
      slots.forEach(
          (key, content) ->
              pages.put(new PageKey(key.page(), key.type(), SLOTS_COLUMN + key.column()), content));
      for (int from = 0; from < names.size(); from += NAMES_PER_PAGE) {
        var part = names.subList(from, Math.min(names.size(), from + NAMES_PER_PAGE));
        var out = new PageWriter().u8(1).varint(part.size());
        part.forEach(out::text);
        pages.put(new PageKey(from / NAMES_PER_PAGE, 0, NAMES_COLUMN), out.toBytes());
      }
      pages.forEach(sink::page);
    }

    @Override
    public void committed() {
      cells.committed();
      slots.committed();
    }

    @Override
    public void abandoned() {
      cells.abandoned();
      slots.abandoned();
    }
  }

  private static void load(State into, PageKey key, byte[] content) {
    if (key.page() >>> 32 != 0 || key.equals(CohortLedgers.HEADER)) {
      into.ledgers.load(key, content);
    } else if (key.column() >= SLOTS_COLUMN) {
      into.slots.load(new PageKey(key.page(), key.type(), key.column() - SLOTS_COLUMN), content);
    } else if (key.column() == NAMES_COLUMN && key.page() * NAMES_PER_PAGE == into.names.size()) {
      var in = new PageSource(content);
      if (in.u8() != 1) {
        throw new IllegalArgumentException("page version not known: key=" + key);
      }
      for (int i = in.count(NAMES_PER_PAGE); i > 0; i--) {
        into.name(in.text());
      }
      in.end();
    } else {
      throw new IllegalArgumentException("no page of a ledger: key=" + key);
    }
  }

  /// A saved type under the id that the schema gives its name; one that the schema lacks goes out
  /// of the way of the others.
  private SignalType knownAs(SignalType saved) {
    return schema
        .signal(saved.name())
        .map(type -> saved.withId(type.id()))
        .orElseGet(() -> saved.withId(SignalTypeId.of(MISSING_IDS + saved.id().value())));
  }

  private void checkSchema(State loaded) {
    var differences = new ArrayList<SchemaDifference>();
    for (var cells : loaded.ledgers.types().all()) {
      var stored = cells.ledger().type();
      var given = schema.signal(stored.name()).orElse(null);
      var path = "signal." + stored.name();
      if (given == null) {
        differences.add(
            new SchemaDifference(path, stored.decay().toString(), "missing", "declare it again"));
      } else {
        differs(differences, path + ".target", stored.target(), given.target());
        differs(differences, path + ".decay", stored.decay(), given.decay());
        differs(differences, path + ".windows", stored.windows(), given.windows());
      }
    }
    if (!differences.isEmpty()) {
      throw new SchemaMismatchException(differences);
    }
  }

  private static void differs(
      List<SchemaDifference> into, String path, Object stored, Object given) {
    if (!stored.equals(given)) {
      into.add(
          new SchemaDifference(
              path,
              stored.toString(),
              given.toString(),
              "restore under the schema it was saved under"));
    }
  }

  private static void checkName(String cohort) {
    if (!NAME.matcher(cohort).matches()) {
      throw new InvalidRequestException(
          "NAME_INVALID",
          "cohort name not valid: given=" + cohort + " allowed=[a-z][a-z0-9_]{0,63}");
    }
  }

  private SignalType type(String name) {
    return schema
        .signal(name)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "signal",
                    name,
                    "declared are " + schema.signals().stream().map(SignalType::name).toList()));
  }

  private SignalType type(SignalTypeId id) {
    return schema.signals().stream()
        .filter(type -> type.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new NotFoundException(
                    "signal", "id " + id.value(), "ask resolveSignalType for it"));
  }
}
