package io.tidaldb.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.StateText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Sessions saved as pages and rows, at any moment and however a checkpoint ended: the fold that
/// goes on from them gives what a fold of the whole log gives.
class SessionViewProperties {

  private static final int USERS = 3;
  private static final int ITEMS = 4;

  /// A view with the slots before it, over a backend that may be ahead.
  private static final class World {
    private final SlotMap slots = new SlotMap();
    private final InMemoryBackend backend;
    private final SessionView view;

    World(InMemoryBackend backend) {
      this.backend = backend;
      view = new SessionView(slots, backend);
    }

    void fold(long position, Event event) {
      slots.apply(position, event);
      view.apply(position, event);
      slots.retire(event);
    }

    void foldAll(List<Event> events, int from) {
      for (int i = from; i < events.size(); i++) {
        fold(i + 1, events.get(i));
        if (i % 3 == 2 || i + 1 == events.size()) {
          view.publish(i + 1);
        }
      }
    }
  }

  private static Event schema(long time, boolean withChat) {
    var builder =
        new SchemaBuilder()
            .signal("hide", EntityKind.ITEM, Decay.permanent())
            .add()
            .signal("play", EntityKind.ITEM, Decay.permanent())
            .add();
    if (withChat) {
      builder.sessionPolicy("chat", p -> p.auditEntries(2));
    }
    var ids = new TreeMap<>(Map.of("hide", 0, "play", 7));
    return new Event.SchemaChanged(time, builder.build().canonical(), ids);
  }

  /// A log as the writer would leave it, and sometimes as it would not: `apply` is total.
  private static List<Event> log(long seed) {
    var random = new SplittableRandom(seed);
    var log = new ArrayList<Event>();
    log.add(schema(1, true));
    long started = 0;
    boolean hasChat = true;
    int size = random.nextInt(1, 150);
    for (int i = 0; i < size; i++) {
      long time = 10L * (i + 1);
      long session = random.nextLong(started + 2);
      long user = session % USERS;
      log.add(
          switch (random.nextInt(24)) {
            case 0, 1, 2 ->
                new SessionEvent.SessionStarted(
                    time,
                    ++started % USERS,
                    started,
                    hasChat && started % 2 == 0 ? "chat" : "default",
                    "agent",
                    new TreeMap<>(Map.of("n", "" + i)),
                    null);
            case 3, 4, 5, 6 ->
                new SessionEvent.SessionAnnotated(
                    time, user, session, i % 2 == 0, EntityKind.ITEM, i % ITEMS, "said " + i, null);
            case 7, 8 ->
                new SessionEvent.SessionRefused(
                    time, user, session, 1 + i % 5, 1 + i % 3, i % 2 == 0 ? "" : "hide", i % ITEMS);
            case 9, 10 -> new SessionEvent.SessionClosed(time, user, session, 1 + i % 2, null);
            case 11 ->
                new SessionEvent.ArchiveCut(
                    time, i % 2 == 0 ? "chat" : "default", time - random.nextInt(300));
            case 12 -> i % 5 == 0 ? new Event.UserErased(time, user, null) : new Event.Blank(time);
            case 13 -> new Event.EntityDeleted(time, EntityKind.ITEM, i % ITEMS, null);
            case 14 -> {
              hasChat = random.nextBoolean();
              yield schema(time, hasChat);
            }
            default -> signal(time, session, user, i, random.nextInt(100));
          });
      if (random.nextInt(30) == 0) {
        // Enough for more than one page of signals.
        for (int n = 0; n < 300; n++) {
          log.add(signal(time, session, user, n, n));
        }
      }
    }
    return log;
  }

  private static Event signal(long time, long session, long user, int i, int weight) {
    return new Event.SignalRecorded(
        time,
        i % 3 == 0 ? 0 : 7,
        EntityKind.ITEM,
        i % ITEMS,
        weight,
        Event.SignalRecorded.SESSION
            | Event.SignalRecorded.USER
            | (i % 2 == 0 ? Event.SignalRecorded.CREATOR : 0),
        user,
        i % 2,
        session,
        null);
  }

