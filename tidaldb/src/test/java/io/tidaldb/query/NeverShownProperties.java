package io.tidaldb.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.ranking.RandomProfiles;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.LoadLevel;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Whatever is asked, in whatever order, page by page: exactly what the rules allow comes back.
final class NeverShownProperties {

  private static final EntityId ME = EntityId.of(42);

  @Test
  void pagesGiveExactlyWhatMayBeShown() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(25)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var world = FakeWorld.random(random, 5 + random.nextInt(60));
              world.level = RandomProfiles.pick(random, LoadLevel.values());
              var me = new FakeViewer();
              world.viewers.put(ME.value(), me);
              Set<Integer> rejected = new HashSet<>();
              fill(world, me, rejected, random);
              world.sessions.put(
                  1L, new FakeSession(42, false, List.of("sea"), Set.of(), rejected));
              for (var sort : Sort.values()) {
                check(world, request(random, sort), me, rejected);
              }
            });
  }

  private static void fill(
      FakeWorld world, FakeViewer me, Set<Integer> rejected, SplittableRandom random) {
    for (var item : world.items) {
      if (random.nextInt(6) == 0) {
        me.hidden.add(item.slot);
      }
      if (random.nextInt(6) == 0) {
        rejected.add(item.slot);
      }
    }
    for (long creator = 0; creator < 6; creator++) {
      if (random.nextInt(4) == 0) {
        me.blocked.add(creator);
      }
      if (random.nextInt(4) == 0) {
        me.muted.add(creator);
      }
    }
    // So many that items are looked at one by one.
    if (random.nextBoolean()) {
      for (long creator = 100; creator < 120; creator++) {
        me.blocked.add(creator);
        me.muted.add(creator);
      }
    }
  }

  private static Retrieve request(SplittableRandom random, Sort sort) {
    var request = Retrieve.items().forUser(ME).limit(1 + random.nextInt(20));
    if (random.nextInt(3) > 0) {
      request = request.sortBy(sort);
    }
    if (random.nextInt(3) == 0) {
      request = request.forCreator(EntityId.of(random.nextInt(6)));
    }
    if (random.nextInt(3) == 0) {
      request = request.forSession(SessionId.of(1));
    }
    return random.nextInt(4) == 0 ? request.filter(Filter.muted()) : request;
  }

  private static void check(
      FakeWorld world, Retrieve request, FakeViewer me, Set<Integer> rejected) {
    boolean keysOnly =
        request
            .sort()
            .filter(sort -> sort == Sort.LIVE_VIEWER_COUNT || sort == Sort.DATE_SAVED)
            .isPresent();
    boolean lastYear = request.sort().filter(Sort.TOP_YEAR::equals).isPresent();
    boolean gated = request.sort().isEmpty() && request.creator().isEmpty();
    var allowed =
        world.visible().stream()
            .filter(item -> mayBeShown(item, request, me, rejected))
            .map(item -> item.id)
            .collect(Collectors.toSet());
    var found = new HashSet<Long>();
    var page = world.ask(request);
    page.forEach(hit -> assertThat(found.add(hit.id().value())).isTrue());
    while (page.next().isPresent()) {
      page = world.ask(request.after(page.next().get()));
      page.forEach(hit -> assertThat(found.add(hit.id().value())).isTrue());
    }
    if (keysOnly || lastYear || gated) {
      assertThat(allowed).as("%s", request).containsAll(found);
    } else {
      assertThat(found).as("%s", request).isEqualTo(allowed);
    }
  }

  /// The rules as they are written, one item at a time.
  private static boolean mayBeShown(
      FakeItem item, Retrieve request, FakeViewer me, Set<Integer> rejected) {
    var creator = item.fields.get("creator_id") instanceof Long id ? id : null;
    if (me.hidden.contains(item.slot) || (creator != null && me.blocked.contains(creator))) {
      return false;
    }
    if (request.session().isPresent() && rejected.contains(item.slot)) {
      return false;
    }
    if (request.creator().filter(c -> creator == null || c.value() != creator).isPresent()) {
      return false;
    }
    boolean muted = creator != null && me.muted.contains(creator);
    if (request.filter().equals(Filter.muted())) {
      return muted;
    }
    return !muted || request.creator().isPresent();
  }
}
