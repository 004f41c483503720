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
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The view of saved profiles: folds [Event.ProfileSaved] and [Event.ProfileDropped] into a
/// [ProfileCatalog].
///
/// A version is never given twice, not even after it was dropped: name@version means one function
/// for ever.
///
/// **Threads.** The writer applies; it publishes an immutable catalog when it changed.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `catalog` | writer | volatile | volatile | a profile saved later is not found |
/// | `dirty` | writer, checkpointer | concurrent set | concurrent set | a clean page is saved again |
public final class Profiles implements PageView {

  private final SortedMap<String, Name> names = new TreeMap<>();
  private final Set<PageKey> dirty = ConcurrentHashMap.newKeySet();
  private volatile ProfileCatalog catalog = ProfileCatalog.builtInOnly();
  private boolean changed;
  private int nextNumber;
  private long loadedPosition;

  /// What is known of one name.
  private static final class Name {
    final int number;
    int highest;
    final SortedMap<Integer, String> json = new TreeMap<>();

    Name(int number) {
      this.number = number;
    }
  }

  /// All profiles as of the last published event. Any thread.
  public ProfileCatalog catalog() {
    return catalog;
  }

  /// The version that a profile of this name gets if it is saved now. Writer thread.
  ///
  /// @throws LimitExceededException if there are too many names or versions
  public int nextVersion(String name) {
    var known = names.get(name);
    if (known == null && names.size() >= ProfileRules.NAMES_MAX) {
      throw new LimitExceededException(
          "profile_names", ProfileRules.NAMES_MAX, names.size() + 1L, "");
    }
    if (known != null && known.json.size() >= ProfileRules.VERSIONS_MAX) {
      throw new LimitExceededException(
          "profile_versions", ProfileRules.VERSIONS_MAX, known.json.size() + 1L, "profile=" + name);
    }
    return Math.max(known == null ? 0 : known.highest, ProfileCatalog.isBuiltIn(name) ? 1 : 0) + 1;
  }

  /// Checks that a version may be dropped. Writer thread.
  ///
  /// @throws NotFoundException if there is no such version
  /// @throws InvalidRequestException if it is built in
  public void requireDroppable(String name, int version) {
    if (version == 1 && ProfileCatalog.isBuiltIn(name)) {
      throw new InvalidRequestException(
          "PROFILE_BUILT_IN",
          "a built-in profile cannot be dropped: profile=" + name + "@1; save a version 2 instead");
    }
    var known = names.get(name);
    if (known == null || !known.json.containsKey(version)) {
      throw new NotFoundException("profile", name + "@" + version, "nothing was dropped");
    }
  }

  @Override
  public String name() {
    return "profiles";
  }

  @Override
  public Tag tag() {
    return Tag.PROFILE;
  }

  @Override
  @SuppressWarnings("StatementSwitchToExpressionSwitch")
  public void apply(long position, Event event) {
    switch (event) {
      case Event.ProfileSaved saved -> {
        var known = names.computeIfAbsent(saved.name(), n -> new Name(nextNumber++));
        known.json.put(saved.version(), saved.json());
        known.highest = Math.max(known.highest, saved.version());
        touch(known, saved.version());
      }
      case Event.ProfileDropped drop -> {
        var known = names.get(drop.name());
        if (known != null && known.json.remove(drop.version()) != null) {
          touch(known, drop.version());
        }
      }
      case Event.Blank b -> {}
      case Event.SignalRecorded s -> {}
      case Event.EntityWritten w -> {}
      case Event.NumbersWritten w -> {}
      case Event.EntityDeleted d -> {}
      case Event.SchemaChanged c -> {}
      case Event.UserErased erased -> {}
      case RelationEvent relation -> {}
      case CohortEvent cohort -> {}
      case CollectionEvent collection -> {}
      case SessionEvent session -> {}
      case VectorEvent vector -> {}
      case RankingEvent ranking -> {}
    }
  }

  private void touch(Name name, int version) {
    dirty.add(ProfilePages.head(name.number));
    dirty.add(ProfilePages.version(name.number, version));
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
    var saved = new TreeMap<String, SortedMap<Integer, Profile>>();
    names.forEach(
        (name, known) -> {
          var versions = new TreeMap<Integer, Profile>();
          known.json.forEach(
              (version, json) -> {
                var profile = parse(json);
                if (profile != null) {
                  versions.put(version, profile.withVersion(version));
                }
              });
          if (!versions.isEmpty()) {
            saved.put(name, Collections.unmodifiableSortedMap(versions));
          }
        });
    catalog = ProfileCatalog.of(saved);
  }

  /// The profile, or null if the text is none: folding never fails, [#verify] reports it.
  private static @Nullable Profile parse(String json) {
    try {
      return ProfileJson.fromJson(json);
    } catch (InvalidRequestException e) {
      return null;
    }
  }

  @Override
  public FrozenPages freeze(boolean all) {
    var keys = new java.util.TreeSet<>(dirty);
    dirty.removeAll(keys);
    var pages = new TreeMap<PageKey, byte[]>();
    keys.forEach(key -> pages.put(key, new byte[0]));
    names.forEach(
        (name, known) -> {
          var head = ProfilePages.head(known.number);
          if (all || pages.containsKey(head)) {
            pages.put(head, ProfilePages.encodeHead(name, known.highest));
          }
          known.json.forEach(
              (version, json) -> {
                var key = ProfilePages.version(known.number, version);
                if (all || pages.containsKey(key)) {
                  pages.put(key, ProfilePages.encodeVersion(json));
                }
              });
        });
    return new ProfilePages(pages, dirty);
  }

  private final SortedMap<PageKey, byte[]> loading = new TreeMap<>();

  @Override
  public void load(PageKey key, byte[] content) {
    loading.put(key, content);
  }

  @Override
  public void loaded(long position) {
    var byNumber = new TreeMap<Long, Name>();
    // In key order a name's head comes before its versions.
    loading.forEach(
        (key, content) -> {
          if (key.type() == 0) {
            var head = ProfilePages.decodeHead(content);
            var known = new Name(Math.toIntExact(key.page()));
            known.highest = head.highest();
            names.put(head.name(), known);
            byNumber.put(key.page(), known);
            nextNumber = Math.max(nextNumber, known.number + 1);
            return;
          }
          var known = byNumber.get(key.page());
          if (known == null || key.type() > known.highest) {
            throw new IllegalArgumentException("profile page without its head: " + key);
          }
          known.json.put(key.type(), ProfilePages.decodeVersion(content));
        });
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
    catalog = ProfileCatalog.builtInOnly();
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void digest(StateSink sink) {
    names.forEach(
        (name, known) -> {
          sink.entry("profile", name).value("highest", known.highest);
          known.json.forEach(
              (version, json) -> sink.entry("profile", name + "@" + version).value("json", json));
        });
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<String>();
    names.forEach(
        (name, known) ->
            known.json.forEach(
                (version, json) -> {
                  if (parse(json) == null) {
                    findings.add("profile cannot be read: profile=" + name + "@" + version);
                  }
                }));
    return findings;
  }
}
