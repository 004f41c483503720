package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ranking.Normalisers;
import io.tidaldb.ranking.Order;
import io.tidaldb.ranking.ProfileCatalog;
import io.tidaldb.ranking.Ranking;
import io.tidaldb.ranking.RankingScope;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A checked request with everything fixed that the stages need: time, profile, ranking, filter,
/// place to go on from. Owns the readers of the query.
record Plan(
    Retrieve request,
    Schema schema,
    Cursor.Seal requestHash,
    long at,
    long position,
    Profile profile,
    Ranking ranking,
    Normalisers normalisers,
    FilterPlan filter,
    @Nullable Cursor cursor,
    @Nullable Place after,
    Readers readers,
    List<Warning> warnings)
    implements AutoCloseable {

  /// Where a plan finds the views.
  record State(Slots slots, Sources sources) {}

  /// The readers of one query.
  record Readers(Slots slots, EntityReader items, LazySignals signals) {}

  /// Checks a request against the state and fixes its choices.
  static Plan of(Retrieve request, long now, StoreKey key, State state) {
    long position = state.sources().position();
    var hash = RequestHash.of(request);
    var cursor = request.cursor().map(text -> Cursor.decode(text, key, hash)).orElse(null);
    var profile = profile(request, cursor, state.sources().profiles());
    long at = cursor != null ? cursor.at() : request.at().map(Timestamp::nanos).orElse(now);
    var signals = new LazySignals(() -> state.sources().signals(at));
    try {
      return bind(new Draft(request, hash, at, position, profile, cursor), state, signals);
    } catch (RuntimeException e) {
      signals.close();
      throw e;
    }
  }

  private record Draft(
      Retrieve request,
      Cursor.Seal hash,
      long at,
      long position,
      Profile profile,
      @Nullable Cursor cursor) {}

  private static Plan bind(Draft draft, State state, LazySignals signals) {
    var request = draft.request;
    var schema = state.sources().schema();
    var items = state.sources().items();
    var warnings = new ArrayList<Warning>();
    var cursor = draft.cursor;
    var normalisers =
        cursor == null ? Normalisers.live() : Normalisers.pinned(cursor.normalisers());
    var scope =
        new RankingScope(
            schema,
            request.kind(),
            state.slots(),
            items,
            signals,
            draft.at,
            request.seed().orElse(0),
            request.window(),
            normalisers);
    var ranking =
        request.sort().isPresent() && request.profile().isPresent()
            ? Ranking.of(request.sort().get(), draft.profile, scope, warnings)
            : Ranking.of(draft.profile, scope, warnings);
    var filter =
        FilterPlan.of(
            request.filter(),
            new FilterScope(
                schema, request.kind(), state.slots(), items, signals, draft.at, warnings));
    warnUnused(request, draft.profile, warnings);
    return new Plan(
        request,
        schema,
        draft.hash,
        draft.at,
        draft.position,
        draft.profile,
        ranking,
        normalisers,
        filter,
        cursor,
        after(cursor, ranking.order(), request, state.slots(), items),
        new Readers(state.slots(), items, signals),
        warnings);
  }

  private static Profile profile(
      Retrieve request, @Nullable Cursor cursor, ProfileCatalog profiles) {
    if (cursor != null) {
      try {
        return profiles.find(cursor.profile(), OptionalInt.of(cursor.profileVersion()));
      } catch (NotFoundException e) {
        throw Cursor.expired(
            "the cursor's profile was dropped: profile="
                + cursor.profile()
                + "@"
                + cursor.profileVersion(),
            e);
      }
    }
    if (request.profile().isPresent()) {
      return profiles.find(request.profile().get(), request.profileVersion());
    }
    return profiles.find(request.sort().orElse(Sort.TRENDING).label(), OptionalInt.empty());
  }

  /// Key orders go on behind the last hit; ranked orders leave out what was returned.
  private static @Nullable Place after(
      @Nullable Cursor cursor, Order order, Retrieve request, Slots slots, EntityReader items) {
    if (cursor == null || !order.isKey()) {
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

  /// A window that nothing reads is no error, but not what the caller meant either.
  private static void warnUnused(Retrieve request, Profile profile, List<Warning> warnings) {
    if (request.window().isEmpty()
        || request.sort().or(profile::sort).filter(s -> !takesWindow(s)).isEmpty()) {
      return;
    }
    warnings.add(
        new Warning(
            "WINDOW_UNUSED",
            "window="
                + request.window().get().label()
                + " sort="
                + request.sort().or(profile::sort).get().label()));
  }

  private static boolean takesWindow(Sort sort) {
    return switch (sort) {
      case TRENDING, MOST_VIEWED, MOST_LIKED, MOST_COMMENTED, MOST_SHARED -> true;
      case NEW,
          OLD,
          HOT,
          RISING,
          CONTROVERSIAL,
          HIDDEN_GEMS,
          TOP_HOUR,
          TOP_TODAY,
          TOP_WEEK,
          TOP_MONTH,
          TOP_YEAR,
          TOP_ALL_TIME,
          SHORTEST,
          LONGEST,
          ALPHABETICAL_ASC,
          ALPHABETICAL_DESC,
          SHUFFLE,
          LIVE_VIEWER_COUNT ->
          false;
    };
  }

  /// The signal type with this number.
  java.util.Optional<io.tidaldb.schema.SignalType> schemaType(int id) {
    return schema.signals().stream().filter(t -> t.id().value() == id).findFirst();
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
