package io.tidaldb.checkpoint;

import com.google.errorprone.annotations.Var;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.tidaldb.disk.Digest;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.log.PageView;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The generations of one store: finds the newest good one, writes the next one, removes what no
/// generation uses.
///
/// A checkpoint first writes the changed pages beside the old ones, where nothing refers to them,
/// and flushes; then one atomic batch brings manifest and meta and takes the oldest generation
/// away. So at every moment the newest or the one before it is whole. Manifest and removals must
/// fit into a batch (64 MiB), which they do up to a million pages.
///
/// A number is never used twice, not even that of a generation that failed: what a failure left
/// behind can never be taken for a page of a later generation.
///
/// **Threads.** Loading, writing and removing take turns. The figures may be read by any thread:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `good` | checkpointer, under the lock | volatile | volatile | the generations before the switch |
/// | `lastBytes` | checkpointer, under the lock | volatile | volatile | the checkpoint before |
public final class Checkpoints {

  private static final long REMOVAL_BATCH_BYTES = 4L << 20;

  private final StorageBackend backend;
  private final CrashInjector injector;

  /// At most two, newest first; the newest was loaded or written whole.
  private volatile List<Generation> good = List.of();

  private volatile long lastBytes;

  @GuardedBy("this")
  private final Set<Tag> pageTags = EnumSet.noneOf(Tag.class);

  @GuardedBy("this")
  private boolean isLoaded;

  @GuardedBy("this")
  private boolean hasLeftovers;

  @GuardedBy("this")
  private long nextGeneration = 1;

  /// @param injector called at the two checkpoint points
  public Checkpoints(StorageBackend backend, CrashInjector injector) {
    this.backend = backend;
    this.injector = injector;
  }

  /// What was found at open.
  ///
  /// @param meta the generation that the views now hold, or empty if they are empty
  /// @param refused why a newer generation, or any, was not used
  public record Loaded(Optional<CheckpointMeta> meta, List<String> refused) {
    public Loaded {
      refused = List.copyOf(refused);
    }
  }

  /// The changed pages of a view at the checkpoint's position.
  public record Frozen(PageView view, PageView.FrozenPages pages) {}

  /// The metas in the store that are what was written, newest first, at most two.
  public List<CheckpointMeta> generations() {
    List<CheckpointMeta> metas = new ArrayList<>();
    for (long number : Generation.numbers(backend)) {
      try {
        metas.add(Generation.readMeta(backend, number));
      } catch (CorruptionException e) {
        // Whoever loads or verifies reports it.
      }
    }
    return metas.size() > 2 ? List.copyOf(metas.subList(0, 2)) : metas;
  }

  /// Brings the views to the newest generation that is whole: meta, manifest and every page are
  /// what was written, and every view accepts its pages. Writes nothing.
  ///
  /// @param views all page views of the store, each behind those it asks when its pages are there
  ///   (slots first); empty again if no generation is good
  public synchronized Loaded loadNewest(List<PageView> views) {
    Map<Tag, PageView> byTag = new EnumMap<>(Tag.class);
    for (PageView view : views) {
      if (byTag.put(view.tag(), view) != null) {
        throw new IllegalStateException("two views of one tag: tag=" + view.tag());
      }
    }
    pageTags.clear();
    pageTags.addAll(byTag.keySet());
    List<String> refused = new ArrayList<>();
    List<Generation> found = new ArrayList<>();
    views.forEach(PageView::clear);
    for (long number : Generation.numbers(backend)) {
      nextGeneration = Math.max(nextGeneration, number + 1);
      try {
        var generation = Generation.read(backend, number);
        if (found.isEmpty()) {
          load(generation, byTag, views);
        }
        found.add(generation);
      } catch (CorruptionException e) {
        refused.add("generation=" + number + " refused: " + e.getMessage());
        if (found.isEmpty()) {
          views.forEach(PageView::clear);
        }
      }
    }
    good = List.copyOf(found);
    hasLeftovers = !refused.isEmpty();
    isLoaded = true;
    return new Loaded(found.stream().findFirst().map(Generation::meta), refused);
  }

  /// Saves the frozen pages as a new generation. On failure nothing has changed: the two
  /// generations are as they were, and the pages are dirty again.
  ///
  /// @param position the last position that the pages contain
  public synchronized CheckpointMeta write(
      long position, Timestamp time, Digest schemaFingerprint, List<Frozen> views) {
    try {
      CheckpointMeta meta = writeFrozen(position, time, schemaFingerprint, views);
      views.forEach(view -> view.pages().committed());
      return meta;
    } catch (Throwable e) {
      hasLeftovers = true;
      views.forEach(view -> view.pages().abandoned());
      throw e;
    }
  }

  /// The position up to which the log may be cut: that of the older of two good generations, or 0.
  public long safeCutPosition() {
    List<Generation> now = good;
    return now.size() < 2 ? 0 : now.getLast().meta().position();
  }

