package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Neighbours that are unlike by their vectors, through the door.
final class MmrTest {

  private static final int ITEMS = 60;
  private static final Retrieve VIEWED = Retrieve.items().sortBy(Sort.MOST_VIEWED);

  /// Items 1 … 60, the lower the number the more views; twelve in a row point the same way, the
  /// last five nowhere.
  private static TidalDb filled(ManualClock clock) {
    var schema =
        new SchemaBuilder()
            .signal("view", EntityKind.ITEM, Decay.permanent())
            .windows(Window.ALL_TIME)
            .add()
            .embeddingSlot("content", 5)
            .build();
    var db = TidalDb.builder().ephemeral().schema(schema).clock(clock).open();
    for (int item = 1; item <= ITEMS; item++) {
      float[] vector = new float[5];
      vector[(item - 1) / 12] = 1;
      vector[item % 5] += 0.1f;
      var id = EntityId.of(item);
      var _ = item <= ITEMS - 5 ? db.writeItem(id, Map.of(), vector) : db.writeItem(id, Map.of());
      for (int i = item; i < ITEMS; i++) {
        var _ = db.signal("view", id, Signal.anonymous());
      }
    }
    return db;
  }

  private static List<Long> ids(Results results) {
    return results.hits().stream().map(Hit::id).map(EntityId::value).toList();
  }

  private static long clusters(Results page) {
    return ids(page).stream().map(id -> (id - 1) / 12).distinct().count();
  }

  @Test
  void theFirstPageComesFromSeveralClustersAndSaysWhy() {
    try (var db = filled(new ManualClock())) {
      var plain = db.retrieve(VIEWED.limit(10));
      assertThat(clusters(plain)).isOne();
      var page = db.retrieve(VIEWED.diversity(d -> d.mmr(0.7)).limit(10));
      assertThat(clusters(page)).isGreaterThanOrEqualTo(3);
      assertThat(ids(page)).startsWith(1L);
      assertThat(page.hits().get(0).explanation().detail()).doesNotContain("mmr");
      assertThat(page.hits().get(1).explanation().detail())
          .matches("(.*; )?moved from \\d+ to 2 by mmr");
      assertThat(page.hits())
          .allSatisfy(hit -> assertThat(hit.explanation().contribution()).isEqualTo(hit.score()));
      assertThat(ids(db.retrieve(VIEWED.diversity(d -> d.mmr(1)).limit(10)))).isEqualTo(ids(plain));
    }
  }

  @Test
  void pagesJoinedAreTheWhole() {
    try (var db = filled(new ManualClock())) {
      for (double lambda : new double[] {0, 0.4, 0.7, 1}) {
        var request = VIEWED.diversity(d -> d.mmr(lambda).per(10));
        var whole = ids(db.retrieve(request.limit(100)));
        assertThat(whole).hasSize(ITEMS).doesNotHaveDuplicates();
        var pages = new ArrayList<Long>();
        var page = db.retrieve(request.limit(7));
        pages.addAll(ids(page));
        while (page.next().isPresent()) {
          page = db.retrieve(request.limit(7).after(page.next().get()));
          pages.addAll(ids(page));
        }
        assertThat(pages).isEqualTo(whole);
      }
    }
  }

  @Test
  void withoutVectorsTheOrderStaysAndThePageSaysSo() {
    try (var db = Doors.ephemeral(new ManualClock()).open()) {
      for (int item = 1; item <= 5; item++) {
        db.writeItem(EntityId.of(item), Map.of());
        db.signal("view", EntityId.of(item), Signal.anonymous());
      }
      var page = db.retrieve(VIEWED.diversity(d -> d.mmr(0.5)));
      assertThat(ids(page)).isEqualTo(ids(db.retrieve(VIEWED)));
      assertThat(page.warnings()).extracting(Warning::code).contains("MMR_WITHOUT_VECTORS");
    }
  }
}
