package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ranking.DrawWeights;
import io.tidaldb.ranking.Habits;
import io.tidaldb.ranking.Normalisers;
import io.tidaldb.ranking.Personal;
import io.tidaldb.ranking.Ranking;
import io.tidaldb.ranking.RankingScope;
import io.tidaldb.ranking.Warmth;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A checked request with everything fixed that the stages need: time, profile, ranking, filter,
/// people, place to go on from. Owns the readers of the query.
final class Plan implements AutoCloseable {

  /// Where a plan finds the views.
  record State(Slots slots, Sources sources, LoadLevel level) {}

  /// The readers of one query.
  record Readers(Slots slots, EntityReader items, LazySignals signals) {}

  private static final String FOR_YOU = "for_you";
  private static final int EVIDENCE_MAX = 50;

  private final Retrieve request;
  private final State state;
  private final Cursor.Seal requestHash;
  private final @Nullable Cursor cursor;
  private final long position;
  private final long at;
  private final Schema schema;
  private final People people;
  private final Optional<CohortScope> cohort;
  private final Readers readers;
  private final ProfileChoice choice;
  private final Optional<Within> within;
  private final int depthMax;
  private final Profile profile;
  private final int firstLimit;
  private final Mixing mixing;
  private final List<Warning> warnings = new ArrayList<>();
  private final Normalisers normalisers;
  private final RankingScope scope;
  private final Ranking ranking;
  private final Optional<DrawWeights> drawWeights;
  private final FilterPlan filter;
  private final NeverShown neverShown;
  private final Profile scored;
  private final Between part;
  private final Nearness nearness;
  private final Together together;

  /// Checks a request against the state and fixes its choices.
  static Plan of(Retrieve request, long now, StoreKey key, State state) {
    var hash = RequestHash.of(request);
    var cursor = request.cursor().map(text -> Cursor.decode(text, key, hash)).orElse(null);
    var session = request.session().map(id -> state.sources().session(id, now));
    session.ifPresent(found -> RequestRules.checkSession(request, found));
    var user = request.user().or(() -> session.map(found -> EntityId.of(found.user())));
    var newer = request.newerThan().map(text -> Cursor.decode(text, key, hash)).orElse(null);
    long at = cursor != null ? cursor.at() : RequestRules.at(request, now);
    var people = new People(state.sources(), user, session, at);
    var choice = ProfileChoice.of(request, people, cursor, at, state.sources());
    var normalisers =
        cursor == null ? Normalisers.live() : Normalisers.pinned(cursor.normalisers());
    // Sides that are interleaved have sizes of their own in the cursor.
    var sizes = choice.profiles().size() > 1 ? Normalisers.live() : normalisers;
    var inside = new From(hash, null, null, at, choice, sizes, Optional.empty(), Within.LIMIT_MAX);
    var within =
        request
            .within()
            .map(inner -> Within.inside(() -> within(inner, key, state, people, inside)));
    var from = new From(hash, cursor, newer, at, choice, normalisers, within, Cursor.DEPTH_MAX);
    return new Plan(request, state, people, from);
  }

  private static Within within(
      Retrieve inner, StoreKey key, State state, People people, From outer) {
    var choice = ProfileChoice.of(inner, people, null, outer.at, state.sources());
    Within.requireOne(choice);
    var from = outer.with(choice);
    try (var plan = new Plan(inner, state, people, from)) {
      return Within.run(plan, key);
    }
  }

  /// Where a plan begins.
  private record From(
      Cursor.Seal hash,
      @Nullable Cursor cursor,
      @Nullable Cursor newer,
      long at,
      ProfileChoice choice,
      Normalisers normalisers,
      Optional<Within> within,
      int depthMax) {

    From with(ProfileChoice other) {
      return new From(hash, cursor, newer, at, other, normalisers, within, depthMax);
    }
  }

  /// The plan of one of the profiles that are interleaved: as if it ranked alone, from the first
  /// page on.
  ///
  /// @param shared the sizes of the whole, of one side after the other
  Plan side(int variant, Normalisers shared) {
    var alone = new ProfileChoice(List.of(choice.profiles().get(variant)), choice.experiment());
    return new Plan(
        request.limit(firstLimit),
        state,
        people,
        new From(requestHash, null, null, at, alone, shared, within, Cursor.DEPTH_MAX));
  }

