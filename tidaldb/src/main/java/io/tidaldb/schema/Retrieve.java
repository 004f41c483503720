package io.tidaldb.schema;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A request for a ranked page. Immutable with value equality; every call gives a new request.
///
/// @param kind what is retrieved: items
/// @param user for whom; what the user must not see is left out
/// @param session the running session of that user that it is asked in; alone it sets the user
/// @param cohort every signal is that of the cohort's members
/// @param creator only items of this creator
/// @param seeds what the hits shall be similar to, 1 … 10, nearest first; never hits themselves
/// @param seedVector a vector that the hits shall be near to, in the place of seeds
/// @param within a request whose hits alone may be returned; for the same user and time, limit up
///   to 10,000
/// @param profile the profile's name; empty for the first that fits: that named like `sort`,
///   `related` with seeds, `creator_page` with a creator, `cohort_trending` with a cohort,
///   `for_you` with a user, `trending`
/// @param profileVersion empty for the newest
/// @param experiment the experiment that assigns the profile, in the place of one
/// @param sources where candidates come from, at most 8, in the place of the profile's; none for
///   those
/// @param filter which entities may be returned
/// @param exclude entities that may not, at most 10,000
/// @param sort a fixed order in the place of the profile's score
/// @param window the window of windowed orders; empty for the profile's, else 24 h (most_…: all)
/// @param seed seeds shuffles; empty for a hash of user and day, 0 without user
/// @param diversity limits on how alike neighbours are, [Diversity#NONE] for none; empty for the
///   profile's
/// @param explore the share of hits that are drawn from what is new and hardly shown yet, 0 … 0.5;
///   empty for the profile's
/// @param caps how much may be sent to the user, [NotificationCaps#NONE] for any; empty for the
///   profile's
/// @param at the query's time; empty for now
/// @param ago how long before now the query's time is, negative for later; at most one of the two
/// @param surface a label for statistics, at most 64 characters
/// @param deadline after which what was found is ranked and returned, 1 ms … 60 s; empty for none
/// @param limit 1 … 1,000
/// @param cursor where the page starts, as a page before gave it
/// @param newerThan only what comes before the first page that gave this cursor; with the orders
///   `new` and `date_saved`, not with a cursor
public record Retrieve(
    EntityKind kind,
    Optional<EntityId> user,
    Optional<SessionId> session,
    Optional<String> cohort,
    Optional<EntityId> creator,
    List<EntityId> seeds,
    Optional<SeedVector> seedVector,
    Optional<Retrieve> within,
    Optional<String> profile,
    OptionalInt profileVersion,
    Optional<String> experiment,
    List<Source> sources,
    Filter filter,
    Set<EntityId> exclude,
    Optional<Sort> sort,
    Optional<Window> window,
    OptionalLong seed,
    Optional<Diversity> diversity,
    OptionalDouble explore,
    Optional<NotificationCaps> caps,
    Optional<Timestamp> at,
    Optional<Duration> ago,
    Optional<String> surface,
    Optional<Duration> deadline,
    int limit,
    Optional<String> cursor,
    Optional<String> newerThan)
    implements Query {

  /// The limit where none is given.
  public static final int LIMIT_DEFAULT = 50;

  public Retrieve {
    seeds = List.copyOf(new LinkedHashSet<>(seeds));
    sources = List.copyOf(sources);
    exclude = Collections.unmodifiableSet(new TreeSet<>(exclude));
    filter = filter.canonical();
    ago = ago.filter(span -> !span.isZero());
    // −0 is 0.
    explore = explore.isPresent() ? OptionalDouble.of(explore.getAsDouble() + 0.0) : explore;
  }

  /// A request for items: profile `trending`, no filter, limit 50.
  public static Retrieve items() {
    return new Draft(EntityKind.ITEM).build();
  }

  /// A request for creators.
  public static Retrieve creators() {
    return new Draft(EntityKind.CREATOR).build();
  }

  /// For this user; one of whom nothing is known is a cold user.
  public Retrieve forUser(EntityId newUser) {
    return with(draft -> draft.user = Optional.of(newUser));
  }

  /// For the user with this number, read as unsigned.
  public Retrieve forUser(long newUser) {
    return forUser(EntityId.of(newUser));
  }

  /// In this running session.
  public Retrieve forSession(SessionId newSession) {
    return with(draft -> draft.session = Optional.of(newSession));
  }

  /// By what this cohort's members do.
  public Retrieve forCohort(String newCohort) {
    return with(draft -> draft.cohort = Optional.of(newCohort));
  }

  /// Only items of this creator.
  public Retrieve forCreator(EntityId newCreator) {
    return with(draft -> draft.creator = Optional.of(newCreator));
  }

  /// Items like these.
  public Retrieve similarTo(EntityId... items) {
    return with(
        draft -> {
          draft.seeds = List.of(items);
          draft.seedVector = Optional.empty();
        });
  }

  /// Items near this vector, in the slot `content`.
  public Retrieve similarTo(float[] vector) {
    return similarTo(vector, EmbeddingSlot.CONTENT);
  }

  /// Items near this vector, in this slot.
  public Retrieve similarTo(float[] vector, String slot) {
    return with(
        draft -> {
          draft.seeds = List.of();
          draft.seedVector = Optional.of(new SeedVector(slot, vector));
        });
  }

  /// What the users who engage with this item also engage with: profile `related`.
  public Retrieve relatedTo(EntityId item) {
    return similarTo(item).profile("related");
  }

  /// Only what this request would return, which has the user and the time of this one.
  public Retrieve within(Retrieve inner) {
    return with(draft -> draft.within = Optional.of(inner));
  }

  /// Ranked by the newest version of this profile.
  public Retrieve profile(String name) {
    return with(
        draft -> {
          draft.profile = Optional.of(name);
          draft.profileVersion = OptionalInt.empty();
          draft.experiment = Optional.empty();
        });
  }

  /// Ranked by this version of this profile.
  public Retrieve profile(String name, int version) {
    return with(
        draft -> {
          draft.profile = Optional.of(name);
          draft.profileVersion = OptionalInt.of(version);
          draft.experiment = Optional.empty();
        });
  }

  /// Ranked by the profile, or the two, that this experiment assigns; replaces a profile.
  public Retrieve experiment(String name) {
    return with(
        draft -> {
          draft.profile = Optional.empty();
          draft.profileVersion = OptionalInt.empty();
          draft.experiment = Optional.of(name);
        });
  }

  /// With candidates from here, in the place of the profile's sources.
  public Retrieve from(Source... newSources) {
    return with(draft -> draft.sources = List.of(newSources));
  }

  /// Only what fits; replaces an earlier filter.
  public Retrieve filter(Filter newFilter) {
    return with(draft -> draft.filter = newFilter);
  }

  /// Without these.
  public Retrieve exclude(Collection<EntityId> ids) {
    return with(draft -> draft.exclude = new TreeSet<>(ids));
  }

  /// In this order.
  public Retrieve sortBy(Sort newSort) {
    return with(draft -> draft.sort = Optional.of(newSort));
  }

  /// Windowed orders look at this window.
  public Retrieve window(Window newWindow) {
    return with(draft -> draft.window = Optional.of(newWindow));
  }

  /// Seeds shuffles.
  public Retrieve seed(long newSeed) {
    return with(draft -> draft.seed = OptionalLong.of(newSeed));
  }

  /// With these limits on how alike neighbours are, instead of the profile's; for example `d ->
  /// d.maxPerCreator(2)`.
  public Retrieve diversity(UnaryOperator<Diversity> limits) {
    return diversity(limits.apply(Diversity.NONE));
  }

  /// With these limits on how alike neighbours are, instead of the profile's.
  public Retrieve diversity(Diversity limits) {
    return with(draft -> draft.diversity = Optional.of(limits));
  }

  /// With this share of hits drawn from what is new and hardly shown yet, instead of the profile's;
  /// 0 for none.
  public Retrieve explore(double share) {
    return with(draft -> draft.explore = OptionalDouble.of(share));
  }

  /// With no more than may still be sent to the user, instead of the profile's caps.
  public Retrieve caps(NotificationCaps newCaps) {
    return with(draft -> draft.caps = Optional.of(newCaps));
  }

  /// As of this moment.
  public Retrieve at(Timestamp time) {
    return with(
        draft -> {
          draft.at = Optional.of(time);
          draft.ago = Optional.empty();
        });
  }

  /// As of this moment.
  public Retrieve at(Instant time) {
    return at(Timestamp.of(time));
  }

  /// As of so long before now.
  public Retrieve ago(Duration span) {
    return with(
        draft -> {
          draft.at = Optional.empty();
          draft.ago = Optional.of(span);
        });
  }

  /// With this label in its statistics: where the page is shown.
  public Retrieve surface(String label) {
    return with(draft -> draft.surface = Optional.of(label));
  }

  /// With what was found until then.
  public Retrieve deadline(Duration span) {
    return with(draft -> draft.deadline = Optional.of(span));
  }

  /// However long it takes.
  public Retrieve withoutDeadline() {
    return deadline.isEmpty() ? this : with(draft -> draft.deadline = Optional.empty());
  }

  /// At most so many hits.
  public Retrieve limit(int newLimit) {
    return with(draft -> draft.limit = newLimit);
  }

  /// The page after the one that gave this cursor.
  public Retrieve after(String newCursor) {
    return with(draft -> draft.cursor = Optional.of(newCursor));
  }

  /// Only what comes before the first hit of the page that began what gave this cursor: what is new
  /// since. The page's own cursor goes on with the same request without `newerThan`.
  public Retrieve newerThan(String oldCursor) {
    return with(draft -> draft.newerThan = Optional.of(oldCursor));
  }

  /// Whatever was shown before.
  public Retrieve withoutNewerThan() {
    return newerThan.isEmpty() ? this : with(draft -> draft.newerThan = Optional.empty());
  }

  /// The request as canonical TidalQL; reading it gives an equal request.
  @Override
  public String toString() {
    return QueryText.write(this);
  }

  private Retrieve with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.build();
  }

  /// The fields of a request on their way from one to the next.
  private static final class Draft {
    private final EntityKind kind;
    private Optional<EntityId> user = Optional.empty();
    private Optional<SessionId> session = Optional.empty();
    private Optional<String> cohort = Optional.empty();
    private Optional<EntityId> creator = Optional.empty();
    private List<EntityId> seeds = List.of();
    private Optional<SeedVector> seedVector = Optional.empty();
    private Optional<Retrieve> within = Optional.empty();
    private Optional<String> profile = Optional.empty();
    private OptionalInt profileVersion = OptionalInt.empty();
    private Optional<String> experiment = Optional.empty();
    private List<Source> sources = List.of();
    private Filter filter = Filter.all();
    private Set<EntityId> exclude = Set.of();
    private Optional<Sort> sort = Optional.empty();
    private Optional<Window> window = Optional.empty();
    private OptionalLong seed = OptionalLong.empty();
    private Optional<Diversity> diversity = Optional.empty();
    private OptionalDouble explore = OptionalDouble.empty();
    private Optional<NotificationCaps> caps = Optional.empty();
    private Optional<Timestamp> at = Optional.empty();
    private Optional<Duration> ago = Optional.empty();
    private Optional<String> surface = Optional.empty();
    private Optional<Duration> deadline = Optional.empty();
    private int limit = LIMIT_DEFAULT;
    private Optional<String> cursor = Optional.empty();
    private Optional<String> newerThan = Optional.empty();

    Draft(EntityKind kind) {
      this.kind = kind;
    }

    Draft(Retrieve from) {
      kind = from.kind;
      user = from.user;
      session = from.session;
      cohort = from.cohort;
      creator = from.creator;
      seeds = from.seeds;
      seedVector = from.seedVector;
      within = from.within;
      profile = from.profile;
      profileVersion = from.profileVersion;
      experiment = from.experiment;
      sources = from.sources;
      filter = from.filter;
      exclude = from.exclude;
      sort = from.sort;
      window = from.window;
      seed = from.seed;
      diversity = from.diversity;
      explore = from.explore;
      caps = from.caps;
      at = from.at;
      ago = from.ago;
      surface = from.surface;
      deadline = from.deadline;
      limit = from.limit;
      cursor = from.cursor;
      newerThan = from.newerThan;
    }

    Retrieve build() {
      return new Retrieve(
          kind,
          user,
          session,
          cohort,
          creator,
          seeds,
          seedVector,
          within,
          profile,
          profileVersion,
          experiment,
          sources,
          filter,
          exclude,
          sort,
          window,
          seed,
          diversity,
          explore,
          caps,
          at,
          ago,
          surface,
          deadline,
          limit,
          cursor,
          newerThan);
    }
  }
}
