package io.tidaldb.schema;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// A request for a ranked page. Immutable with value equality; every call gives a new request.
///
/// @param kind what is retrieved: items (creators come with personalisation)
/// @param profile the profile's name; empty for `trending`, or the profile named like `sort`
/// @param profileVersion empty for the newest
/// @param filter which entities may be returned
/// @param exclude entities that may not, at most 10,000
/// @param sort a fixed order in the place of the profile's score
/// @param window the window of windowed orders; empty for the profile's, else 24 h (most_…: all)
/// @param seed seeds shuffles; empty for 0
/// @param at the query's time; empty for now
/// @param limit 1 … 1,000
/// @param cursor where the page starts, as a page before gave it
public record Retrieve(
    EntityKind kind,
    Optional<String> profile,
    OptionalInt profileVersion,
    Filter filter,
    Set<EntityId> exclude,
    Optional<Sort> sort,
    Optional<Window> window,
    OptionalLong seed,
    Optional<Timestamp> at,
    int limit,
    Optional<String> cursor) {

  /// The limit where none is given.
  public static final int LIMIT_DEFAULT = 50;

  public Retrieve {
    exclude = Collections.unmodifiableSet(new TreeSet<>(exclude));
  }

  /// A request for items: profile `trending`, no filter, limit 50.
  public static Retrieve items() {
    return new Retrieve(
        EntityKind.ITEM,
        Optional.empty(),
        OptionalInt.empty(),
        Filter.all(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        LIMIT_DEFAULT,
        Optional.empty());
  }

  /// Ranked by the newest version of this profile.
  public Retrieve profile(String name) {
    return new Retrieve(
        kind,
        Optional.of(name),
        OptionalInt.empty(),
        filter,
        exclude,
        sort,
        window,
        seed,
        at,
        limit,
        cursor);
  }

  /// Ranked by this version of this profile.
  public Retrieve profile(String name, int version) {
    return new Retrieve(
        kind,
        Optional.of(name),
        OptionalInt.of(version),
        filter,
        exclude,
        sort,
        window,
        seed,
        at,
        limit,
        cursor);
  }

  /// Only what fits; replaces an earlier filter.
  public Retrieve filter(Filter newFilter) {
    return new Retrieve(
        kind, profile, profileVersion, newFilter, exclude, sort, window, seed, at, limit, cursor);
  }

  /// Without these.
  public Retrieve exclude(Collection<EntityId> ids) {
    return new Retrieve(
        kind,
        profile,
        profileVersion,
        filter,
        new TreeSet<>(ids),
        sort,
        window,
        seed,
        at,
        limit,
        cursor);
  }

  /// In this order.
  public Retrieve sortBy(Sort newSort) {
    return new Retrieve(
        kind,
        profile,
        profileVersion,
        filter,
        exclude,
        Optional.of(newSort),
        window,
        seed,
        at,
        limit,
        cursor);
  }

  /// Windowed orders look at this window.
  public Retrieve window(Window newWindow) {
    return new Retrieve(
        kind,
        profile,
        profileVersion,
        filter,
        exclude,
        sort,
        Optional.of(newWindow),
        seed,
        at,
        limit,
        cursor);
  }

  /// Seeds shuffles.
  public Retrieve seed(long newSeed) {
    return new Retrieve(
        kind,
        profile,
        profileVersion,
        filter,
        exclude,
        sort,
        window,
        OptionalLong.of(newSeed),
        at,
        limit,
        cursor);
  }

  /// As of this moment.
  public Retrieve at(Timestamp time) {
    return new Retrieve(
        kind,
        profile,
        profileVersion,
        filter,
        exclude,
        sort,
        window,
        seed,
        Optional.of(time),
        limit,
        cursor);
  }

  /// As of this moment.
  public Retrieve at(Instant time) {
    return at(Timestamp.of(time));
  }

  /// At most so many hits.
  public Retrieve limit(int newLimit) {
    return new Retrieve(
        kind, profile, profileVersion, filter, exclude, sort, window, seed, at, newLimit, cursor);
  }

  /// The page after the one that gave this cursor.
  public Retrieve after(String newCursor) {
    return new Retrieve(
        kind,
        profile,
        profileVersion,
        filter,
        exclude,
        sort,
        window,
        seed,
        at,
        limit,
        Optional.of(newCursor));
  }
}
