package io.tidaldb.entity;

import static io.tidaldb.entity.Fold.deleted;
import static io.tidaldb.entity.Fold.item;
import static io.tidaldb.entity.Fold.schema;
import static io.tidaldb.schema.EntityKind.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidaldb.log.Event;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.StateText;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class EntityIndexTest {

  private static final Schema VIDEO = Schemas.video();

  private final Fold fold = new Fold();

  private List<Long> ids(RoaringBitmap slots) {
    return IntStream.of(slots.toArray()).mapToObj(slot -> fold.slots.id(ITEM, slot)).toList();
  }

  @Test
  void keywordsAreComparedAfterNfcAndLowerCase() {
    fold.fold(item(VIDEO, 1, 7, Map.of("category", "Cafe\u0301", "tags", "Live,live,4K")));
    assertThat(ids(fold.items().keyword("category", "CAFÉ"))).containsExactly(7L);
    assertThat(ids(fold.items().keyword("tags", "LIVE"))).containsExactly(7L);
    assertThat(ids(fold.items().keyword("tags", "4k"))).containsExactly(7L);
    assertThat(ids(fold.items().keyword("tags", "other"))).isEmpty();
  }

  @Test
  void nothingIsVisibleBeforeItIsPublished() {
    fold.apply(item(VIDEO, 1, 7, Map.of("category", "sea")));
    assertThat(fold.items().live().isEmpty()).isTrue();
    assertThat(fold.items().keyword("category", "sea").isEmpty()).isTrue();
    assertThat(fold.index.live(ITEM, fold.slot(7))).isTrue();
    fold.publish();
    assertThat(fold.items().liveCount()).isEqualTo(1);
    assertThat(ids(fold.items().keyword("category", "sea"))).containsExactly(7L);
  }

  @Test
  void aFieldDeclaredLaterKnowsWhatIsWrittenAfterwards() {
    fold.fold(item(Schema.empty(), 1, 1, Map.of("price", "5")));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> fold.items().numbers("price", 0, true, 9, true))
        .withMessageContaining("field=price")
        .withMessageContaining("declare it");
    fold.fold(schema(VIDEO));
    fold.fold(item(VIDEO, 2, 2, Map.of("price", "5")));
    assertThat(ids(fold.items().numbers("price", 0, true, 9, true))).containsExactly(2L);
    fold.fold(item(VIDEO, 3, 1, Map.of("price", "6")));
    assertThat(ids(fold.items().numbers("price", 0, true, 9, true))).containsExactly(1L, 2L);
  }

  @Test
  void aRetiredFieldGoesWithItsPages() {
    fold.fold(schema(VIDEO));
    fold.fold(item(VIDEO, 1, 1, Map.of("price", "5", "episode", 1)));
    SortedMap<PageKey, byte[]> saved = new TreeMap<>();
    StateText.save(fold.index, false, saved);
    int before = saved.size();
    var without =
        new SchemaBuilder().field(ITEM, "episode", FieldType.INTEGER).retire("price").build();
    fold.fold(schema(without));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> fold.items().present("price"));
    fold.index.freeze(false).abandoned();
    StateText.save(fold.index, false, saved);
    assertThat(saved).hasSize(before - 2);
    var reopened = new EntityIndex(fold.slots);
    StateText.load(reopened, saved, fold.position);
    assertThat(StateText.of(reopened)).isEqualTo(StateText.of(fold.index)).contains("episode");
  }

  @Test
  void aFieldOfAnotherTypeIsRefused() {
    fold.fold(schema(VIDEO));
    for (var field : List.of("price", "created_at", "subtitled", "creator_id", "absent", "title")) {
      assertThatExceptionOfType(InvalidRequestException.class)
          .as(field)
          .isThrownBy(() -> fold.items().keyword(field, "x"))
          .withMessageContaining("field=" + field);
    }
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> fold.items().times("price", 0, 1))
        .satisfies(e -> assertThat(e.code()).isEqualTo("FIELD_TYPE"));
  }

  @Test
  void createdIsCreatedAtElseTheFirstWrite() {
    fold.fold(item(VIDEO, 100, 1, Map.of()));
    fold.fold(item(VIDEO, 200, 2, Map.of("created_at", "50")));
    fold.fold(item(VIDEO, 300, 1, Map.of("category", "sea")));
    assertThat(fold.items().created(fold.slot(1))).isEqualTo(100);
    assertThat(fold.items().created(fold.slot(2))).isEqualTo(50);
    long[] created = new long[2];
    fold.items().created(new int[] {fold.slot(2), fold.slot(1)}, 2, created);
    assertThat(created).containsExactly(50, 100);
    assertThat(ids(fold.items().times("created", 50, 100))).containsExactly(2L);
    assertThat(ids(fold.items().times("created", 51, 101))).containsExactly(1L);
  }

  @Test
  void whatIsNotYetOrNoLongerAvailableIsLeftOut() {
    fold.apply(item(VIDEO, 1, 1, Map.of()));
    fold.apply(item(VIDEO, 1, 2, Map.of("available_from", "100")));
    fold.apply(item(VIDEO, 1, 3, Map.of("available_until", "100")));
    fold.apply(item(VIDEO, 1, 4, Map.of("available_from", "50", "available_until", "150")));
    fold.publish();
    assertThat(ids(fold.items().unavailable(0))).containsExactly(2L, 4L);
    assertThat(ids(fold.items().unavailable(99))).containsExactly(2L);
    assertThat(ids(fold.items().unavailable(100))).containsExactly(3L);
    assertThat(ids(fold.items().unavailable(150))).containsExactly(3L, 4L);
    assertThat(ids(fold.items().unavailable(Long.MAX_VALUE))).containsExactly(3L, 4L);
  }

  @Test
  void creatorsAreFoundByTheWriterAndByQueries() {
    fold.fold(item(VIDEO, 1, 1, Map.of("creator_id", "0")));
    fold.fold(item(VIDEO, 1, 2, Map.of()));
    assertThat(fold.index.creator(fold.slot(1))).hasValue(0);
    assertThat(fold.index.creator(fold.slot(2))).isEmpty();
    assertThat(fold.index.creator(-1)).isEmpty();
    assertThat(ids(fold.items().references("creator", 0))).containsExactly(1L);
    assertThat(ids(fold.items().present("creator_id"))).containsExactly(1L);
  }

  @Test
  void titlesAreOrderedWithoutMarksAndCase() {
    var titles =
        List.of("", "1984", "Abel", "ábelard the older", "Ángel", "Zürich", "яблоко", "🌊");
    for (int i = 0; i < titles.size(); i++) {
      fold.apply(item(VIDEO, 1, i, Map.of("title", titles.get(i))));
    }
    fold.publish();
    long[] prefixes = new long[titles.size()];
    fold.items()
        .titlePrefixes(IntStream.range(0, prefixes.length).toArray(), prefixes.length, prefixes);
    for (int i = 1; i < prefixes.length; i++) {
      assertThat(Long.compareUnsigned(prefixes[i - 1], prefixes[i])).as(titles.get(i)).isNegative();
    }
    assertThat(prefixes[0]).isZero();
    assertThat(fold.items().titleKey(fold.slot(4))).isEqualTo("angel");
    assertThat(fold.items().title(fold.slot(4))).isEqualTo("Ángel");
    fold.fold(deleted(4));
    fold.fold(item(VIDEO, 1, 9, Map.of()));
    assertThat(fold.items().title(fold.slot(9))).isEmpty();
  }

  @Test
  void kindsDoNotMix() {
    fold.fold(item(VIDEO, 1, 1, Map.of("language", "en")));
    assertThat(fold.index.reader(EntityKind.CREATOR, fold.rows, 1).live().isEmpty()).isTrue();
    assertThat(fold.index.reader(EntityKind.USER, fold.rows, 1).keyword("language", "en").isEmpty())
        .isTrue();
  }

  @Test
  void aSignalAloneMakesNothingAlive() {
    var signal = new Event.SignalRecorded(1, 0, ITEM, 1, 1.0, 0, 0, 0, 0, null);
    fold.fold(signal);
    assertThat(fold.slot(1)).isZero();
    assertThat(fold.items().isLive(0)).isFalse();
    fold.fold(deleted(1));
    assertThat(fold.items().liveCount()).isZero();
  }

  @Test
  void pagesThatDoNotFitAreRefused() {
    fold.fold(schema(VIDEO));
    fold.fold(item(VIDEO, 1, 1, Map.of("category", "sea", "price", 1.0)));
    SortedMap<PageKey, byte[]> saved = new TreeMap<>();
    StateText.save(fold.index, true, saved);
    for (var key : saved.keySet()) {
      SortedMap<PageKey, byte[]> cut = new TreeMap<>(saved);
      cut.put(key, new byte[] {1});
      assertThatIllegalArgumentException()
          .as("%s", key)
          .isThrownBy(() -> StateText.load(new EntityIndex(fold.slots), cut, 1));
    }
    SortedMap<PageKey, byte[]> headless = new TreeMap<>(saved);
    headless.remove(new PageKey(0, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StateText.load(new EntityIndex(fold.slots), headless, 1));
  }
}
