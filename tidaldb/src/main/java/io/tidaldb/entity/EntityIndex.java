package io.tidaldb.entity;

import io.tidaldb.entity.KindIndex.Indexed;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Schema;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The filter indexes over metadata: for each kind, columns of the declared fields and who is
/// alive.
///
/// Page 0 of field 0 lists the indexed fields, so that pages can be read without a schema:
///
/// ```
///  0          2          4
/// +----------+----------+----------------------------------------------------------------- ...
/// | next u16 | count u16| number u16 | kind u8 | type u8 | fresh ns i64 | length u8 | name
/// +----------+----------+----------------------------------------------------------------- ...
/// ```
///
/// Field numbers are given in order of kind and name when a schema first declares them, and never
/// again. The other pages are those of [WordColumn], [KeywordColumn] and titles.
///
/// **Threads.** The writer folds, publishes, freezes; [#reader] and what it gives serve any thread.
/// Sets of slots change at [#publish]; words change as they are folded.
public final class EntityIndex implements PageView {

  private static final PageKey HEADER = new PageKey(0, 0, 0);

  private final Slots slots;
  private Map<EntityKind, KindIndex> kinds = Map.of();
  private int nextNumber;
  private boolean headerDirty;
  private volatile boolean headerReturned;
  private boolean headerLoaded;
  private long loadedPosition;
  private final Map<PageKey, byte[]> waiting = new TreeMap<>();
  private final ConcurrentLinkedQueue<PageKey> gone = new ConcurrentLinkedQueue<>();

  /// An empty index with the built-in fields.
  ///
  /// @param slots folded before this view sees an event
  public EntityIndex(Slots slots) {
    this.slots = slots;
    clear();
  }

  @Override
  public String name() {
    return "entity index";
  }