  private Plan(Retrieve request, State state, People people, From from) {
    this.request = request;
    this.state = state;
    this.people = people;
    this.requestHash = from.hash;
    this.cursor = from.cursor;
    this.at = from.at;
    this.position = state.sources().position();
    this.schema = state.sources().schema().over(request.kind());
    RequestRules.checkVector(request, schema);
    RequestRules.checkSources(request, people.user().isPresent(), schema);
    this.choice = from.choice;
    this.within = from.within;
    this.depthMax = from.depthMax;
    within.ifPresent(inner -> warnings.addAll(inner.warnings()));
    this.profile = choice.profiles().getFirst();
    this.firstLimit = cursor == null ? request.limit() : cursor.per();
    this.mixing = Mixing.of(request, profile, cursor);
    mixing.checkUser(people);
    this.cohort = request.cohort().map(state.sources()::cohort);
    this.together = new Together(state.sources(), state.slots(), request, people, at);
    this.nearness = new Nearness(state.sources(), state.slots(), request, people);
    var items = state.sources().entities(request.kind(), at);
    var signals =
        new LazySignals(
            () ->
                cohort
                    .map(c -> c.signals(at))
                    .orElseGet(() -> state.sources().signals(request.kind(), at)));
    this.readers = new Readers(state.slots(), items, signals);
    try {
      this.normalisers = from.normalisers;
      this.scored = scored();
      this.scope = rankingScope();
      RequestRules.checkOrder(request, sort());
      if (sort().filter(Sort.DATE_SAVED::equals).isPresent()) {
        var _ = people.viewerOf(Sort.DATE_SAVED);
      }
      this.ranking = bindRanking(profile, warnings);
      this.drawWeights = mixing.explores() ? Optional.of(new DrawWeights(scope)) : Optional.empty();
      this.filter =
          FilterPlan.of(
              request.filter(), profile.filter(), new FilterScope(scope.fine(), people, warnings));
      this.neverShown = new NeverShown(people, items, request, profile);
      RequestRules.checkNewer(request, sort(), choice.profiles().size());
      this.part =
          new Between(
              isRanked() ? null : after(cursor, request, state.slots(), items),
              from.newer == null ? null : from.newer.first());
    } catch (RuntimeException e) {
      signals.close();
      throw e;
    }
    neverShown.warn(warnings);
    UnusedWindow.warn(request, sort(), warnings);
  }

  private RankingScope rankingScope() {
    return new RankingScope(
        schema,
        request.kind(),
        readers.slots(),
        readers.items(),
        readers.signals(),
        new Creators(state.sources(), at),
        at,
        seed(),
        request.window(),
        normalisers,
        personal(),
        when -> FilterPlan.condition(when, new FilterScope(scope.fine(), people, warnings)),
        level().isAtLeast(LoadLevel.COARSE_AGGREGATES));
  }

  /// What shuffles and coins are drawn from.
  long seed() {
    return ProfileChoice.seed(request, people, at);
  }

  private Personal personal() {
    Optional<LongToDoubleFunction> affinity =
        people.memory().map(viewer -> (LongToDoubleFunction) viewer::affinity);
    boolean seeded =
        together.ofItems() && (!request.seeds().isEmpty() || people.memory().isPresent());
    return new Personal(
        affinity,
        seeded ? Optional.of(slot -> together.edges().share(slot)) : Optional.empty(),
        nearness.preferenceMatch(),
        nearness.similarity(),
        together.hasRecent()
            ? Optional.of(slot -> together.recentMatch().of(slot))
            : Optional.empty(),
        habits(),
        scored,
        scored.cold().isPresent() ? normalisers.next(this::warmth) : 0);
  }

  /// The fixed order of the hits, if a score does not give it; `personalized` is none unless
  /// `for_you` is one.
  Optional<Sort> sort() {
    double warmth = scope.personal().warmth();
    var own = request.sort().or(() -> Warmth.sort(profile, warmth));
    return own.filter(Sort.PERSONALIZED::equals).isPresent()
        ? Warmth.sort(scored, warmth).or(() -> own)
        : own;
  }

  /// Whose score it is: the profile's own, but for `personalized`, which is that of `for_you`. Its
  /// version is kept for the pages behind.
  private Profile scored() {
    if (request.sort().or(profile::sort).filter(Sort.PERSONALIZED::equals).isEmpty()) {
      return profile;
    }
    var catalog = state.sources().profiles();
    int version =
        (int) normalisers.next(() -> (double) catalog.find(FOR_YOU, OptionalInt.empty()).version());
    try {
      return RequestRules.checkScored(catalog.find(FOR_YOU, OptionalInt.of(version)));
    } catch (NotFoundException e) {
      throw Cursor.expired(
          "the cursor's profile was dropped: profile=" + FOR_YOU + "@" + version, e);
    }
  }

  private Optional<Habits> habits() {
    var fields =
        Stream.of("category", "tags")
            .filter(name -> schema.field(request.kind(), name).isPresent())
            .toList();
    return people
        .memory()
        .map(viewer -> new ViewerHabits(viewer, readers.items(), fields, this::interests, at));
  }

  /// How far the user is known: by what the preference was learnt from, else by positives.
  private double warmth() {
    double positives =
        people.memory().map(viewer -> viewer.positives(EVIDENCE_MAX).length).orElse(0);
    double preference = nearness.preference().map(Preference::evidence).orElse(0.0);
    return Warmth.of(Math.max(positives, preference));
  }

  /// Where candidates come from, as far as the user is known.
  List<Source> sources() {
    var own = request.sources();
    return Reduction.of(
        own.isEmpty() ? Warmth.sources(scored, scope.personal().warmth()) : own, level());
  }

