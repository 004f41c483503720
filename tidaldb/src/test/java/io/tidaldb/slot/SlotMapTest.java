package io.tidaldb.slot;

import static io.tidaldb.schema.EntityKind.CREATOR;
import static io.tidaldb.schema.EntityKind.ITEM;
import static io.tidaldb.schema.EntityKind.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SlotMapTest {

  private final SlotMap slots = new SlotMap();
  private long position;

  @Test
  void slotsRiseFromZeroInLogOrderWithinAKind() {
    apply(Events.written(ITEM, 70));
    apply(Events.written(ITEM, 60));
    apply(Events.written(USER, 60));
    apply(Events.written(ITEM, 70));
    apply(Events.signal(CREATOR, 5));

    assertThat(slots.slot(ITEM, 70)).isEqualTo(0);
    assertThat(slots.slot(ITEM, 60)).isEqualTo(1);
    assertThat(slots.slot(USER, 60)).isEqualTo(0);
    assertThat(slots.slot(CREATOR, 5)).isEqualTo(0);
    assertThat(slots.slot(CREATOR, 6)).isEqualTo(-1);
    assertThat(slots.id(ITEM, 1)).isEqualTo(60);
    assertThat(slots.count(ITEM)).isEqualTo(2);
    assertThatThrownBy(() -> slots.id(ITEM, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyoneWhomAnEventNamesHasASlot() {
    apply(Events.signal(1, 2, 3));
    apply(Events.itemOf(4, 5));

    assertThat(slots.slot(ITEM, 1)).isEqualTo(0);
    assertThat(slots.slot(USER, 2)).isEqualTo(0);
    assertThat(slots.slot(CREATOR, 3)).isEqualTo(0);
    assertThat(slots.slot(ITEM, 4)).isEqualTo(1);
    assertThat(slots.slot(CREATOR, 5)).isEqualTo(1);
    assertThat(slots.count(USER)).isEqualTo(1);
  }

  @Test
  void zeroAndTheLargestIdAreOrdinary() {
    apply(Events.written(ITEM, 0));
    apply(Events.written(ITEM, -1));

    assertThat(slots.slot(ITEM, 0)).isEqualTo(0);
    assertThat(slots.slot(ITEM, -1)).isEqualTo(1);
    assertThat(slots.id(ITEM, 1)).isEqualTo(-1);
  }

  @Test
  void aSlotIsOneLifeAndNeverUsedAgain() {
    apply(Events.written(ITEM, 9));
    Event deletion = Events.deleted(ITEM, 9);
    slots.apply(++position, deletion);
    assertThat(slots.slot(ITEM, 9)).as("until every view has seen it").isEqualTo(0);
    slots.retire(deletion);

    assertThat(slots.slot(ITEM, 9)).isEqualTo(-1);
    assertThat(slots.isDead(ITEM, 0)).isTrue();
    assertThat(slots.id(ITEM, 0)).isEqualTo(9);

    apply(Events.written(ITEM, 9));
    assertThat(slots.slot(ITEM, 9)).isEqualTo(1);
    assertThat(slots.isDead(ITEM, 1)).isFalse();
    assertThat(slots.verify()).isEmpty();
  }

  @Test
  void retiringAnEventThatIsNoDeletionChangesNothing() {
    apply(Events.written(ITEM, 9));
    slots.retire(Events.written(ITEM, 9));

    assertThat(slots.slot(ITEM, 9)).isEqualTo(0);
  }

  @Test
  void whatIsSavedIsRestoredAndSavedAgainWithTheSameBytes() {
    many();
    SortedMap<PageKey, byte[]> saved = save(slots.freeze(true));
    assertThat(saved.keySet())
        .containsExactly(
            new PageKey(0, ITEM.code(), 0),
            new PageKey(0, ITEM.code(), 1),
            new PageKey(0, USER.code(), 0),
            new PageKey(1, ITEM.code(), 0),
            new PageKey(2, ITEM.code(), 0));
    assertThat(saved.get(new PageKey(0, ITEM.code(), 0))).hasSize(16_384);

    var restored = restored(saved, 77);

    assertThat(restored.loadedPosition()).isEqualTo(77);
    assertThat(restored.count(ITEM)).isEqualTo(5001);
    assertThat(restored.slot(ITEM, 4_999 * 31L)).isEqualTo(4_999);
    assertThat(restored.slot(ITEM, 1_000 * 31L)).isEqualTo(5_000);
    assertThat(restored.isDead(ITEM, 1_000)).isTrue();
    assertThat(restored.verify()).isEmpty();
    assertThat(DigestText.of(restored)).isEqualTo(DigestText.of(slots));
    assertThat(restored.freeze(false).count()).isZero();
    var again = new SlotMap();
    saved.forEach(again::load);
    again.loaded(77);
    assertSame(save(again.freeze(true)), saved);
  }

  @Test
  void aFrozenPageIsSavedAsItWasAndOnlyChangesAreFrozenNext() {
    many();
    FrozenPages first = slots.freeze(false);
    apply(Events.written(ITEM, 888));
    var deletion = Events.deleted(ITEM, 0);
    apply(deletion);
    slots.retire(deletion);
    SortedMap<PageKey, byte[]> saved = save(first);
    first.committed();

    var restored = restored(saved, 1);
    assertThat(restored.slot(ITEM, 888)).isEqualTo(-1);
    assertThat(restored.slot(ITEM, 0)).isEqualTo(0);

    FrozenPages second = slots.freeze(false);
    assertThat(save(second).keySet())
        .containsExactly(new PageKey(0, ITEM.code(), 1), new PageKey(2, ITEM.code(), 0));
    second.abandoned();
    second.committed();
    FrozenPages third = slots.freeze(false);
    assertThat(third.count()).as("what was abandoned is dirty again").isEqualTo(2);
    saved.putAll(save(third));
    third.committed();
    assertThat(DigestText.of(restored(saved, 2))).isEqualTo(DigestText.of(slots));
    assertThat(slots.freeze(false).count()).isZero();
  }

  @Test
  void twoFreezesAtOnceAreRefused() {
    apply(Events.written(ITEM, 1));
    FrozenPages first = slots.freeze(false);

    assertThatThrownBy(() -> slots.freeze(false)).isInstanceOf(IllegalStateException.class);
    first.committed();
    slots.freeze(false).committed();
  }

  @Test
  void pagesThatDoNotFitTogetherAreRefused() {
    many();
    SortedMap<PageKey, byte[]> saved = save(slots.freeze(true));

    var hole = new TreeMap<>(saved);
    hole.remove(new PageKey(1, ITEM.code(), 0));
    assertRefused(hole);
    var cut = new TreeMap<>(saved);
    cut.put(new PageKey(1, ITEM.code(), 0), new byte[800]);
    assertRefused(cut);
    var odd = new TreeMap<>(saved);
    odd.put(new PageKey(2, ITEM.code(), 0), new byte[7]);
    assertRefused(odd);
    var twice = new TreeMap<>(saved);
    twice.put(new PageKey(1, ITEM.code(), 0), saved.get(new PageKey(0, ITEM.code(), 0)));
    assertRefused(twice);
    assertRefused(new TreeMap<>(java.util.Map.of(new PageKey(0, 4, 0), new byte[8])));
    assertRefused(new TreeMap<>(java.util.Map.of(new PageKey(0, 1, 2), new byte[8])));
    assertRefused(new TreeMap<>(java.util.Map.of(new PageKey(1L << 40, 1, 0), new byte[8])));
    assertRefused(new TreeMap<>(java.util.Map.of(new PageKey(-1, 1, 0), new byte[8])));
  }

  @Test
  void clearingForgetsEverything() {
    many();
    var unused = slots.freeze(false);
    slots.clear();

    assertThat(slots.count(ITEM)).isZero();
    assertThat(slots.slot(ITEM, 31)).isEqualTo(-1);
    assertThat(slots.freeze(true).count()).isZero();
    assertThat(unused.count()).isPositive();
  }

  /// 5,001 slots of items, one dead; one user.
  private void many() {
    for (int i = 0; i < 5_000; i++) {
      apply(Events.written(ITEM, i * 31L));
    }
    var deletion = Events.deleted(ITEM, 1_000 * 31L);
    apply(deletion);
    slots.retire(deletion);
    apply(Events.written(ITEM, 1_000 * 31L));
    apply(Events.written(USER, 7));
  }

  private void apply(Event event) {
    slots.apply(++position, event);
  }

  private static SlotMap restored(SortedMap<PageKey, byte[]> pages, long position) {
    var restored = new SlotMap();
    new ArrayList<>(pages.entrySet())
        .reversed()
        .forEach(page -> restored.load(page.getKey(), page.getValue()));
    restored.loaded(position);
    return restored;
  }

  private static void assertRefused(SortedMap<PageKey, byte[]> pages) {
    assertThatThrownBy(() -> restored(pages, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static SortedMap<PageKey, byte[]> save(FrozenPages frozen) {
    var saved = new TreeMap<PageKey, byte[]>();
    List<PageKey> order = new ArrayList<>();
    frozen.forEach(
        (key, content) -> {
          saved.put(key, content);
          order.add(key);
        });
    assertThat(order).isSorted().hasSize(frozen.count());
    return saved;
  }

  private static void assertSame(
      SortedMap<PageKey, byte[]> actual, SortedMap<PageKey, byte[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((key, content) -> assertThat(content).isEqualTo(expected.get(key)));
  }
}
