package io.tidaldb.verification;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Durability;
import io.tidaldb.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The digests of a fresh database after each of a list of calls: what recovery must come to. A
/// crash never leaves a part of a call.
final class Fold {

  private final TreeMap<Long, String> digests = new TreeMap<>();

  /// Writes the calls to a database in memory, one after the other.
  Fold(List<Call> calls) {
    try (var db =
        TidalDb.builder()
            .ephemeral()
            .schema(Lane.SCHEMA)
            .clock(new ManualClock(SimulatedStore.NOW))
            .dedupKeys(4_096)
            .open()) {
      digests.put(db.position(), db.stateDigest());
      for (var call : calls) {
        db.write(call.writes(), Durability.BATCHED);
        digests.put(db.position(), db.stateDigest());
      }
    }
  }

  /// The positions at which a call ends, the empty database's among them.
  List<Long> ends() {
    return new ArrayList<>(digests.keySet());
  }

  /// The digest at a position where a call ends.
  String digest(long position) {
    return digests.getOrDefault(position, "no call ends here");
  }
}
