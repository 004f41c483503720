package io.tidaldb.entity;

import static io.tidaldb.entity.Fold.deleted;
import static io.tidaldb.entity.Fold.item;
import static io.tidaldb.schema.EntityKind.CREATOR;
import static io.tidaldb.schema.EntityKind.ITEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.entity.EntityRowCodec.Row;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.Tag;
import io.tidaldb.testing.Schemas;
import io.tidaldb.testing.StateText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EntityRowsTest {

  private static final Schema VIDEO = Schemas.video();
  private static final Metadata EVERYTHING =
      Metadata.parse(
          VIDEO,
          ITEM,
          EntityId.of(1),
          Map.of(
              "title",
              "Hochwasser 🌊",
              "category",
              "",
              "tags",
              "a,b,ä",
              "episode",
              Long.MIN_VALUE,
              "price",
              Double.MIN_VALUE,
              "duration",
              "-1.5",
              "created_at",
              Long.toString(Long.MAX_VALUE),
              "subtitled",
              true,
              "creator_id",
              EntityId.of(-1),
              "note",
              "x".repeat(4_096)));

  private final Fold fold = new Fold();

  private Optional<Entity> read(long id) {
    return fold.rows.read(ITEM, EntityId.of(id));
  }

  @Test
  void aRowIsReadAsItWasWritten() {
    var times = new TreeMap<>(Map.of("price", Long.MAX_VALUE, "gone", 0L));
    var row = new Row(7, 1_000, Long.MAX_VALUE, new Image(EVERYTHING, 9, times));
    assertThat(EntityRowCodec.decode(EntityRowCodec.encode(row), "here")).isEqualTo(row);
    var empty = new Row(1, 0, 1, new Image(Metadata.empty(), 0, new TreeMap<>()));
    assertThat(EntityRowCodec.decode(EntityRowCodec.encode(empty), "here")).isEqualTo(empty);
  }

  @Test
  void anyFlippedBitAndAnyCutIsNoticed() {
    byte[] good =
        EntityRowCodec.encode(
            new Row(
                7,
                1_000,
                9,
                new Image(
                    Metadata.of(Map.of("tags", EVERYTHING.values().get("tags"))),
                    5,
                    new TreeMap<>(Map.of("price", 6L)))));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatExceptionOfType(CorruptionException.class)
          .isThrownBy(() -> EntityRowCodec.decode(bad, "ITEMS/1/META"))
          .withMessageContaining("file=ITEMS/1/META");
    }
    for (int size = 0; size < good.length; size++) {
      byte[] cut = Arrays.copyOf(good, size);
      assertThatExceptionOfType(CorruptionException.class)
          .isThrownBy(() -> EntityRowCodec.decode(cut, "here"));
    }
  }

  @Test
  void readersSeeWhatIsPublishedAndTheWriterSeesMore() {
    fold.apply(item(VIDEO, 100, 1, Map.of("note", "a")));
    assertThat(read(1)).isEmpty();
    assertThat(fold.rows.pending(ITEM, EntityId.of(1))).isPresent();
    fold.publish();
    assertThat(read(1)).isEqualTo(fold.rows.pending(ITEM, EntityId.of(1))).isPresent();
    fold.apply(deleted(1));
    assertThat(read(1)).isPresent();
    assertThat(fold.rows.pending(ITEM, EntityId.of(1))).isEmpty();
    fold.publish();
    assertThat(read(1)).isEmpty();
  }

  @Test
  void anOverwriteKeepsTheFirstPositionAndTime() {
    fold.fold(item(VIDEO, 100, 1, Map.of("note", "a")));
    fold.apply(item(VIDEO, 200, 1, Map.of("created_at", "50")));
    fold.fold(item(VIDEO, 300, 1, Map.of("note", "c")));
    var third = read(1).orElseThrow();
    assertThat(third.firstPosition()).isEqualTo(1);
    assertThat(third.lastPosition()).isEqualTo(3);
    assertThat(third.created()).isEqualTo(Timestamp.ofNanos(100));
    fold.fold(item(VIDEO, 400, 1, Map.of("created_at", "50")));
    assertThat(read(1).orElseThrow().created()).isEqualTo(Timestamp.ofNanos(50));
    fold.apply(deleted(1));
    fold.fold(item(VIDEO, 500, 1, Map.of()));
    var secondLife = read(1).orElseThrow();
    assertThat(secondLife.firstPosition()).isEqualTo(6);
    assertThat(secondLife.metadata()).isEqualTo(Metadata.empty());
  }

  @Test
  void theSameIdInTwoKindsIsTwoEntities() {
    fold.fold(item(VIDEO, 100, 1, Map.of()));
    assertThat(fold.rows.read(CREATOR, EntityId.of(1))).isEmpty();
  }

  @Test
  void entitiesComeInUnsignedOrderInPages() {
    var ids = List.of(0L, 1L, 255L, 256L, 257L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1L);
    ids.forEach(id -> fold.apply(item(VIDEO, 1, id, Map.of())));
    fold.publish();
    for (int limit = 1; limit <= ids.size() + 1; limit++) {
      List<Long> found = new ArrayList<>();
      Optional<EntityId> after = Optional.empty();
      while (true) {
        var page = fold.rows.entities(ITEM, after, limit);
        page.forEach(entity -> found.add(entity.id().value()));
        if (page.size() < limit) {
          break;
        }
        after = Optional.of(page.getLast().id());
      }
      assertThat(found).isEqualTo(ids);
    }
    assertThat(fold.rows.entities(ITEM, Optional.of(EntityId.of(2)), 1).getFirst().id().value())
        .isEqualTo(255);
  }

  @Test
  void thePositionStandsInTheBatchOfTheRows() {
    fold.fold(item(VIDEO, 1, 1, Map.of()));
    fold.apply(item(VIDEO, 1, 2, Map.of()));
    var reopened = new EntityRows(fold.storage);
    assertThat(reopened.loadedPosition()).isEqualTo(1);
    assertThat(reopened.read(ITEM, EntityId.of(2))).isEmpty();
    fold.publish();
    assertThat(new EntityRows(fold.storage).loadedPosition()).isEqualTo(2);
    assertThat(StateText.of(new EntityRows(fold.storage))).isEqualTo(StateText.of(fold.rows));
  }

  @Test
  void verifyFindsADamagedRow() {
    fold.fold(item(VIDEO, 1, 1, Map.of()));
    assertThat(fold.rows.verify()).isEmpty();
    fold.storage.put(Keyspace.ITEMS, Keys.row(1, Tag.META), new byte[40]);
    assertThat(fold.rows.verify()).hasSize(1);
  }
}
