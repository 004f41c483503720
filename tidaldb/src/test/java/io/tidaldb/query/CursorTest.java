package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.ranking.Catalogs;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Cursors that come back changed, late, or at the wrong door.
class CursorTest {

  private final FakeWorld world = FakeWorld.random(new SplittableRandom(3), 60);
  private final Retrieve request = Retrieve.items().limit(10);

  private void refused(Retrieve asked, String code) {
    assertThatThrownBy(() -> world.ask(asked))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private String cursor() {
    return world.ask(request).next().orElseThrow();
  }

  @Test
  void anyAlteredCharacterIsNoticed() {
    var cursor = cursor();
    for (int i = 0; i < cursor.length(); i++) {
      char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
      refused(
          request.after(cursor.substring(0, i) + other + cursor.substring(i + 1)),
          "CURSOR_INVALID");
    }
  }

  @Test
  void aCutOrExtendedCursorIsNoticed() {
    var cursor = cursor();
    refused(request.after(""), "CURSOR_INVALID");
    refused(request.after("!"), "CURSOR_INVALID");
    refused(request.after(cursor + "A"), "CURSOR_INVALID");
    refused(request.after(cursor + "="), "CURSOR_INVALID");
    refused(request.after("A".repeat(32 * 1024 + 1)), "CURSOR_INVALID");
    for (int i = 0; i < cursor.length(); i++) {
      refused(request.after(cursor.substring(0, i)), "CURSOR_INVALID");
    }
  }

  @Test
  void aCursorOfAnotherRequestIsRefusedButTheLimitMayChange() {
    refused(request.sortBy(Sort.HOT).after(cursor()), "CURSOR_INVALID");
    refused(request.seed(1).after(cursor()), "CURSOR_INVALID");
    assertThat(world.ask(request.limit(3).after(cursor())).hits()).hasSize(3);
  }

  @Test
  void aCursorOfAnotherStoreIsRefused() {
    var other = StoreKey.of("another store's bytes".getBytes(StandardCharsets.UTF_8));
    var cursor =
        new QueryEngine(world, world)
            .retrieve(request, FakeWorld.NOW, other, LoadLevel.FULL)
            .next()
            .orElseThrow();
    refused(request.after(cursor), "CURSOR_INVALID");
  }

  @Test
  void aRankedCursorExpiresWithItsTime() {
    var cursor = cursor();
    world.earliest = FakeWorld.NOW + 1;
    refused(request.after(cursor), "CURSOR_EXPIRED");
  }

  @Test
  void aTimeThatIsTooEarlyIsRefusedAsSuchWithoutACursor() {
    world.earliest = FakeWorld.NOW + 1;
    refused(request.at(Timestamp.ofNanos(5)), "READ_TIME_TOO_EARLY");
  }

  @Test
  void aKeyOrderNeedsNoSignalsAndDoesNotExpire() {
    var newest = request.sortBy(Sort.NEW);
    var cursor = world.ask(newest).next().orElseThrow();
    world.earliest = Long.MAX_VALUE;
    assertThat(world.ask(newest.after(cursor)).hits()).isNotEmpty();
  }

  @Test
  void theProfileVersionOfTheFirstPageGoesOn() {
    var first = Profile.named("mine").term(new Feature.Decayed("view"), 1).build();
    var second = Profile.named("mine").term(new Feature.Decayed("view"), -1).build();
    world.profiles = Catalogs.with(first);
    var mine = request.profile("mine");
    var page = world.ask(mine);
    world.profiles = Catalogs.with(first, second);
    assertThat(world.ask(mine.after(page.next().orElseThrow())).stats().profile())
        .isEqualTo("mine@1");
    assertThat(world.ask(mine).stats().profile()).isEqualTo("mine@2");
    world.profiles = Catalogs.with();
    refused(mine.after(page.next().orElseThrow()), "CURSOR_EXPIRED");
  }

  @Test
  void aRankedOrderEndsAfterTwoThousandHits() {
    var large = FakeWorld.random(new SplittableRandom(4), 2_600);
    var asked = Retrieve.items().limit(1_000).sortBy(Sort.HOT);
    var first = large.ask(asked);
    assertThat(first.next().orElseThrow().length()).isLessThan(32 * 1024);
    var second = large.ask(asked.limit(999).after(first.next().orElseThrow()));
    assertThat(second.next().orElseThrow().length()).isLessThan(32 * 1024);
    var third = large.ask(asked.after(second.next().orElseThrow()));
    assertThat(third.hits()).hasSize(1);
    assertThat(third.hits().getFirst().rank()).isEqualTo(2_000);
    assertThat(third.next()).isEmpty();
    assertThat(third.warnings()).extracting(w -> w.code()).containsExactly("DEPTH");
  }

  @Test
  void aTitleTooLongForACursorIsLookedUp() {
    var titled = new FakeWorld();
    for (int i = 0; i < 6; i++) {
      titled.add(i, FakeWorld.NOW).fields.put("title", "t".repeat(20_000) + i);
    }
    var byTitle = Retrieve.items().sortBy(Sort.ALPHABETICAL_ASC).limit(2);
    var first = titled.ask(byTitle);
    var second = titled.ask(byTitle.after(first.next().orElseThrow()));
    assertThat(first.next().orElseThrow().length()).isLessThan(1_024);
    assertThat(second.hits()).extracting(h -> h.id().value()).containsExactly(2L, 3L);
    titled.items.get(1).live = false;
    assertThatThrownBy(() -> titled.ask(byTitle.after(first.next().orElseThrow())))
        .hasMessageContaining("begin at the first page");
  }

  @Test
  void anItemDeletedSinceThePageBeforeIsNotReturned() {
    var cursor = cursor();
    var coming = world.ask(request.after(cursor)).hits().getFirst().id();
    world.items.get(world.slots.get(coming.value())).live = false;
    assertThat(world.ask(request.after(cursor)).hits())
        .extracting(h -> h.id())
        .doesNotContain(coming);
  }
}
