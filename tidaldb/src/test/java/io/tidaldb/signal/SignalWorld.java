package io.tidaldb.signal;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event.EntityDeleted;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.SignalTypeId;
import io.tidaldb.schema.Window;
import io.tidaldb.slot.Slots;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A signal view with entities whose slot is their id, for tests.
final class SignalWorld {

  static final long SECOND = 1_000_000_000L;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  /// A Tuesday in 2023.
  static final long START = 1_700_000_000L * SECOND;

  static final Set<Window> ALL = EnumSet.allOf(Window.class);

  final SignalView view;
  private long position;

  SignalWorld(SignalType... types) {
    this(4096, types);
  }

  SignalWorld(int headCapacity, SignalType... types) {
    this(new SignalView(new IdSlots(), CrashInjector.NONE, headCapacity));
    view.declare(List.of(types));
  }

  SignalWorld(SignalView view) {
    this.view = view;
  }

  /// Slots that are their ids.
  static final class IdSlots implements Slots {
    @Override
    public int slot(EntityKind kind, long id) {
      return (int) id;
    }

    @Override
    public long id(EntityKind kind, int slot) {
      return slot;
    }

    @Override
    public int count(EntityKind kind) {
      return Integer.MAX_VALUE;
    }
  }

  static SignalType type(String name, int id, Decay decay, Set<Window> windows) {
    boolean finite = windows.stream().anyMatch(Window::isFinite);
    return new SignalType(
        name,
        SignalTypeId.of(id),
        EntityKind.ITEM,
        decay,
        windows,
        finite,
        false,
        Optional.empty());
  }

  static SignalType signed(SignalType type) {
    return new SignalType(
        type.name(),
        type.id(),
        type.target(),
        type.decay(),
        type.windows(),
        type.velocity(),
        true,
        type.meaning());
  }

  static SignalType meaning(SignalType type, Meaning meaning) {
    return new SignalType(
        type.name(),
        type.id(),
        type.target(),
        type.decay(),
        type.windows(),
        type.velocity(),
        type.signedWeights(),
        Optional.of(meaning));
  }

  void signal(int type, long entity, double weight, long time) {
    signal(type, entity, weight, time, 0);
  }

  void signal(int type, long entity, double weight, long time, int flags) {
    view.apply(
        ++position,
        new SignalRecorded(time, type, EntityKind.ITEM, entity, weight, flags, 0, 0, 0, null));
    view.publish(position);
  }

  void delete(long entity) {
    view.apply(
        ++position, new EntityDeleted(view.newestEventTime(), EntityKind.ITEM, entity, null));
    view.publish(position);
  }

  double score(int type, int slot, long at) {
    try (var reader = view.reader(at)) {
      return reader.decayScore(type, slot);
    }
  }

  long count(int type, Window window, int slot, long at) {
    try (var reader = view.reader(at)) {
      return reader.windowedCount(type, window, slot);
    }
  }

  /// All pages, as a checkpoint would hold them.
  SortedMap<PageKey, byte[]> save() {
    var pages = new TreeMap<PageKey, byte[]>();
    store(view.freeze(true), pages);
    return pages;
  }

  /// Adds what a freeze gives to what is stored already.
  static void store(FrozenPages frozen, SortedMap<PageKey, byte[]> into) {
    frozen.forEach(
        (key, content) -> {
          if (content.length == 0) {
            into.remove(key);
          } else {
            into.put(key, content);
          }
        });
    frozen.committed();
  }

  /// A new world from saved pages.
  static SignalWorld load(SortedMap<PageKey, byte[]> pages, int headCapacity) {
    var view = new SignalView(new IdSlots(), CrashInjector.NONE, headCapacity);
    pages.forEach(view::load);
    view.loaded(1);
    return new SignalWorld(view);
  }

  /// The canonical state as text.
  String state() {
    var text = new StringBuilder();
    view.digest(
        new StateSink() {
          @Override
          public StateSink entry(String what, String key) {
            text.append('\n').append(what).append(' ').append(key);
            return this;
          }

          @Override
          public StateSink value(String name, long value) {
            text.append(' ').append(name).append('=').append(value);
            return this;
          }

          @Override
          public StateSink value(String name, double value) {
            text.append(' ').append(name).append('=').append(Double.toHexString(value));
            return this;
          }

          @Override
          public StateSink value(String name, String value) {
            text.append(' ').append(name).append('=').append(value);
            return this;
          }
        });
    return text.toString();
  }
}
