package io.tidaldb.log;

import io.tidaldb.log.RankingEvent.ExperimentDropped;
import io.tidaldb.log.RankingEvent.ExperimentSaved;
import io.tidaldb.log.RankingEvent.FeedbackPolicySaved;
import io.tidaldb.schema.IdempotencyKey;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bodies of events about profiles and of [RankingEvent]s.
///
/// | Code | Body |
/// |---|---|
/// | `0x60`, `0x61` ProfileSaved, ProfileDropped | version u32, 4 reserved; name; JSON (Saved) |
/// | `0x62`, `0x63` ExperimentSaved, ExperimentDropped | name; JSON (Saved) |
/// | `0x64` FeedbackPolicySaved | JSON |
final class RankingEventCodec {

  static final int PROFILE_SAVED = 0x60;
  static final int PROFILE_DROPPED = 0x61;
  static final int EXPERIMENT_SAVED = 0x62;
  static final int EXPERIMENT_DROPPED = 0x63;
  static final int FEEDBACK_POLICY_SAVED = 0x64;

  private RankingEventCodec() {}

  static int code(RankingEvent event) {
    return switch (event) {
      case ExperimentSaved saved -> EXPERIMENT_SAVED;
      case ExperimentDropped dropped -> EXPERIMENT_DROPPED;
      case FeedbackPolicySaved saved -> FEEDBACK_POLICY_SAVED;
    };
  }

  static long bodySize(RankingEvent event) {
    return switch (event) {
      case ExperimentSaved saved ->
          8L + StrictUtf8.size(saved.name()) + StrictUtf8.size(saved.json());
      case ExperimentDropped dropped -> 4L + StrictUtf8.size(dropped.name());
      case FeedbackPolicySaved saved -> 4L + StrictUtf8.size(saved.json());
    };
  }

  static void put(RankingEvent event, ByteBuffer out) {
    switch (event) {
      case ExperimentSaved saved -> {
        StrictUtf8.put(saved.name(), out);
        StrictUtf8.put(saved.json(), out);
      }
      case ExperimentDropped dropped -> StrictUtf8.put(dropped.name(), out);
      case FeedbackPolicySaved saved -> StrictUtf8.put(saved.json(), out);
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
      case FEEDBACK_POLICY_SAVED -> new FeedbackPolicySaved(time, in.text("policy"), key);
      default -> new ExperimentDropped(time, in.text("name"), key);
    };
  }

  private static int version(RecordReader in) {
    int version = in.i32("profile version");
    in.reserved(4);
    return version;
  }
}
