package io.tidaldb.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.testing.StateText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeenItemsTest {

  private static final int PLAY = 5;

  private final SlotMap slots = new SlotMap();
  private final SeenItems seen = new SeenItems(slots);
  private long position;

  private void fold(Event event) {
    position++;
    slots.apply(position, event);
    seen.apply(position, event);
    seen.publish(position);
    slots.retire(event);
  }

  private static Event schema() {
    var schema =
        new SchemaBuilder()
            .signal("play", EntityKind.ITEM, Decay.permanent())
            .means(Meaning.VIEW)
            .add()
            .build();
    return new Event.SchemaChanged(0, schema.canonical(), new TreeMap<>(Map.of("play", PLAY)));
  }

  private static Event signal(int type, long item, long user) {
    int flags = Event.SignalRecorded.USER | Event.SignalRecorded.FIRST_VIEW;
    return new Event.SignalRecorded(1, type, EntityKind.ITEM, item, 1, flags, user, 0, 0, null);
  }

  private boolean seen(long user, long item) {
    return seen.seen(slots.slot(EntityKind.USER, user), slots.slot(EntityKind.ITEM, item));
  }

  @Test
  void onlyViewsByAUserAreRemembered() {
    fold(signal(PLAY, 1, 9));
    assertThat(seen(9, 1)).isFalse();
    fold(schema());
    fold(signal(PLAY, 1, 9));
    fold(signal(0, 2, 9));
    fold(new Event.SignalRecorded(1, PLAY, EntityKind.ITEM, 3, 1, 0, 0, 0, 0, null));
    assertThat(seen(9, 1)).isTrue();
    assertThat(seen(9, 2)).isFalse();
    assertThat(seen(9, 3)).isFalse();
    assertThat(seen(0, 3)).isFalse();
    assertThat(seen.items(slots.slot(EntityKind.USER, 9)).toArray()).containsExactly(0);
  }

  @Test
  void aFrozenPageHoldsWhatWasFoldedBeforeIt() {
    fold(schema());
    fold(signal(PLAY, 1, 9));
    SortedMap<PageKey, byte[]> saved = new TreeMap<>();
    var frozen = seen.freeze(false);
    fold(signal(PLAY, 2, 9));
    StateText.take(frozen, saved);
    frozen.committed();

    assertThat(saved.get(new PageKey(0, 0, 0))).containsExactly(0, 1, 1);
    assertThat(seen(9, 2)).isTrue();
  }

  @Test
  void aViewThatIsNotTheFirstIsRememberedToo() {
    fold(schema());
    int flags = Event.SignalRecorded.USER;
    fold(new Event.SignalRecorded(1, PLAY, EntityKind.ITEM, 1, 1, flags, 9, 0, 0, null));
    assertThat(seen(9, 1)).isTrue();
  }

  @Test
  void aLaterLifeOfAnItemBeginsUnseen() {
    fold(schema());
    fold(signal(PLAY, 1, 9));
    fold(new Event.EntityDeleted(1, EntityKind.ITEM, 1, null));
    fold(new Event.EntityWritten(1, EntityKind.ITEM, 1, Metadata.empty(), null));
    assertThat(seen(9, 1)).isFalse();
  }

  @Test
  void savingAndLoadingAgreeWithAPlainModel() {
    long seed = Long.getLong("tidal.seed", 20_261_124);
    for (int round = 0; round < 5; round++) {
      check(new SplittableRandom(seed + round), "seed=" + (seed + round));
    }
  }

  private static void check(SplittableRandom random, String seed) {
    var test = new SeenItemsTest();
    test.fold(schema());
    // Slots of two chunks, and enough items for one user to get pages of its own, with bitmaps.
    for (int item = 0; item < 70_000; item++) {
      test.slots.apply(1, signal(0, item, 0));
    }
    Map<Long, Set<Long>> model = new HashMap<>();
    SortedMap<PageKey, byte[]> saved = new TreeMap<>();
    for (int step = 0; step < 20_000; step++) {
      // The lower, the more active.
      long user = random.nextInt(random.nextInt(20) + 1);
      long item = user == 0 ? random.nextInt(9_000) : random.nextInt(70_000);
      if (user == 0 || random.nextInt(10) == 0) {
        test.fold(signal(PLAY, item, user));
        model.computeIfAbsent(user, u -> new HashSet<>()).add(item);
      }
      if (random.nextInt(2_000) == 0) {
        var frozen = test.seen.freeze(random.nextInt(4) == 0);
        test.fold(signal(PLAY, 69_999, 19));
        model.computeIfAbsent(19L, u -> new HashSet<>()).add(69_999L);
        if (random.nextBoolean()) {
          StateText.take(frozen, saved);
          frozen.committed();
        } else {
          frozen.abandoned();
        }
      }
    }
    for (long item = 0; item < 9_000; item++) {
      test.fold(signal(PLAY, item, 0));
      model.computeIfAbsent(0L, u -> new HashSet<>()).add(item);
    }
    StateText.save(test.seen, false, saved);
    var loaded = new SeenItems(test.slots);
    StateText.load(loaded, saved, test.position);
    for (var view : new SeenItems[] {test.seen, loaded}) {
      model.forEach(
          (user, items) -> {
            int slot = test.slots.slot(EntityKind.USER, user);
            assertThat(view.items(slot).getCardinality()).as(seed).isEqualTo(items.size());
            for (long item : items) {
              assertThat(view.seen(slot, test.slots.slot(EntityKind.ITEM, item))).as(seed).isTrue();
            }
          });
      assertThat(view.verify()).as(seed).isEmpty();
    }
    assertThat(StateText.of(loaded)).as(seed).isEqualTo(StateText.of(test.seen));
    SortedMap<PageKey, byte[]> again = new TreeMap<>();
    StateText.save(loaded, true, again);
    assertThat(again.keySet()).as(seed).isEqualTo(saved.keySet());
    again.forEach((key, content) -> assertThat(content).as("%s", key).isEqualTo(saved.get(key)));
    assertThat(saved.values()).anyMatch(content -> content.length == 8_192);
  }

  @Test
  void pagesThatDoNotFitAreRefused() {
    for (int size : new int[] {0, 1, 3, 8_194}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> seen.load(new PageKey(0, 2, 0), new byte[size]));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> seen.load(new PageKey(0, 2, 0), new byte[] {0, 2, 0, 1}));
    for (byte[] group :
        new byte[][] {{64, 1, 1}, {0, 0}, {0, 2, 1}, {0, 1, 0}, {1, 1, 1, 0, 1, 1}}) {
      assertThatIllegalArgumentException().isThrownBy(() -> seen.load(new PageKey(0, 0, 0), group));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> seen.load(new PageKey(0, 1, 0), new byte[3]));
  }
}
