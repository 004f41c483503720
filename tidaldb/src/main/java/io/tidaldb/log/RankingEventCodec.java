package io.tidaldb.log;

import io.tidaldb.log.RankingEvent.ExperimentDropped;
import io.tidaldb.log.RankingEvent.ExperimentSaved;
import io.tidaldb.schema.IdempotencyKey;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bodies of events about profiles and of [RankingEvent]s.
///
/// | Code | Body |
/// |---|---|
/// | `0x60`, `0x61` ProfileSaved, ProfileDropped | version u32, 4 reserved; name; JSON (Saved) |
/// | `0x62`, `0x63` ExperimentSaved, ExperimentDropped | name; JSON (Saved) |
final class RankingEventCodec {

  static final int PROFILE_SAVED = 0x60;
  static final int PROFILE_DROPPED = 0x61;
  static final int EXPERIMENT_SAVED = 0x62;
  static final int EXPERIMENT_DROPPED = 0x63;

  private RankingEventCodec() {}

  static int code(RankingEvent event) {
    return switch (event) {
      case ExperimentSaved saved -> EXPERIMENT_SAVED;
      case ExperimentDropped dropped -> EXPERIMENT_DROPPED;
    };
  }

  static long bodySize(RankingEvent event) {
    return switch (event) {
      case ExperimentSaved saved ->
          8L + StrictUtf8.size(saved.name()) + StrictUtf8.size(saved.json());
      case ExperimentDropped dropped -> 4L + StrictUtf8.size(dropped.name());
    };
  }

  static void put(RankingEvent event, ByteBuffer out) {
    switch (event) {
      case ExperimentSaved saved -> {
        StrictUtf8.put(saved.name(), out);
        StrictUtf8.put(saved.json(), out);
      }
      case ExperimentDropped dropped -> StrictUtf8.put(dropped.name(), out);
    }
  }

  static void put(Event.ProfileSaved saved, ByteBuffer out) {
    out.putInt(saved.version()).putInt(0);
    StrictUtf8.put(saved.name(), out);
    StrictUtf8.put(saved.json(), out);
  }

  static void put(Event.ProfileDropped dropped, ByteBuffer out) {
    out.putInt(dropped.version()).putInt(0);
    StrictUtf8.put(dropped.name(), out);
  }

  static Event get(int code, long time, @Nullable IdempotencyKey key, RecordReader in) {
    return switch (code) {
      case PROFILE_SAVED -> {
        int version = version(in);
        yield new Event.ProfileSaved(time, version, in.text("name"), in.text("profile"), key);
      }
      case PROFILE_DROPPED -> {
        int version = version(in);
        yield new Event.ProfileDropped(time, version, in.text("name"), key);
      }
      case EXPERIMENT_SAVED ->
          new ExperimentSaved(time, in.text("name"), in.text("experiment"), key);
      default -> new ExperimentDropped(time, in.text("name"), key);
    };
  }

  private static int version(RecordReader in) {
    int version = in.i32("profile version");
    in.reserved(4);
    return version;
  }
}