  /// Removes pages, manifests and metas that belong to no good generation: what a crash or a
  /// failure left behind, and refused generations.
  ///
  /// @return how many keys
  public synchronized int removeOrphans() {
    checkLoaded();
    // Metas first: a crash between two batches may leave pages without meta, never the reverse.
    int removed = removeOrphans(true) + removeOrphans(false);
    hasLeftovers = false;
    return removed;
  }

  /// Reads every generation whole; returns what is wrong, in words.
  public List<String> verify() {
    List<String> wrong = new ArrayList<>();
    for (long number : Generation.numbers(backend)) {
      try {
        Generation.read(backend, number).readPages(backend, tag -> (key, content) -> {});
      } catch (CorruptionException e) {
        wrong.add(String.valueOf(e.getMessage()));
      }
    }
    return wrong;
  }

  /// The newest good generation, if there is one.
  public Optional<CheckpointMeta> newest() {
    return good.stream().findFirst().map(Generation::meta);
  }

  /// Pages of the newest good generation.
  public long pageCount() {
    return newest().map(CheckpointMeta::pages).orElse(0L);
  }

  /// Bytes that the last checkpoint of this process wrote: pages, manifest, meta.
  public long lastBytes() {
    return lastBytes;
  }

  private void load(Generation generation, Map<Tag, PageView> byTag, List<PageView> views) {
    generation.readPages(
        backend,
        tag -> {
          PageView view = byTag.get(tag);
          if (view == null) {
            throw new IllegalArgumentException("no view has this tag: tag=" + tag);
          }
          return view::load;
        });
    for (PageView view : views) {
      try {
        view.loaded(generation.meta().position());
      } catch (IllegalArgumentException e) {
        throw Generation.corrupt(
            "pages do not fit together: view=" + view.name(),
            generation.meta().generation(),
            "the view's state",
            String.valueOf(e.getMessage()));
      }
    }
  }

  @GuardedBy("this")
  private CheckpointMeta writeFrozen(
      long position, Timestamp time, Digest schemaFingerprint, List<Frozen> views) {
    checkLoaded();
    if (hasLeftovers) {
      var _ = removeOrphans();
    }
    List<Generation> before = good;
    if (!before.isEmpty() && position < before.getFirst().meta().position()) {
      throw new IllegalStateException(
          "a checkpoint never goes back: position="
              + position
              + " newest="
              + before.getFirst().meta().position());
    }
    long number = nextGeneration++;
    var shadow = new Shadow(backend, number);
    views.stream()
        .sorted(Comparator.comparingInt(view -> view.view().tag().code()))
        .forEach(view -> shadow.add(view.view().tag(), view.pages()));
    Manifest changes = shadow.finish();
    injector.reached(CrashPoint.CHECKPOINT_PRE_FLUSH);
    backend.flush();

    Manifest manifest =
        before.isEmpty()
            ? Manifest.EMPTY.with(changes)
            : before.getFirst().manifest().with(changes);
    var meta =
        new CheckpointMeta(
            time,
            position,
            number,
            manifest.count(),
            manifest.pageBytes(),
            manifest.hash(),
            schemaFingerprint);
    var generation = new Generation(meta, manifest);
    var batch = new WriteBatch();
    generation.put(batch);
    lastBytes = shadow.bytes() + batch.sizeBytes();
    if (before.size() == 2) {
      before.getLast().delete(batch, before.getFirst().manifest());
    }
    backend.writeBatch(batch);
    backend.flush();
    good = before.isEmpty() ? List.of(generation) : List.of(generation, before.getFirst());
    injector.reached(CrashPoint.CHECKPOINT_POST_FLUSH);
    return meta;
  }

  @GuardedBy("this")
  private int removeOrphans(boolean metas) {
    @Var int removed = 0;
    @Var var batch = new WriteBatch();
    try (var cursor = backend.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (!isOrphan(key) || metas != isMeta(key)) {
          continue;
        }
        batch.delete(Keyspace.SYSTEM, key);
        removed++;
        if (batch.sizeBytes() >= REMOVAL_BATCH_BYTES) {
          backend.writeBatch(batch);
          batch = new WriteBatch();
        }
      }
    }
    if (batch.count() > 0) {
      backend.writeBatch(batch);
    }
    return removed;
  }

  private static boolean isMeta(byte[] key) {
    return Keys.tag(key) == Tag.CKPT && Generation.isMeta(key);
  }

  @GuardedBy("this")
  private boolean isOrphan(byte[] key) {
    if (key.length != Keys.PAGE_BYTES) {
      return false;
    }
    Tag tag = Keys.tag(key);
    if (tag == Tag.CKPT) {
      return good.stream().noneMatch(generation -> generation.owns(key));
    }
    return pageTags.contains(tag)
        && good.stream().noneMatch(generation -> generation.manifest().uses(key));
  }

  @GuardedBy("this")
  private void checkLoaded() {
    if (!isLoaded) {
      throw new IllegalStateException("the generations in the store are not known: load first");
    }
  }
}
