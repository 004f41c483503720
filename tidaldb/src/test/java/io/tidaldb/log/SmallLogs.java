package io.tidaldb.log;

import io.tidaldb.disk.CleanMark;
import io.tidaldb.disk.StoreId;
import io.tidaldb.disk.StoreIdentity;
import io.tidaldb.disk.Volume;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.testing.SimulatedVolume;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Logs of tiny segments on a simulated disk, and what was written to them.
final class SmallLogs {

  static final StoreIdentity STORE = identity(1);
  static final StoreIdentity OTHER = identity(2);
  static final LogOptions OPTIONS = new LogOptions(4096);

  /// Everything appended so far, in log order.
  final List<Event> written = new ArrayList<>();

  final StoreIdentity store;
  final FrameEncoder encoder;
  private final RandomEvents random;
  private long receiveNanos = 1_000;
  private List<Event> interrupted = List.of();

  SmallLogs(StoreIdentity store, long seed) {
    this.store = store;
    this.encoder = new FrameEncoder(store);
    this.random = new RandomEvents(new SplittableRandom(seed));
  }

  private static StoreIdentity identity(int fill) {
    return new StoreIdentity(new StoreId(fill, fill), Timestamp.ofNanos(fill));
  }

  /// Appends a frame of random events, not synced.
  void append(Log log, int eventsMax) {
    var events = random.frame(eventsMax);
    interrupted = events;
    encoder.begin();
    events.forEach(encoder::add);
    log.append(encoder, receiveNanos++);
    written.addAll(events);
    interrupted = List.of();
  }

  /// The frame whose append did not return.
  List<Event> interrupted() {
    return interrupted;
  }

  /// A log of some segments, each frame synced, closed.
  SimulatedVolume closed(int frames) {
    var volume = new SimulatedVolume();
    try (var log = Log.create(volume, OPTIONS, store)) {
      for (int i = 0; i < frames; i++) {
        append(log, 4);
        log.sync();
      }
    }
    return volume;
  }

  /// Opens, replays everything and closes.
  static List<Event> replay(Volume volume, RecoveryHints hints) {
    var events = new ArrayList<Event>();
    Log.open(volume, OPTIONS, STORE, hints, (first, receive, frame) -> events.addAll(frame))
        .close();
    return events;
  }

  static RecoveryHints known(long position) {
    return new RecoveryHints(1, position, Optional.empty());
  }

  static CleanMark clean(long position) {
    return new CleanMark(position, 1);
  }

  static List<String> segments(Volume volume) {
    return SegmentList.names(volume);
  }

  /// The position that the oldest segment is named after.
  static long firstPosition(Volume volume) {
    return SegmentList.firstPosition(segments(volume).getFirst());
  }

  /// The same files on another disk.
  static SimulatedVolume copy(SimulatedVolume volume) {
    var copy = new SimulatedVolume();
    copy.createDirectory("log");
    for (var name : volume.list("log")) {
      put(copy, "log/" + name, volume.content("log/" + name));
    }
    return copy;
  }

  static void put(Volume volume, String name, byte[] bytes) {
    volume.delete(name);
    try (var file = volume.open(name, Volume.OpenMode.CREATE)) {
      file.write(ByteBuffer.wrap(bytes), 0);
      file.sync(true);
    }
    volume.syncDirectory("log");
  }

  static void cut(Volume volume, String name, long bytes) {
    try (var file = volume.open(name, Volume.OpenMode.WRITE)) {
      file.truncate(bytes);
      file.sync(true);
    }
  }
}