  @Override
  public Tag tag() {
    return Tag.IDX;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  /* --- folding --- */

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.EntityWritten written -> {
        int slot = slots.slot(written.kind(), written.id());
        kind(written.kind()).write(slot, written.time(), written.metadata(), written.merged());
      }
      case Event.NumbersWritten written -> {
        int slot = slots.slot(written.kind(), written.id());
        if (slot >= 0) {
          kind(written.kind()).write(slot, written.time(), written.changes());
        }
      }
      case Event.EntityDeleted deleted -> {
        int slot = slots.slot(deleted.kind(), deleted.id());
        if (slot >= 0) {
          kind(deleted.kind()).delete(slot);
        }
      }
      case Event.SchemaChanged changed -> declare(Schema.parse(changed.canonical()));
      case Event.Blank blank -> {}
      case Event.SignalRecorded signal -> {}
      case Event.ProfileSaved profile -> {}
      case Event.ProfileDropped profile -> {}
      case RankingEvent ranking -> {}
      case Event.UserErased erased -> {
        int slot = slots.slot(EntityKind.USER, erased.user());
        if (slot >= 0) {
          kind(EntityKind.USER).delete(slot);
        }
      }
      case RelationEvent relation -> {}
      case CohortEvent cohort -> {}
      case CollectionEvent collection -> {}
      case SessionEvent session -> {}
      case VectorEvent vector -> {}
    }
  }

  @Override
  public void publish(long position) {
    for (var kind : kinds.values()) {
      kind.publish();
    }
  }

  private KindIndex kind(EntityKind kind) {
    var index = kinds.get(kind);
    if (index == null) {
      throw new IllegalStateException("no index of a kind: kind=" + kind);
    }
    return index;
  }

  private void declare(Schema schema) {
    for (var kind : kinds.values()) {
      for (var known : List.copyOf(kind.fields.values())) {
        var field = schema.field(kind.kind, known.name());
        if (field.isEmpty() || field.get().type() != known.column().type()) {
          gone.addAll(known.column().pages(known.address()));
          kind.fields.remove(known.name());
          headerDirty = true;
        }
      }
      for (var field : schema.fields(kind.kind)) {
        long freshNanos = field.fresh().map(Duration::toNanos).orElse(0L);
        var known = kind.fields.get(field.name());
        if (known == null) {
          index(kind, nextNumber, field.name(), field.type(), freshNanos);
        } else if (known.column() instanceof WordColumn words && words.freshNanos() != freshNanos) {
          words.fresh(freshNanos);
          headerDirty = true;
        }
      }
    }
  }

  private void index(KindIndex kind, int number, String name, FieldType type, long freshNanos) {
    var column = KindIndex.columnOf(type);
    if (column instanceof WordColumn words) {
      words.fresh(freshNanos);
    }
    if (column != null) {
      kind.fields.put(name, new Indexed(number, name, column));
      nextNumber = Math.max(nextNumber, number + 1);
      headerDirty = true;
    }
  }

  /* --- what the writer asks when it cuts a frame --- */

  /// Whether a slot's entity was written and not deleted, as the writer sees it. Writer only.
  public boolean live(EntityKind kind, int slot) {
    return slot >= 0 && kind(kind).firstTimes.has(slot);
  }

  /// The creator of an item, as the writer sees it. Writer only.
  public OptionalLong creator(int slot) {
    var field = kind(EntityKind.ITEM).fields.get("creator_id");
    return field != null && slot >= 0 && field.column() instanceof WordColumn ids && ids.has(slot)
        ? OptionalLong.of(ids.word(slot))
        : OptionalLong.empty();
  }

  /// How many entities of a kind are live. Any thread.
  public long liveCount(EntityKind kind) {
    return kind(kind).live.snapshot().count();
  }

  /// What queries read of one kind. Any thread.
  ///
  /// @param rows where whole titles stand
  /// @param at the moment that values must be fresh at, nanoseconds
  public EntityReader reader(EntityKind kind, EntityRows rows, long at) {
    return new IndexReader(kind(kind), slots, rows, at);
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    var frozen = new FrozenIndex();
    if (headerDirty || headerReturned || all) {
      headerReturned = false;
      byte[] header = header();
      frozen.add(HEADER, () -> header);
      frozen.whenAbandoned(() -> headerReturned = true);
      headerDirty = false;
    }
    for (var kind : kinds.values()) {
      kind.freeze(all, frozen);
    }
    List<PageKey> removed = new ArrayList<>();
    for (var key = gone.poll(); key != null; key = gone.poll()) {
      removed.add(key);
    }
    removed.forEach(key -> frozen.add(key, () -> new byte[0]));
    frozen.whenAbandoned(() -> gone.addAll(removed));
    return frozen;
  }

  private byte[] header() {
    List<byte[]> entries = new ArrayList<>();
    for (var kind : kinds.values()) {
      for (var field : kind.fields.values()) {
        byte[] name = field.name().getBytes(StandardCharsets.UTF_8);
        entries.add(
            ByteBuffer.allocate(13 + name.length)
                .putShort((short) field.number())
                .put((byte) kind.kind.code())
                .put((byte) field.column().type().code())
                .putLong(field.column() instanceof WordColumn words ? words.freshNanos() : 0)
                .put((byte) name.length)
                .put(name)
                .array());
      }
    }
    var out = ByteBuffer.allocate(4 + entries.stream().mapToInt(entry -> entry.length).sum());
    out.putShort((short) nextNumber).putShort((short) entries.size());
    entries.forEach(out::put);
    return out.array();
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(HEADER)) {
      loadHeader(content);
      return;
    }
    if (!headerLoaded) {
      if (waiting.put(key, content) != null) {
        throw new IllegalArgumentException("page loaded twice: key=" + key);
      }
      return;
    }
    if (key.type() == 0) {
      kind(EntityKind.ofCode(key.column() >>> 4)).load(key, content);
      return;
    }
    column(key).load(key, content);
  }

  private Column column(PageKey key) {
    return kinds.values().stream()
        .map(kind -> kind.fields.values())
        .flatMap(Collection::stream)
        .filter(field -> field.number() == key.type())
        .findFirst()
        .map(Indexed::column)
        .orElseThrow(() -> new IllegalArgumentException("page of an unknown field: key=" + key));
  }

  private void loadHeader(byte[] content) {
    if (headerLoaded) {
      throw new IllegalArgumentException("page loaded twice: key=" + HEADER);
    }
    for (var kind : kinds.values()) {
      kind.fields.clear();
    }
    var in = ByteBuffer.wrap(content);
    try {
      nextNumber = in.getShort() & 0xFFFF;
      int next = nextNumber;
      for (int count = in.getShort() & 0xFFFF; count > 0; count--) {
        int number = in.getShort() & 0xFFFF;
        var kind = kind(EntityKind.ofCode(in.get()));
        var type = FieldType.ofCode(in.get());
        long freshNanos = in.getLong();
        byte[] name = new byte[in.get() & 0xFF];
        in.get(name);
        index(kind, number, new String(name, StandardCharsets.UTF_8), type, freshNanos);
      }
      if (in.hasRemaining() || nextNumber != next) {
        throw new IllegalArgumentException("list of fields is damaged");
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("list of fields ends too early", e);
    }
    headerLoaded = true;
    headerDirty = false;
  }

  @Override
  public void loaded(long position) {
    if (!headerLoaded && !waiting.isEmpty()) {
      throw new IllegalArgumentException("the list of fields is missing");
    }
    waiting.forEach(this::load);
    waiting.clear();
    for (var kind : kinds.values()) {
      kind.loaded();
    }
    loadedPosition = position;
  }

  @Override
  public void clear() {
    Map<EntityKind, KindIndex> fresh = new EnumMap<>(EntityKind.class);
    for (var kind : EntityKind.values()) {
      fresh.put(kind, new KindIndex(kind));
    }
    kinds = fresh;
    nextNumber = 1;
    headerLoaded = false;
    loadedPosition = 0;
    waiting.clear();
    gone.clear();
    declare(Schema.empty());
    headerDirty = true;
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    for (var kind : kinds.values()) {
      var living = kind.live.snapshot().bitmap().toArray();
      Arrays.stream(living)
          .boxed()
          .sorted((a, b) -> Long.compareUnsigned(slots.id(kind.kind, a), slots.id(kind.kind, b)))
          .forEach(slot -> digest(kind, slot, sink));
    }
  }

  private void digest(KindIndex kind, int slot, StateSink sink) {
    var entry = sink.entry("index", kind.kind + " " + EntityId.of(slots.id(kind.kind, slot)));
    entry.value("first time", kind.firstTimes.word(slot));
    entry.value("title", kind.titles.get(slot));
    kind.fields.values().forEach(field -> field.column().digest(field.name(), slot, entry));
  }

  @Override
  public List<String> verify() {
    return kinds.values().stream().flatMap(kind -> kind.verify().stream()).toList();
  }
}