  @Test
  void pagesAndRowsMeetWhereverTheyStand() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE - 1))
        .tries(150)
        .check(
            seed -> {
              var events = log(seed);
              var random = new SplittableRandom(~seed);
              var live = new World(new InMemoryBackend());
              SortedMap<PageKey, byte[]> pages = new TreeMap<>();
              SortedMap<PageKey, byte[]> slotPages = new TreeMap<>();
              int savedAt = 0;
              for (int i = 0; i < events.size(); i++) {
                live.fold(i + 1, events.get(i));
                boolean last = i + 1 == events.size();
                if (last || random.nextInt(4) == 0) {
                  live.view.publish(i + 1);
                  switch (random.nextInt(6)) {
                    case 0 -> {
                      StateText.save(live.view, random.nextBoolean(), pages);
                      StateText.save(live.slots, true, slotPages);
                      savedAt = i + 1;
                    }
                    case 1 -> live.view.freeze(false).abandoned();
                    default -> {}
                  }
                }
              }
              var fresh = new World(new InMemoryBackend());
              fresh.foldAll(events, 0);
              var expected = StateText.of(fresh.view);
              assertThat(StateText.of(live.view)).isEqualTo(expected);
              assertThat(live.view.verify()).isEmpty();

              // The backend is ahead of the pages by all that was folded since.
              var reopened = new World(live.backend);
              StateText.load(reopened.slots, slotPages, savedAt);
              StateText.load(reopened.view, pages, savedAt);
              assertThat(reopened.view.loadedPosition()).isEqualTo(savedAt);
              reopened.foldAll(events, savedAt);
              assertThat(StateText.of(reopened.view)).isEqualTo(expected);
              assertThat(reopened.view.verify()).isEmpty();

              SortedMap<PageKey, byte[]> again = new TreeMap<>();
              StateText.save(reopened.view, true, again);
              SortedMap<PageKey, byte[]> whole = new TreeMap<>();
              StateText.save(fresh.view, true, whole);
              assertThat(again).usingRecursiveComparison().isEqualTo(whole);
            });
  }

  @Test
  void damagedPagesAreRefused() {
    var world = new World(new InMemoryBackend());
    world.foldAll(
        List.of(
            schema(1, true),
            new SessionEvent.SessionStarted(2, 1, 1, "chat", "a", new TreeMap<>(), null),
            signal(3, 1, 1, 1, 1)),
        0);
    world.view.publish(3);
    SortedMap<PageKey, byte[]> pages = new TreeMap<>();
    StateText.save(world.view, true, pages);
    assertThat(pages).hasSize(4);
    for (var key : pages.keySet()) {
      var fewer = new TreeMap<>(pages);
      fewer.put(key, java.util.Arrays.copyOf(pages.get(key), pages.get(key).length - 1));
      assertThatThrownBy(() -> StateText.load(new World(new InMemoryBackend()).view, fewer, 3))
          .as("%s", key)
          .isInstanceOf(IllegalArgumentException.class);
    }
    var orphan = new TreeMap<>(pages);
    orphan.remove(new PageKey(1, 0, 0));
    assertThatThrownBy(() -> StateText.load(new World(new InMemoryBackend()).view, orphan, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new World(new InMemoryBackend()).view.load(new PageKey(1, 0, 3), new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aScopeSaysWhatTheSessionLeavesToQueries() {
    var world = new World(new InMemoryBackend());
    var more =
        new SchemaBuilder()
            .signal("play", EntityKind.ITEM, Decay.permanent())
            .means(io.tidaldb.schema.Meaning.VIEW)
            .add()
            .signal("hide", EntityKind.ITEM, Decay.permanent())
            .add()
            .sessionPolicy(
                "chat", p -> p.readScope(io.tidaldb.schema.SessionPolicy.ReadScope.SESSION))
            .build();
    world.foldAll(
        List.of(
            new Event.SchemaChanged(
                1, more.canonical(), new TreeMap<>(Map.of("hide", 0, "play", 7))),
            new SessionEvent.SessionStarted(2, 9, 1, "chat", "a", new TreeMap<>(), null),
            signal(3, 1, 9, 0, 1),
            signal(4, 1, 9, 1, 2),
            signal(5, 1, 9, 5, 4),
            new SessionEvent.SessionAnnotated(
                6, 9, 1, false, EntityKind.ITEM, 0, "more rock, less jazz", null)),
        0);
    var scope = world.view.scope(1, 7).orElseThrow();
    assertThat(scope.session()).isEqualTo(1);
    assertThat(scope.user()).isEqualTo(9);
    assertThat(scope.readScope()).isEqualTo(io.tidaldb.schema.SessionPolicy.ReadScope.SESSION);
    assertThat(scope.hints()).containsExactly("rock");
    int first = world.slots.slot(EntityKind.ITEM, 0);
    int second = world.slots.slot(EntityKind.ITEM, 1);
    assertThat(scope.rejected().toArray()).containsExactly(first);
    assertThat(scope.seen().toArray()).containsExactly(second);
    assertThat(scope.decayScore(7, second, 5))
        .isEqualTo(6.0, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(world.view.scope(1, Long.MAX_VALUE)).isEmpty();
    assertThat(world.view.scope(2, 7)).isEmpty();
  }

  @Test
  void onlyWhatIsDueIsLookedAt() {
    var order = new ExpiryOrder();
    Map<Long, Long> expiry = new TreeMap<>(Map.of(1L, 30L, 2L, 10L, 3L, 20L));
    expiry.forEach(order::add);
    assertThat(order.due(9, 10, expiry::get)).isEmpty();
    assertThat(order.due(20, 1, expiry::get)).containsExactly(2L);
    assertThat(order.due(20, 10, expiry::get)).containsExactly(2L, 3L);
    expiry.put(2L, 25L);
    assertThat(order.due(20, 10, expiry::get)).containsExactly(3L);
    expiry.put(3L, ExpiryOrder.ENDED);
    assertThat(order.due(40, 10, expiry::get)).containsExactly(2L, 1L);
  }
}
