package io.tidaldb.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.Embedding;
import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.slot.Slots;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The view of vectors: one [VectorColumn] for each embedding slot, and one for the preferences of
/// users, which are learnt from the items' slot `content`.
///
/// A vector ends with its entity; a slot of an entity is one life, so a later life of the id begins
/// without. What an item's vector was when a signal came is what the user learns from: a later
/// vector teaches nothing backwards.
///
/// | Page | Type | Holds |
/// |---|---|---|
/// | 0 | 0 | the header, see [VectorHeader] |
/// | slot / vectors per page | number of the embedding slot | see [VectorCodec] |
///
/// **Threads.** The writer folds and publishes. Any thread reads what is published. The
/// checkpointer encodes pages that no longer change.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `columns` | writer | volatile | volatile | a slot declared later is not found |
/// | `publishedPosition` | writer | volatile, after the columns | volatile, before them | the columns are newer |
/// | `indexed`, `graph` | any | volatile | volatile | more changes are kept, everything is compared |
/// | `headerReturned`, `gone` | writer, checkpointer | volatile, concurrent | the same | – |
public final class VectorView implements PageView {

  private static final PageKey HEADER = new PageKey(0, 0, 0);

  private final Slots slots;
  private VectorHeader header = VectorHeader.none();
  private volatile SortedMap<Integer, VectorColumn> columns = new TreeMap<>();
  private @Nullable Learning learning;
  private boolean headerDirty = true;
  private volatile boolean headerReturned;
  private boolean headerLoaded;
  private long loadedPosition;
  private volatile long publishedPosition;
  private volatile long indexed;
  private volatile @Nullable VectorGraph graph;
  private final Map<PageKey, byte[]> waiting = new TreeMap<>();
  private final ConcurrentLinkedQueue<PageKey> gone = new ConcurrentLinkedQueue<>();

  /// No slots and no vectors.
  ///
  /// @param slots folded before this view sees an event
  public VectorView(Slots slots) {
    this.slots = slots;
  }

  @Override
  public String name() {
    return "vectors";
  }

