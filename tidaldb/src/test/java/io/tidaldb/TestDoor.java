package io.tidaldb;

import io.tidaldb.engine.Faults;
import java.util.function.Supplier;

/// The tests' way to what the door does not offer: faults in the place of the real world, and a
/// stop without a close.
public final class TestDoor {

  private TestDoor() {}

  /// A builder whose database meets these faults.
  public static TidalDbBuilder faults(TidalDbBuilder builder, Faults faults) {
    return builder.faults(faults);
  }

  /// Runs something as a query in flight: it counts as one until it returns.
  public static <T> T inFlight(TidalDb db, Supplier<T> query) {
    return db.engine.read(_ -> query.get());
  }

  /// Stops a database as a crash would: nothing more is written or answered.
  public static void abandon(TidalDb db) {
    db.abandon();
  }
}
