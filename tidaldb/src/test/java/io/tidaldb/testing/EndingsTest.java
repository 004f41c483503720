package io.tidaldb.testing;

import static io.tidaldb.testing.Endings.forEachEnding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every ending runs, and every ending can fail a test.
final class EndingsTest {

  private static final EntityId ITEM = EntityId.of(1);

  @Test
  void everyEndingDoesTheWorkAndLooks() {
    int[] looks = new int[1];
    forEachEnding(
        Schemas.testSchema(),
        db -> db.signal("view", ITEM, 1, Timestamp.ofNanos(5)),
        db -> {
          looks[0]++;
          assertThat(db.readWindowedCount(ITEM, "view", Window.ALL_TIME)).isEqualTo(1);
        });
    assertThat(looks[0]).as("one after the close, nine crashes, a kill and its copy").isEqualTo(12);
  }

  @Test
  void everyEndingCanFail() {
    Set<Ending> failed = EnumSet.noneOf(Ending.class);
    for (var ending : Ending.values()) {
      assertThatThrownBy(
              () ->
                  Endings.after(
                      ending,
                      Schemas.testSchema(),
                      db -> db.signal("view", ITEM),
                      db -> assertThat(db.position()).isZero()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(ending.name());
      failed.add(ending);
    }
    assertThat(failed).containsExactlyInAnyOrder(Ending.values());
  }
}
