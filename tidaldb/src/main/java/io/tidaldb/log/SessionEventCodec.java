package io.tidaldb.log;

import io.tidaldb.log.SessionEvent.ArchiveCut;
import io.tidaldb.log.SessionEvent.SessionAnnotated;
import io.tidaldb.log.SessionEvent.SessionClosed;
import io.tidaldb.log.SessionEvent.SessionRefused;
import io.tidaldb.log.SessionEvent.SessionStarted;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The bodies of [SessionEvent]s.
///
/// | Code | Body |
/// |---|---|
/// | `0x50` SessionStarted | session u64; policy; agent; count u32, count × (key, value) in the order of Java's strings |
/// | `0x51` SessionAnnotated | session u64; kind u8, 7 reserved, entity u64 (flag bit 0); text |
/// | `0x52` SessionClosed | session u64; reason u8, 7 reserved |
/// | `0x53` SessionRefused | session u64; reason u8, 3 reserved, count u32; signal; entity u64 |
/// | `0x54` ArchiveCut | policy; closed at or before i64 |
final class SessionEventCodec {

  static final int STARTED = 0x50;
  static final int ANNOTATED = 0x51;
  static final int CLOSED = 0x52;
  static final int REFUSED = 0x53;
  static final int ARCHIVE_CUT = 0x54;

  /// Flag of an annotation about an entity.
  static final int ABOUT = 1;

  private static final int ENTRY_BYTES_MIN = 8;

  private SessionEventCodec() {}

  static int code(SessionEvent event) {
    return switch (event) {
      case SessionStarted started -> STARTED;
      case SessionAnnotated annotated -> ANNOTATED;
      case SessionClosed closed -> CLOSED;
      case SessionRefused refused -> REFUSED;
      case ArchiveCut cut -> ARCHIVE_CUT;
    };
  }

  static int flags(SessionEvent event) {
    return event instanceof SessionAnnotated annotated && annotated.about() ? ABOUT : 0;
  }

  static long bodySize(SessionEvent event) {
    return switch (event) {
      case SessionStarted started -> {
        long size = 20L + StrictUtf8.size(started.policy()) + StrictUtf8.size(started.agent());
        for (var entry : started.metadata().entrySet()) {
          size += 8 + StrictUtf8.size(entry.getKey()) + StrictUtf8.size(entry.getValue());
        }
        yield size;
      }
      case SessionAnnotated annotated ->
          12L + (annotated.about() ? 16 : 0) + StrictUtf8.size(annotated.text());
      case SessionClosed closed -> 16;
      case SessionRefused refused -> 28L + StrictUtf8.size(refused.signal());
      case ArchiveCut cut -> 12L + StrictUtf8.size(cut.policy());
    };
  }

  static void put(SessionEvent event, ByteBuffer out) {
    switch (event) {
      case SessionStarted started -> {
        out.putLong(started.session());
        StrictUtf8.put(started.policy(), out);
        StrictUtf8.put(started.agent(), out);
        metadata(started.metadata(), out);
      }
      case SessionAnnotated annotated -> {
        out.putLong(annotated.session());
        if (annotated.about()) {
          out.putLong(annotated.kind().code()).putLong(annotated.entity());
        }
        StrictUtf8.put(annotated.text(), out);
      }
      case SessionClosed closed -> out.putLong(closed.session()).putLong(byteOf(closed.reason()));
      case SessionRefused refused -> {
        out.putLong(refused.session()).putInt(byteOf(refused.reason())).putInt(refused.count());
        StrictUtf8.put(refused.signal(), out);
        out.putLong(refused.entity());
      }
      case ArchiveCut cut -> {
        StrictUtf8.put(cut.policy(), out);
        out.putLong(cut.closedUntil());
      }
    }
  }

  private static int byteOf(int reason) {
    if (reason < 1 || reason > 255) {
      throw new IllegalArgumentException("reason cannot be logged: " + reason);
    }
    return reason;
  }

  private static void metadata(SortedMap<String, String> metadata, ByteBuffer out) {
    if (metadata.comparator() != null) {
      throw new IllegalArgumentException("session metadata is not in natural order");
    }
    out.putInt(metadata.size());
    metadata.forEach(
        (key, value) -> {
          StrictUtf8.put(key, out);
          StrictUtf8.put(value, out);
        });
  }

  static SessionEvent get(
      int code, int flags, Header header, @Nullable IdempotencyKey key, RecordReader in) {
    if (code == ARCHIVE_CUT) {
      return new ArchiveCut(header.time, in.text("policy"), in.i64("end of sessions"));
    }
    long session = in.i64("session");
    return switch (code) {
      case STARTED ->
          new SessionStarted(
              header.time,
              header.user,
              session,
              in.text("policy"),
              in.text("agent"),
              metadata(in),
              key);
      case ANNOTATED -> annotated((flags & ABOUT) != 0, header, session, key, in);
      case CLOSED -> {
        int reason = reason(in);
        in.reserved(7);
        yield new SessionClosed(header.time, header.user, session, reason, key);
      }
      case REFUSED -> {
        int reason = reason(in);
        in.reserved(3);
        int count = in.i32("refusal count");
        yield new SessionRefused(
            header.time, header.user, session, reason, count, in.text("signal"), in.i64("entity"));
      }
      default -> throw new IllegalStateException("code was checked: " + code);
    };
  }

  /// The fields before the body.
  record Header(long time, long user) {}

  private static SessionEvent annotated(
      boolean about, Header header, long session, @Nullable IdempotencyKey key, RecordReader in) {
    var kind = EntityKind.ITEM;
    long entity = 0;
    if (about) {
      kind = in.kind();
      in.reserved(7);
      entity = in.i64("entity");
    }
    return new SessionAnnotated(
        header.time, header.user, session, about, kind, entity, in.text("annotation"), key);
  }

  private static int reason(RecordReader in) {
    int reason = in.u8("reason");
    if (reason == 0) {
      throw in.corrupt("reason", "1…255", "0");
    }
    return reason;
  }

  private static SortedMap<String, String> metadata(RecordReader in) {
    int count = in.count(ENTRY_BYTES_MIN, "metadata count");
    var metadata = new TreeMap<String, String>();
    String last = "";
    for (int i = 0; i < count; i++) {
      var key = in.text("metadata key");
      if (i > 0 && key.compareTo(last) <= 0) {
        throw in.corrupt("metadata key", "a key after " + last, key);
      }
      metadata.put(key, in.text("metadata value"));
      last = key;
    }
    return metadata;
  }
}
