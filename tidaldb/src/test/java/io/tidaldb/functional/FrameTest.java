package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// Where one frame ends and the next begins is no fact about the world: calls that share a frame
/// leave the state that they leave one by one.
final class FrameTest {

  private static final EntityId ITEM = EntityId.of(5);

  private static String digestAfter(BiConsumer<TidalDb, List<Write>> how, List<Write> writes) {
    try (var db = Doors.ephemeral(new ManualClock()).open()) {
      db.writeItem(ITEM, Map.of("title", "first life"));
      db.signal("view", ITEM, Signal.by(7));
      how.accept(db, writes);
      return db.stateDigest();
    }
  }

  private static void assertSameInOneFrame(List<Write> writes) {
    String together = digestAfter(TidalDb::write, writes);
    String apart = digestAfter((db, all) -> all.forEach(write -> db.write(List.of(write))), writes);
    assertThat(together).isEqualTo(apart);
  }

  /// Its viewers of before have not seen it, hence count as reach once more.
  @Test
  void anItemDeletedAndWrittenAgainIsNewToWhoSawIt() {
    var delete = Write.delete(EntityKind.ITEM, ITEM, Optional.empty());
    var view = Write.signal("view", ITEM, Signal.by(7));
    var write = Write.item(ITEM, Map.of("title", "second life"));
    assertSameInOneFrame(List.of(delete, write, view));
    assertSameInOneFrame(List.of(delete, write, view, view));
    assertSameInOneFrame(List.of(delete, view, write, view));
    assertSameInOneFrame(List.of(delete, write, view, delete, write, view));
  }
}
