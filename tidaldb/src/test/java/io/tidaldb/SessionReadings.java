package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import java.util.Map;

/// What a session changes in the very next query.
final class SessionReadings {

  private SessionReadings() {}

  /// What was seen in the session is not offered again in it, and is elsewhere.
  static void seenItemsAreLeftOut(TidalDb db, SessionId session) {
    for (long item = 1; item <= 5; item++) {
      db.writeItem(EntityId.of(item), Map.of());
    }
    var request = Retrieve.items().forUser(42).sortBy(Sort.NEW);
    assertThat(db.retrieve(request).hits()).hasSize(5);
    assertThat(db.retrieve(request.forSession(session)).hits())
        .extracting(Hit::id)
        .containsExactlyInAnyOrder(EntityId.of(4), EntityId.of(5));
  }
}
