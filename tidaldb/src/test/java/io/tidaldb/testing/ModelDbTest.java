package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What everything else is held against is held against numbers worked out by hand.
final class ModelDbTest {

  private static final EntityId A = EntityId.of(1);
  private static final EntityId B = EntityId.of(2);
  private static final EntityId C = EntityId.of(-3);
  private static final long NOW = Timestamp.of(Instant.parse("2026-01-01T00:30:00Z")).nanos();
  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final long DAY = 24 * HOUR;

  private final ModelDb model = new ModelDb(Schemas.video());

  private void signal(String name, EntityId item, Signal signal) {
    assertThat(model.apply(Write.signal(name, item, signal), NOW)).isTrue();
  }

  private void view(EntityId item, long time) {
    signal("view", item, Signal.anonymous().at(Timestamp.ofNanos(time)));
  }

  private void write(EntityId item, Map<String, ?> metadata) {
    assertThat(model.apply(Write.item(item, metadata), NOW)).isTrue();
  }

  private List<EntityId> order(Retrieve request) {
    return new ModelRanking(model, NOW)
        .order(request).stream().map(ModelRanking.Ranked::id).toList();
  }

  @Test
  void aValueHalvesAfterOneHalfLife() {
    view(A, NOW);
    view(A, NOW - 7 * DAY);
    view(A, NOW + HOUR);
    assertThat(model.decayScore(A, "view", NOW)).isCloseTo(2.5, within(1e-12));
    assertThat(model.decayScore(A, "view", NOW + 7 * DAY)).isCloseTo(1.25, within(1e-12));
    assertThat(model.newestTime()).isEqualTo(NOW);
  }

  @Test
  void aWindowHoldsWholeGranules() {
    view(A, NOW - 23 * HOUR - HOUR / 2);
    view(A, NOW - 23 * HOUR - HOUR / 2 - 1);
    view(A, NOW);
    assertThat(model.count(A, "view", Window.TWENTY_FOUR_HOURS, NOW)).isEqualTo(2);
    assertThat(model.count(A, "view", Window.ALL_TIME, NOW)).isEqualTo(3);
    assertThat(model.count(A, "view", Window.ONE_HOUR, NOW - 1)).isZero();
  }

  @Test
  void aKeyCountsOnceAndAUserIsReachedOnce() {
    var keyed = Write.signal("view", A, Signal.by(7).key(IdempotencyKey.of("k")));
    assertThat(model.apply(keyed, NOW)).isTrue();
    assertThat(model.apply(keyed, NOW)).isFalse();
    signal("view", A, Signal.by(7));
    signal("view", A, Signal.anonymous());
    assertThat(model.count(A, "view", Window.ONE_HOUR, NOW)).isEqualTo(3);
    assertThat(model.reach(A, "view", Window.ONE_HOUR, NOW)).isEqualTo(2);
    assertThat(model.operations()).hasSize(3);
  }

  @Test
  void deletingEndsALife() {
    write(A, Map.of("title", "a"));
    view(A, NOW);
    var copy = model.copy();
    assertThat(model.apply(Write.delete(EntityKind.ITEM, A, Optional.empty()), NOW)).isTrue();
    assertThat(model.apply(Write.delete(EntityKind.ITEM, A, Optional.empty()), NOW)).isFalse();
    assertThat(model.happenings(A, "view")).isEmpty();
    assertThat(copy.happenings(A, "view")).hasSize(1);
    assertThatThrownBy(
            () ->
                model.apply(
                    Write.update(EntityKind.ITEM, A, Map.of("title", "b"), Optional.empty()), NOW))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void ordersFollowTheirFormulas() {
    var created = Instant.parse("2025-12-31T22:30:00Z");
    for (var item : List.of(A, B, C)) {
      write(item, Map.of("created_at", created, "title", "T" + item));
    }
    signal("like", B, Signal.by(1));
    signal("like", B, Signal.by(2));
    signal("dislike", A, Signal.by(1));
    signal("share", C, Signal.by(1));
    view(A, NOW);
    view(B, NOW);
    assertThat(order(Retrieve.items().sortBy(Sort.MOST_LIKED))).containsExactly(B, A, C);
    assertThat(order(Retrieve.items().sortBy(Sort.TRENDING))).containsExactly(C, A, B);
    assertThat(order(Retrieve.items().sortBy(Sort.TOP_TODAY))).containsExactly(B, C, A);
    assertThat(order(Retrieve.items().sortBy(Sort.ALPHABETICAL_DESC))).containsExactly(B, C, A);
    assertThat(order(Retrieve.items().sortBy(Sort.SHORTEST))).containsExactly(A, B, C);
    var hot = new ModelRanking(model, NOW).order(Retrieve.items().sortBy(Sort.HOT));
    assertThat(hot.getFirst().id()).isEqualTo(B);
    assertThat(hot.getFirst().score()).isCloseTo(Math.log10(2) / Math.pow(4, 1.8), within(1e-15));
    double all = Math.sqrt(Math.sqrt(3));
    assertThat(new ModelRanking(model, NOW).trending(C, Window.TWENTY_FOUR_HOURS))
        .isCloseTo(0.5 * all / (1 + all), within(1e-15));
  }

  @Test
  void filtersReadAsTheyAreWritten() {
    write(A, Map.of("category", "Jazz", "price", 5, "tags", List.of("x", "y")));
    write(B, Map.of("subtitled", true, "duration", Duration.ofMinutes(5)));
    view(B, NOW);
    var filter = new ModelFilter(model, EntityKind.ITEM, NOW);
    assertThat(filter.fits(Filter.field("category").is("jazz"), A)).isTrue();
    assertThat(filter.fits(Filter.field("category").is("jazz"), B)).isFalse();
    assertThat(filter.fits(Filter.not(Filter.field("category").is("jazz")), B)).isTrue();
    assertThat(filter.fits(Filter.field("tags").hasAll("x", "Y"), A)).isTrue();
    assertThat(filter.fits(Filter.field("price").lessThan(5), A)).isFalse();
    assertThat(filter.fits(Filter.field("duration").between(300, 300), B)).isTrue();
    assertThat(filter.fits(Filter.field("subtitled").is(true), B)).isTrue();
    assertThat(filter.fits(Filter.signal("view").count(Window.ONE_HOUR).atLeast(1), B)).isTrue();
    assertThat(filter.fits(Filter.field("created").within(Duration.ofNanos(1)), B)).isTrue();
  }
}
