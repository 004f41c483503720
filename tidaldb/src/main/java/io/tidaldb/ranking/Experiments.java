package io.tidaldb.ranking;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The view of saved experiments: folds [RankingEvent.ExperimentSaved] and
/// [RankingEvent.ExperimentDropped] into an [ExperimentCatalog].
///
/// Its pages are those of profiles ([ProfilePages]): a head with the name, and the JSON as version
/// 1.
///
/// **Threads.** The writer applies; it publishes an immutable catalog when it changed.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `catalog` | writer | volatile | volatile | an experiment saved later is not found |
/// | `dirty` | writer, checkpointer | concurrent set | concurrent set | a clean page is saved again |
public final class Experiments implements PageView {

  /// Names that there may be.
  static final int NAMES_MAX = 1_000;

  private static final int ONLY = 1;

  private final SortedMap<String, Saved> names = new TreeMap<>();
  private final Set<PageKey> dirty = ConcurrentHashMap.newKeySet();
  private final SortedMap<PageKey, byte[]> loading = new TreeMap<>();
  private volatile ExperimentCatalog catalog = ExperimentCatalog.empty();
  private boolean changed;
  private int nextNumber;
  private long loadedPosition;

  /// @param number names its pages
  private record Saved(int number, String json) {}

  /// All experiments as of the last published event. Any thread.
  public ExperimentCatalog catalog() {
    return catalog;
  }

  /// @throws LimitExceededException if an experiment of this name would be one too many. Writer
  ///   thread
  public void requireRoom(String name) {
    if (!names.containsKey(name) && names.size() >= NAMES_MAX) {
      throw new LimitExceededException("experiments", NAMES_MAX, names.size() + 1L, "");
    }
  }

  @Override
  public String name() {
    return "experiments";
  }

  @Override
  public Tag tag() {
    return Tag.EXPERIMENT;
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case RankingEvent.ExperimentSaved saved -> {
        var known = names.get(saved.name());
        put(saved.name(), new Saved(known == null ? nextNumber++ : known.number, saved.json()));
      }
      case RankingEvent.ExperimentDropped dropped -> {
        var known = names.remove(dropped.name());
        if (known != null) {
          touch(known);
        }
      }
      case RankingEvent.FeedbackPolicySaved _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          Event.Blank _,
          Event.SignalRecorded _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.EntityDeleted _,
          Event.SchemaChanged _,
          Event.UserErased _,
          RelationEvent _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  private void put(String name, Saved saved) {
    names.put(name, saved);
    touch(saved);
  }

  private void touch(Saved saved) {
    dirty.add(ProfilePages.head(saved.number));
    dirty.add(ProfilePages.version(saved.number, ONLY));
    changed = true;
  }

  @Override
  public void publish(long position) {
    if (changed) {
      changed = false;
      publishCatalog();
    }
  }

  private void publishCatalog() {
    var readable = new TreeMap<String, Experiment>();
    names.forEach(
        (name, saved) -> {
          var experiment = parse(saved.json);
          if (experiment != null) {
            readable.put(name, experiment);
          }
        });
    catalog = ExperimentCatalog.of(readable);
  }

  /// The experiment, or null if the text is none: folding never fails, [#verify] reports it.
  private static @Nullable Experiment parse(String json) {
    try {
      return ExperimentJson.fromJson(json);
    } catch (InvalidRequestException e) {
      return null;
    }
  }

  @Override
  public FrozenPages freeze(boolean all) {
    var keys = new TreeSet<>(dirty);
    dirty.removeAll(keys);
    var pages = new TreeMap<PageKey, byte[]>();
    keys.forEach(key -> pages.put(key, new byte[0]));
    names.forEach(
        (name, saved) -> {
          var head = ProfilePages.head(saved.number);
          if (all || pages.containsKey(head)) {
            pages.put(head, ProfilePages.encodeHead(name, ONLY));
            pages.put(
                ProfilePages.version(saved.number, ONLY), ProfilePages.encodeVersion(saved.json));
          }
        });
    return new ProfilePages(pages, dirty);
  }

  @Override
  public void load(PageKey key, byte[] content) {
    loading.put(key, content);
  }

  @Override
  public void loaded(long position) {
    loading.forEach(
        (key, content) -> {
          if (key.type() != 0) {
            return;
          }
          byte[] json = loading.get(ProfilePages.version(Math.toIntExact(key.page()), ONLY));
          if (json == null) {
            throw new IllegalArgumentException("experiment page without its text: " + key);
          }
          int number = Math.toIntExact(key.page());
          names.put(
              ProfilePages.decodeHead(content).name(),
              new Saved(number, ProfilePages.decodeVersion(json)));
          nextNumber = Math.max(nextNumber, number + 1);
        });
    if (loading.size() != 2 * names.size()) {
      throw new IllegalArgumentException(
          "experiment text without its head: pages=" + loading.size());
    }
    loading.clear();
    loadedPosition = position;
    publishCatalog();
  }

  @Override
  public void clear() {
    names.clear();
    dirty.clear();
    loading.clear();
    nextNumber = 0;
    loadedPosition = 0;
    changed = false;
    catalog = ExperimentCatalog.empty();
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void digest(StateSink sink) {
    names.forEach((name, saved) -> sink.entry("experiment", name).value("json", saved.json));
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<String>();
    names.forEach(
        (name, saved) -> {
          if (parse(saved.json) == null) {
            findings.add("experiment cannot be read: experiment=" + name);
          }
        });
    return findings;
  }
}