  @Override
  public Tag tag() {
    return Tag.EMB;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public long countOf(long user) {
    var learnt = learning;
    return learnt != null && learnt.preferences().has(slots.slot(EntityKind.USER, user)) ? 1 : 0;
  }

  /* --- reading --- */

  /// The number that this store gave a declared slot; for users, the place of preferences. The
  /// writer, or with what is published.
  public OptionalInt number(EntityKind kind, String slot) {
    return columns.values().stream()
        .filter(column -> column.slot().kind() == kind && column.slot().name().equals(slot))
        .mapToInt(VectorColumn::number)
        .findFirst();
  }

  /// The vectors of a slot as published, or null if there is no such slot. Any thread.
  public @Nullable Vectors vectors(EntityKind kind, String slot) {
    var column = column(kind, slot);
    return column == null ? null : column.published();
  }

  /// A search over the vectors of a slot as published, or null if there is no such slot. Any
  /// thread.
  public @Nullable VectorSearch search(EntityKind kind, String slot) {
    var column = column(kind, slot);
    if (column == null) {
      return null;
    }
    // The vectors first: an index that is looked at later misses nothing of them.
    var vectors = column.published();
    var follower = graph;
    return follower == null
        ? new VectorSearch(vectors, column.number(), null, VectorSearch.Borders.MEASURED)
        : follower.search(vectors, column.number());
  }

  /// Searches go along this graph from now on. Once, before it is stepped.
  public void use(VectorGraph newGraph) {
    graph = newGraph;
  }

  /// The columns by number. Any thread.
  Collection<VectorColumn> columns() {
    return columns.values();
  }

  /// How many vectors the fullest column has that a graph could be over. Any thread.
  int largest() {
    return columns.values().stream()
        .filter(column -> column.slot().kind() != EntityKind.USER)
        .mapToInt(column -> column.published().count())
        .max()
        .orElse(0);
  }

  /// The position up to which readers see everything. Any thread.
  long publishedPosition() {
    return publishedPosition;
  }

  /// An index has everything up to a position: what changed before need not be remembered. Any
  /// thread.
  void indexed(long position) {
    indexed = position;
  }

  /// Every vector that an entity has, by slot, as published. Any thread.
  public SortedMap<String, Embedding> embeddings(EntityKind kind, long id) {
    var found = new TreeMap<String, Embedding>();
    int entity = slots.slot(kind, id);
    for (var column : columns.values()) {
      var row = column.slot().kind() == kind ? column.published().row(entity) : null;
      if (row != null) {
        found.put(
            column.slot().name(),
            new Embedding(row.vector(), row.position(), Timestamp.ofNanos(row.time())));
      }
    }
    return found;
  }

  /// What a user prefers, as published. Any thread.
  public Optional<Preference> preference(long user) {
    var vectors = vectors(EntityKind.USER, EmbeddingSlot.CONTENT);
    var row = vectors == null ? null : vectors.row(slots.slot(EntityKind.USER, user));
    return row == null
        ? Optional.empty()
        : Optional.of(new Preference(row.vector(), row.evidence()));
  }

  private @Nullable VectorColumn column(EntityKind kind, String slot) {
    for (var column : columns.values()) {
      if (column.slot().kind() == kind && column.slot().name().equals(slot)) {
        return column;
      }
    }
    return null;
  }

  /* --- folding --- */

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case VectorEvent.EmbeddingWritten written -> write(position, written);
      case Event.SignalRecorded signal -> {
        if (learning != null && signal.hasUser() && signal.kind() == EntityKind.ITEM) {
          learn(position, signal);
        }
      }
      case RelationEvent.RelationSet set -> {
        if (learning != null && set.type() == RelationType.FOLLOW && set.begins()) {
          follow(position, set);
        }
      }
      case Event.EntityDeleted deleted -> remove(position, deleted.kind(), deleted.id());
      case Event.UserErased erased -> remove(position, EntityKind.USER, erased.user());
      case Event.SchemaChanged changed -> declare(changed);
      case RankingEvent.FeedbackPolicySaved saved -> follow(saved);
      case Event.Blank _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent.ExperimentSaved _,
          RankingEvent.ExperimentDropped _,
          RelationEvent.RelationRemoved _,
          RelationEvent.StateCleared _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _ -> {}
    }
  }

  private void write(long position, VectorEvent.EmbeddingWritten written) {
    var column = columns.get(written.slot());
    if (column == null || column.slot().kind() != written.kind()) {
      return;
    }
    int entity = slots.slot(written.kind(), written.id());
    if (written.vector().length == 0) {
      column.remove(entity, position);
    } else if (written.vector().length != column.slot().dimensions()) {
      return;
    } else if (written.kind() != EntityKind.USER) {
      column.put(entity, new VectorRow(written.vector(), position, written.time(), 0));
    } else if (learning != null) {
      learning.write(entity, written.vector(), new Learning.Stamp(position, written.time()));
    }
  }

  private void learn(long position, Event.SignalRecorded signal) {
    var meaning = header.meanings().get(signal.type());
    var items = column(EntityKind.ITEM, EmbeddingSlot.CONTENT);
    if (learning == null || meaning == null || items == null) {
      return;
    }
    learning.signal(
        slots.slot(EntityKind.USER, signal.user()),
        meaning,
        signal.weight(),
        items,
        slots.slot(EntityKind.ITEM, signal.entity()),
        new Learning.Stamp(position, signal.time()));
  }

  private void follow(long position, RelationEvent.RelationSet set) {
    var creators = column(EntityKind.CREATOR, EmbeddingSlot.CONTENT);
    if (learning != null && creators != null && set.kind() == EntityKind.CREATOR) {
      learning.follow(
          slots.slot(EntityKind.USER, set.user()),
          creators,
          slots.slot(EntityKind.CREATOR, set.target()),
          new Learning.Stamp(position, set.time()));
    }
  }

  private void follow(RankingEvent.FeedbackPolicySaved saved) {
    var policy = FeedbackPolicyJson.parse(saved.json());
    if (policy != null) {
      use(header.with(policy));
      headerDirty = true;
    }
  }

  private void remove(long position, EntityKind kind, long id) {
    int entity = slots.slot(kind, id);
    for (var column : columns.values()) {
      if (column.slot().kind() == kind) {
        column.remove(entity, position);
      }
    }
  }

  private void declare(Event.SchemaChanged changed) {
    var schema = Schema.parse(changed.canonical()).withIds(changed.ids());
    var meanings = new TreeMap<Integer, Meaning>();
    for (var type : schema.signals()) {
      type.meaning().ifPresent(meaning -> meanings.put(type.id().value(), meaning));
    }
    use(header.with(schema.embeddingSlots(), meanings));
    headerDirty = true;
  }

  /// Keeps the columns that a header names, makes new ones, drops the others.
  private void use(VectorHeader newHeader) {
    var after = new TreeMap<Integer, VectorColumn>();
    newHeader
        .slots()
        .forEach(
            (number, slot) -> {
              var known = columns.get(number);
              after.put(number, known == null ? new VectorColumn(slot, number) : known);
            });
    columns.forEach(
        (number, column) -> {
          if (!after.containsKey(number)) {
            gone.addAll(column.keys());
          }
        });
    header = newHeader;
    columns = after;
    var preferences = column(EntityKind.USER, EmbeddingSlot.CONTENT);
    learning = preferences == null ? null : new Learning(preferences, header.policy());
  }

  @Override
  public void publish(long position) {
    for (var column : columns.values()) {
      column.publish(indexed);
    }
    publishedPosition = position;
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    var pages = new TreeMap<PageKey, Supplier<byte[]>>();
    List<Runnable> whenAbandoned = new ArrayList<>();
    List<PageKey> removed = new ArrayList<>();
    for (var key = gone.poll(); key != null; key = gone.poll()) {
      removed.add(key);
      pages.put(key, () -> new byte[0]);
    }
    whenAbandoned.add(() -> gone.addAll(removed));
    for (var column : columns.values()) {
      whenAbandoned.add(column.freeze(all, pages));
    }
    if (headerDirty || headerReturned || all) {
      headerDirty = false;
      headerReturned = false;
      byte[] content = header.encode();
      pages.put(HEADER, () -> content);
      whenAbandoned.add(() -> headerReturned = true);
    }
    return new FrozenVectors(pages, whenAbandoned);
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.equals(HEADER)) {
      use(VectorHeader.decode(content));
      headerLoaded = true;
      headerDirty = false;
    } else if (!headerLoaded) {
      waiting.put(key, content);
    } else {
      var column = columns.get(key.type());
      if (column == null) {
        throw new IllegalArgumentException("page of an unknown embedding slot: key=" + key);
      }
      column.load(key, content);
    }
  }

  @Override
  public void loaded(long position) {
    if (!headerLoaded && !waiting.isEmpty()) {
      throw new IllegalArgumentException("the header of vectors is missing");
    }
    waiting.forEach(this::load);
    waiting.clear();
    columns.values().forEach(column -> column.loaded(position));
    loadedPosition = position;
    publishedPosition = position;
  }

  @Override
  public void clear() {
    header = VectorHeader.none();
    columns = new TreeMap<>();
    learning = null;
    publishedPosition = 0;
    headerDirty = true;
    headerLoaded = false;
    loadedPosition = 0;
    waiting.clear();
    gone.clear();
  }

  /* --- checking --- */

  @Override
  public void digest(StateSink sink) {
    sink.entry("vectors", "header").value("text", new String(header.encode(), UTF_8));
    for (var column : columns.values()) {
      VectorChecks.digest(column.published(), slots, sink);
    }
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<String>();
    for (var column : columns.values()) {
      findings.addAll(VectorChecks.verify(column.published(), slots));
    }
    return findings;
  }
}
