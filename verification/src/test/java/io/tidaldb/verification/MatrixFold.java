package io.tidaldb.verification;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Schema;
import io.tidaldb.testing.Client;
import io.tidaldb.testing.ManualClock;
import io.tidaldb.testing.Scripts;
import io.tidaldb.testing.Step;
import java.time.Instant;

/// A database in memory that does a script from its beginning: its digest is what every other
/// database with the same log must have.
final class MatrixFold implements AutoCloseable {

  private final TidalDb db;
  private final Client client;

  MatrixFold(Schema schema) {
    var clock = new ManualClock(Instant.ofEpochSecond(0, Scripts.START));
    db = TidalDb.builder().ephemeral().schema(schema).clock(clock).dedupKeys(4_096).open();
    client = new Client(db, clock);
  }

  /// Does a step; what it answers.
  String apply(Step step) {
    return client.apply(step);
  }

  /// The last position.
  long position() {
    return db.position();
  }

  /// The digest of everything at that position.
  String digest() {
    return db.stateDigest();
  }

  @Override
  public void close() {
    db.close();
  }
}
