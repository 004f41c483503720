package io.tidaldb.verification;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.testing.Crashes;

/// An injector that only counts until it is armed: what comes before is answered for sure.
///
/// **Threads.** Any thread reaches points; one arms.
final class Armed implements CrashInjector {

  private volatile Crashes now = Crashes.counting();

  @Override
  public void reached(CrashPoint point) {
    now.reached(point);
  }

  /// The nth arrival from now on stops the world.
  void at(CrashPoint point, long nth) {
    now = Crashes.at(point, nth);
  }

  /// The nth arrival from now on halts the process.
  void haltAt(CrashPoint point, long nth) {
    now = Crashes.haltAt(point, nth);
  }

  /// Whether the world was stopped.
  boolean fired() {
    return now.fired();
  }
}