  /// Creators whom the user follows.
  long[] followed() {
    return people.memory().map(Viewer::followed).orElse(new long[0]);
  }

  /// Creators whom the user engages with most.
  long[] closest(int count) {
    return people.memory().map(viewer -> viewer.closest(count)).orElse(new long[0]);
  }

  /// What the user is interested in.
  List<String> interests() {
    return people.memory().isEmpty()
        ? List.of()
        : people.user().map(state.sources()::interests).orElse(List.of());
  }

  private Ranking bindRanking(Profile by, List<Warning> told) {
    if (request.sort().isPresent() && request.profile().or(request::experiment).isPresent()) {
      return Ranking.of(request.sort().get(), by, scope, told);
    }
    var alone = Ranking.of(by, scope, told);
    boolean sorted = sort().filter(order -> order != Sort.PERSONALIZED).isPresent();
    return sorted || people.session().isEmpty()
        ? alone
        : Ranking.inSession(
            alone,
            new SessionWords(
                people.session().get().hints(), readers.items(), nearness.sessionMatch()));
  }

  /// Key orders go on behind the last hit; ranked orders leave out what was returned.
  private static @Nullable Place after(
      @Nullable Cursor cursor, Retrieve request, Slots slots, EntityReader items) {
    if (cursor == null) {
      return null;
    }
    if (!cursor.titleLeftOut()) {
      return cursor.last();
    }
    int slot = slots.slot(request.kind(), cursor.last().id());
    if (slot < 0) {
      throw Cursor.expired("the cursor's last hit is gone and its title too long to carry", null);
    }
    var title = new TitleText(items.titleKey(slot), items.title(slot));
    return new Place(cursor.last().key(), title, cursor.last().created(), cursor.last().id());
  }

  /// What the query knows of items that are engaged with together.
  Together together() {
    return together;
  }

  /// What the query knows of vectors.
  Nearness nearness() {
    return nearness;
  }

  Retrieve request() {
    return request;
  }

  Schema schema() {
    return schema;
  }

  Cursor.Seal requestHash() {
    return requestHash;
  }

  long at() {
    return at;
  }

  Timestamp stamp() {
    return Timestamp.ofNanos(at);
  }

  long position() {
    return position;
  }

  Profile profile() {
    return profile;
  }

  ProfileChoice choice() {
    return choice;
  }

  RankingScope scope() {
    return scope;
  }

  Ranking ranking() {
    return ranking;
  }

  /// Whether pages go on by what was returned; key orders go on behind a key, unless something
  /// makes another order of them.
  boolean isRanked() {
    return !ranking.order().isKey()
        || !mixing.isNone()
        || (!request.sources().isEmpty() && Candidates.applies(this, 0));
  }

  /// What makes another order of the hits than their scores, unless the load is too high.
  Mixing mixing() {
    return level().isAtLeast(LoadLevel.NO_DIVERSITY) ? mixing.skipped() : mixing;
  }

  /// How much the query may spend.
  LoadLevel level() {
    return state.level();
  }

  /// What exploration draws by, where the query explores.
  DrawWeights drawWeights() {
    return drawWeights.orElseThrow();
  }

  /// What counts as new and hardly shown.
  ExplorationLimits explorationLimits() {
    return state.sources().explorationLimits();
  }

  /// What may still be sent to the user; empty without caps.
  Optional<CapsLeft> caps() {
    return mixing.caps().isNone()
        ? Optional.empty()
        : people.viewer().map(viewer -> new CapsLeft(mixing.caps(), viewer, at));
  }

  /// Whom the query is for.
  People people() {
    return people;
  }

  /// The same ranking without the profile's gates.
  Ranking ungated() {
    return profile.gates().isEmpty()
        ? ranking
        : bindRanking(profile.withoutGates(), new ArrayList<>());
  }

  Normalisers normalisers() {
    return normalisers;
  }

  FilterPlan filter() {
    return filter;
  }

  NeverShown neverShown() {
    return neverShown;
  }

  Optional<CohortScope> cohort() {
    return cohort;
  }

  @Nullable Cursor cursor() {
    return cursor;
  }

  /// What of the order is asked for.
  Between part() {
    return part;
  }

  Readers readers() {
    return readers;
  }

  List<Warning> warnings() {
    return warnings;
  }

  /// The signal type with this number.
  Optional<SignalType> schemaType(int id) {
    return schema.signals().stream().filter(t -> t.id().value() == id).findFirst();
  }

  /// What the query inside this one leaves.
  Optional<Within> within() {
    return within;
  }

  /// How deep a ranked order goes.
  int depthMax() {
    return depthMax;
  }

  /// How many hits the first page was asked for.
  int firstLimit() {
    return firstLimit;
  }

  /// How many hits the pages before gave.
  int rankBefore() {
    return cursor == null ? 0 : cursor.rank();
  }

  @Override
  public void close() {
    readers.signals().close();
  }
}
