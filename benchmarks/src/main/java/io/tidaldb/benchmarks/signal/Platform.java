package io.tidaldb.benchmarks.signal;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Window;
import io.tidaldb.signal.SignalView;
import io.tidaldb.slot.SlotMap;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A signal view over a million items with four exponential types and all windows, filled with
/// events by Zipf(1.0) evenly over 30 days.
final class Platform {

  static final int ITEMS = 1_000_000;
  static final int TYPES = 4;
  private static final long START = Duration.ofDays(20_000).toNanos();
  private static final long SPAN = Duration.ofDays(30).toNanos();

  final SlotMap slots = new SlotMap();
  final SignalView view = new SignalView(slots, CrashInjector.NONE, 4_096);
  private final double[] cumulative = new double[ITEMS];
  private final long[] ids = new long[ITEMS];
  private long position = 1;

  Platform(int events) {
    var schema = schema();
    var ids0 = new TreeMap<String, Integer>();
    schema.signals().forEach(type -> ids0.put(type.name(), type.id().value()));
    apply(new Event.SchemaChanged(START, schema.canonical(), ids0));
    var random = new SplittableRandom(1);
    double sum = 0;
    for (int i = 0; i < ITEMS; i++) {
      sum += 1.0 / (i + 1);
      cumulative[i] = sum;
      int j = random.nextInt(i + 1);
      ids[i] = ids[j];
      ids[j] = i;
    }
    for (int i = 0; i < ITEMS; i++) {
      apply(event(0, i, START));
    }
    for (int i = 0; i < events; i++) {
      long time = START + SPAN / events * i;
      apply(event(random.nextInt(TYPES), ids[rank(random)], time));
    }
    view.publish(position);
  }

  private static Schema schema() {
    var builder = new SchemaBuilder();
    for (var name : new String[] {"view", "like", "share", "comment"}) {
      builder
          .signal(name, EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
          .windows(Window.values())
          .velocity(true)
          .add();
    }
    return builder.build();
  }

  static Event.SignalRecorded event(int type, long item, long time) {
    return new Event.SignalRecorded(time, type, EntityKind.ITEM, item, 1.0, 0, 0, 0, 0, null);
  }

  long end() {
    return START + SPAN;
  }

  void apply(Event event) {
    slots.apply(position, event);
    view.apply(position, event);
    position++;
  }

  /// An item by popularity.
  long popular(SplittableRandom random) {
    return ids[rank(random)];
  }

  private int rank(SplittableRandom random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[ITEMS - 1]);
    return Math.min(ITEMS - 1, found < 0 ? -found - 1 : found);
  }
}
