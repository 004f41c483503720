package io.tidaldb.ranking;

import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// Every profile at one position: built-in and saved, by name and version. Immutable.
public final class ProfileCatalog {

  private static final Map<String, Profile> BUILT_IN = builtIn();
  private static final ProfileCatalog EMPTY = new ProfileCatalog(new TreeMap<>());

  private final SortedMap<String, SortedMap<Integer, Profile>> saved;

  private ProfileCatalog(SortedMap<String, SortedMap<Integer, Profile>> saved) {
    this.saved = saved;
  }

  private static Map<String, Profile> builtIn() {
    var profiles = new TreeMap<String, Profile>();
    BuiltInProfiles.all().forEach(p -> profiles.put(p.name(), p));
    return Collections.unmodifiableMap(profiles);
  }

  /// The built-in profiles alone.
  public static ProfileCatalog builtInOnly() {
    return EMPTY;
  }

  /// The built-in profiles and these.
  static ProfileCatalog of(SortedMap<String, SortedMap<Integer, Profile>> saved) {
    return new ProfileCatalog(saved);
  }

  /// Whether the name is reserved: its version 1 is built in.
  public static boolean isBuiltIn(String name) {
    return BUILT_IN.containsKey(name);
  }

  /// The profile of this name.
  ///
  /// @param version empty for the newest
  /// @throws NotFoundException if there is none; it suggests names and versions that exist
  public Profile find(String name, OptionalInt version) {
    var versions = versions(name);
    if (versions.isEmpty()) {
      throw new NotFoundException(
          "profile",
          name,
          NearNames.advice(name, names(), "save it, or ask for one of the built-in ones"));
    }
    if (version.isEmpty()) {
      return versions.lastEntry().getValue();
    }
    var profile = versions.get(version.getAsInt());
    if (profile == null) {
      throw new NotFoundException(
          "profile", name + "@" + version.getAsInt(), "its versions are " + versions.keySet());
    }
    return profile;
  }

  /// The names of all profiles, sorted.
  public List<String> names() {
    var names = new java.util.TreeSet<>(saved.keySet());
    names.addAll(BUILT_IN.keySet());
    return List.copyOf(names);
  }

  /// All versions of a name, oldest first; none if it does not exist.
  public NavigableMap<Integer, Profile> versions(String name) {
    var versions = new TreeMap<Integer, Profile>();
    var builtIn = BUILT_IN.get(name);
    if (builtIn != null) {
      versions.put(1, builtIn);
    }
    versions.putAll(saved.getOrDefault(name, Collections.emptySortedMap()));
    return versions;
  }
}
