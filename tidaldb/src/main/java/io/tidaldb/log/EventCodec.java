package io.tidaldb.log;

import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Events as records: the bytes that are kept for ever. Strict in both directions, little-endian,
/// 8-byte aligned.
///
/// ```
///  0               4       5       6       8              16              24
///  +---------------+-------+-------+-------+---------------+---------------+------ ... -+------------+
///  | record bytes  | code  | vers. | flags | event time    | user or 0     | body       | key 16 B   |
///  +---------------+-------+-------+-------+---------------+---------------+------ ... -+------------+
///   without padding                                                         by event     flag bit 15
/// ```
///
/// | Code | Body |
/// |---|---|
/// | `0x00` Blank | – |
/// | `0x01` SignalRecorded | type u16, kind u8, 5 reserved; entity u64; weight f64; creator u64 (bit 0); session u64 (bit 1) |
/// | `0x10` EntityWritten | kind u8, 7 reserved; id u64; metadata ([MetadataCodec]); flag bit 0: merged |
/// | `0x11` EntityDeleted | kind u8, 7 reserved; id u64 |
/// | `0x13` NumbersWritten | kind u8, 7 reserved; id u64; numbers ([MetadataCodec]) |
/// | `0x70` SchemaChanged | canonical text; count u32, count × (name, id u16) |
/// | `0x71` UserErased | – |
///
/// The bodies of the other families stand in [RelationEventCodec] (`0x2_`), [CohortEventCodec]
/// (`0x3_`), [CollectionEventCodec] (`0x4_`), [SessionEventCodec] (`0x5_`), [RankingEventCodec]
/// (`0x6_`) and [VectorEventCodec] (`0x12`).
public final class EventCodec {

  /// The longest record.
  public static final int RECORD_BYTES_MAX = 1 << 20;

  static final int HEADER_BYTES = 24;

  private static final int VERSION = 1;
  private static final int KEY = 1 << 15;
  private static final int SEQUENCE = 1 << 14;
  private static final int USER = Event.SignalRecorded.USER;
  private static final int SIGNAL_FLAGS =
      Event.SignalRecorded.CREATOR
          | Event.SignalRecorded.SESSION
          | Event.SignalRecorded.FIRST_VIEW
          | USER;

  /// Of an EntityWritten.
  private static final int MERGED = 1;

  private static final int BLANK = 0x00;
  private static final int SIGNAL_RECORDED = 0x01;
  private static final int ENTITY_WRITTEN = 0x10;
  private static final int ENTITY_DELETED = 0x11;
  private static final int NUMBERS_WRITTEN = 0x13;
  private static final int SCHEMA_CHANGED = 0x70;
  private static final int USER_ERASED = 0x71;

  /// Name length and id.
  private static final int ID_ENTRY_BYTES_MIN = 6;

  private EventCodec() {}

  /* --- size --- */

  /// The bytes of the record, without padding.
  ///
  /// @throws LimitExceededException if the record is longer than [#RECORD_BYTES_MAX]
  public static int encodedSize(Event event) {
    long size = HEADER_BYTES + bodySize(event) + (event.key() == null ? 0 : Keys.SIZE);
    if (size > RECORD_BYTES_MAX) {
      throw new LimitExceededException(
          "event record bytes",
          RECORD_BYTES_MAX,
          size,
          "event=" + event.getClass().getSimpleName());
    }
    return (int) size;
  }

  private static long bodySize(Event event) {
    return switch (event) {
      case Event.Blank blank -> 0;
      case Event.SignalRecorded signal ->
          24
              + ((signal.flags() & Event.SignalRecorded.CREATOR) == 0 ? 0 : 8)
              + ((signal.flags() & Event.SignalRecorded.SESSION) == 0 ? 0 : 8);
      case Event.EntityWritten written -> 16L + MetadataCodec.size(written.metadata());
      case Event.NumbersWritten written -> 16L + MetadataCodec.numbersSize(written.changes());
      case Event.EntityDeleted deleted -> 16;
      case Event.UserErased erased -> 0;
      case RelationEvent relation -> RelationEventCodec.bodySize(relation);
      case CohortEvent cohort -> CohortEventCodec.bodySize(cohort);
      case CollectionEvent collection -> CollectionEventCodec.bodySize(collection);
      case SessionEvent session -> SessionEventCodec.bodySize(session);
      case VectorEvent vector -> VectorEventCodec.bodySize(vector);
      case RankingEvent ranking -> RankingEventCodec.bodySize(ranking);
      case Event.ProfileSaved saved ->
          16L + StrictUtf8.size(saved.name()) + StrictUtf8.size(saved.json());
      case Event.ProfileDropped dropped -> 12L + StrictUtf8.size(dropped.name());
      case Event.SchemaChanged changed -> {
        long size = 8L + StrictUtf8.size(changed.canonical());
        for (var name : changed.ids().keySet()) {
          size += ID_ENTRY_BYTES_MIN + StrictUtf8.size(name);
        }
        yield size;
      }
    };
  }

  /// The bytes of a record of this size with its padding.
  static int aligned(int recordBytes) {
    return (recordBytes + 7) & -8;
  }

  /* --- writing --- */

  /// Writes the record and zeros up to the next multiple of 8.
  public static void encode(Event event, ByteBuffer out) {
    encode(event, encodedSize(event), out);
  }

  /// As [#encode(Event, ByteBuffer)], for a caller that has asked for the size already.
  static void encode(Event event, int recordBytes, ByteBuffer out) {
    out.order(ByteOrder.LITTLE_ENDIAN);
    switch (event) {
      case Event.Blank blank -> header(event, BLANK, 0, recordBytes, out);
      case Event.SignalRecorded signal -> signal(signal, recordBytes, out);
      case Event.EntityWritten written -> written(written, recordBytes, out);
      case Event.NumbersWritten written -> {
        header(event, NUMBERS_WRITTEN, 0, recordBytes, out);
        out.putLong(written.kind().code()).putLong(written.id());
        MetadataCodec.putNumbers(written.changes(), out);
      }
      case Event.EntityDeleted deleted -> {
        header(event, ENTITY_DELETED, 0, recordBytes, out);
        out.putLong(deletable(deleted.kind()).code()).putLong(deleted.id());
      }
      case Event.UserErased erased -> header(event, USER_ERASED, 0, recordBytes, out);
      case RelationEvent relation -> {
        header(event, RelationEventCodec.code(relation), 0, recordBytes, out);
        RelationEventCodec.put(relation, out);
      }
      case CohortEvent cohort -> {
        header(event, CohortEventCodec.code(cohort), 0, recordBytes, out);
        CohortEventCodec.put(cohort, out);
      }
      case CollectionEvent collection -> {
        header(event, CollectionEventCodec.code(collection), 0, recordBytes, out);
        CollectionEventCodec.put(collection, out);
      }
      case SessionEvent session -> {
        int flags = SessionEventCodec.flags(session);
        header(event, SessionEventCodec.code(session), flags, recordBytes, out);
        SessionEventCodec.put(session, out);
      }
      case VectorEvent vector -> {
        header(event, VectorEventCodec.EMBEDDING_WRITTEN, 0, recordBytes, out);
        VectorEventCodec.put(vector, out);
      }
      case Event.ProfileSaved saved -> {
        header(event, RankingEventCodec.PROFILE_SAVED, 0, recordBytes, out);
        RankingEventCodec.put(saved, out);
      }
      case Event.ProfileDropped dropped -> {
        header(event, RankingEventCodec.PROFILE_DROPPED, 0, recordBytes, out);
        RankingEventCodec.put(dropped, out);
      }
      case RankingEvent ranking -> {
        header(event, RankingEventCodec.code(ranking), 0, recordBytes, out);
        RankingEventCodec.put(ranking, out);
      }
      case Event.SchemaChanged changed -> {
        header(event, SCHEMA_CHANGED, 0, recordBytes, out);
        StrictUtf8.put(changed.canonical(), out);
        ids(changed.ids(), out);
      }
    }
    key(event.key(), out);
    for (int i = recordBytes; i < aligned(recordBytes); i++) {
      out.put((byte) 0);
    }
  }

  private static void header(Event event, int code, int flags, int recordBytes, ByteBuffer out) {
    out.putInt(recordBytes)
        .put((byte) code)
        .put((byte) VERSION)
        .putShort((short) (flags | (event.hasUser() ? USER : 0) | keyFlags(event.key())))
        .putLong(checkedTime(event.time()))
        .putLong(event.user());
  }

  private static void written(Event.EntityWritten written, int recordBytes, ByteBuffer out) {
    header(written, ENTITY_WRITTEN, written.merged() ? MERGED : 0, recordBytes, out);
    out.putLong(written.kind().code()).putLong(written.id());
    MetadataCodec.put(written.metadata(), out);
  }

  private static void signal(Event.SignalRecorded signal, int recordBytes, ByteBuffer out) {
    int flags = signal.flags();
    boolean withCreator = (flags & Event.SignalRecorded.CREATOR) != 0;
    boolean withSession = (flags & Event.SignalRecorded.SESSION) != 0;
    if ((flags & ~SIGNAL_FLAGS) != 0
        || (!withCreator && signal.creator() != 0)
        || (!withSession && signal.session() != 0)
        || (!signal.hasUser() && signal.user() != 0)
        || !Double.isFinite(signal.weight())
        || signal.type() >>> 16 != 0) {
      throw new IllegalArgumentException("signal cannot be logged: " + signal);
    }
    header(signal, SIGNAL_RECORDED, flags, recordBytes, out);
    out.putLong(signal.type() | (long) signal.kind().code() << 16)
        .putLong(signal.entity())
        .putLong(Double.doubleToRawLongBits(signal.weight()));
    if (withCreator) {
      out.putLong(signal.creator());
    }
    if (withSession) {
      out.putLong(signal.session());
    }
  }

  private static void ids(SortedMap<String, Integer> ids, ByteBuffer out) {
    if (ids.comparator() != null) {
      throw new IllegalArgumentException("signal type ids are not in natural order");
    }
    out.putInt(ids.size());
    for (var entry : ids.entrySet()) {
      int id = entry.getValue();
      if (id >>> 16 != 0) {
        throw new IllegalArgumentException("signal type id is out of range: " + entry);
      }
      StrictUtf8.put(entry.getKey(), out);
      out.putShort((short) id);
    }
  }

  private static void key(@Nullable IdempotencyKey key, ByteBuffer out) {
    if (key == null) {
      return;
    }
    switch (Keys.logged(key)) {
      case IdempotencyKey.Bits bits -> out.putLong(bits.high()).putLong(bits.low());
      case IdempotencyKey.Sequence sequence ->
          out.putLong(sequence.producer()).putLong(sequence.number());
      case IdempotencyKey.Text text -> throw new IllegalStateException("a text is logged as bits");
    }
  }

  private static int keyFlags(@Nullable IdempotencyKey key) {
    if (key == null) {
      return 0;
    }
    return key instanceof IdempotencyKey.Sequence ? KEY | SEQUENCE : KEY;
  }

  private static long checkedTime(long time) {
    if (time < 0) {
      throw new IllegalArgumentException("event lies before 1970: time=" + time);
    }
    return time;
  }

  private static EntityKind deletable(EntityKind kind) {
    if (kind == EntityKind.USER) {
      throw new IllegalArgumentException("a user is erased, not deleted");
    }
    return kind;
  }

  /* --- reading --- */

  /// Reads the record at the buffer's position and moves behind its padding.
  ///
  /// @param in ends where the payload ends
  /// @param file the file, for messages
  /// @param offset where the record begins in the file
  /// @throws UnsupportedFormatException if a code, version, flag or reserved byte is unknown
  /// @throws CorruptionException if the content is impossible
  public static Event decode(ByteBuffer in, String file, long offset) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    int begin = in.position();
    int end = begin + recordBytes(in, begin, file, offset);
    int code = in.get(begin + 4) & 0xFF;
    int flags = in.getShort(begin + 6) & 0xFFFF;
    var bounds = new RecordReader(in, begin, end, file, offset);
    check(in, begin, code, flags, bounds);
    var key = key(in, begin, end, flags, bounds);
    int bodyEnd = key == null ? end : end - Keys.SIZE;
    in.position(begin + HEADER_BYTES);
    var body = new RecordReader(in, begin, bodyEnd, file, offset);
    var event = body(code, flags, in.getLong(begin + 8), in.getLong(begin + 16), key, body);
    body.end();
    in.position(end);
    new RecordReader(in, begin, begin + aligned(end - begin), file, offset)
        .reserved(aligned(end - begin) - (end - begin));
    return event;
  }

  private static int recordBytes(ByteBuffer in, int begin, String file, long offset) {
    long length = in.remaining() < HEADER_BYTES ? -1 : in.getInt(begin) & 0xFFFF_FFFFL;
    if (length < HEADER_BYTES
        || length > RECORD_BYTES_MAX
        || aligned((int) length) > in.remaining()) {
      throw new CorruptionException(
          "event record is impossible: record bytes",
          file,
          offset,
          0,
          HEADER_BYTES + "…" + Math.min(RECORD_BYTES_MAX, in.remaining()),
          Long.toString(length));
    }
    return (int) length;
  }

  private static void check(ByteBuffer in, int begin, int code, int flags, RecordReader bounds) {
    int version = in.get(begin + 5) & 0xFF;
    if (allowedFlags(code) < 0) {
      throw bounds.unsupported(
          "event code", "0x%02x".formatted(code), "0x00…0x71, see io.tidaldb.log");
    }
    if (version != VERSION) {
      throw bounds.unsupported(
          "event version of code 0x%02x".formatted(code), Integer.toString(version), "1");
    }
    if ((flags & ~allowedFlags(code)) != 0 || (flags & (KEY | SEQUENCE)) == SEQUENCE) {
      throw bounds.unsupported(
          "event flags of code 0x%02x".formatted(code),
          "0x%04x".formatted(flags),
          "0x%04x".formatted(allowedFlags(code)));
    }
    if (in.getLong(begin + 8) < 0) {
      throw bounds.corrupt("event time", "0 or later", Long.toString(in.getLong(begin + 8)));
    }
    if (ofUser(code) && (flags & USER) == 0) {
      throw bounds.corrupt("user flag of code 0x%02x".formatted(code), "set", "not set");
    }
    if ((flags & USER) == 0 && in.getLong(begin + 16) != 0) {
      throw bounds.corrupt("user without its flag", "0", Long.toString(in.getLong(begin + 16)));
    }
  }

  private static int allowedFlags(int code) {
    return switch (code) {
      case BLANK, SCHEMA_CHANGED, CohortEventCodec.BACKFILLED, SessionEventCodec.ARCHIVE_CUT -> 0;
      case SIGNAL_RECORDED -> SIGNAL_FLAGS | KEY | SEQUENCE;
      case SessionEventCodec.ANNOTATED -> SessionEventCodec.ABOUT | USER | KEY | SEQUENCE;
      case SessionEventCodec.REFUSED -> USER;
      case ENTITY_DELETED,
          RankingEventCodec.PROFILE_SAVED,
          RankingEventCodec.PROFILE_DROPPED,
          RankingEventCodec.EXPERIMENT_SAVED,
          RankingEventCodec.EXPERIMENT_DROPPED,
          RankingEventCodec.FEEDBACK_POLICY_SAVED,
          CohortEventCodec.DEFINED,
          CohortEventCodec.DROPPED ->
          KEY | SEQUENCE;
      case ENTITY_WRITTEN -> MERGED | USER | KEY | SEQUENCE;
      case NUMBERS_WRITTEN, VectorEventCodec.EMBEDDING_WRITTEN -> USER | KEY | SEQUENCE;
      default -> ofUser(code) ? USER | KEY | SEQUENCE : -1;
    };
  }

  /// Whether an event of this code always belongs to a user.
  private static boolean ofUser(int code) {
    return (code >= RelationEventCodec.SET && code <= RelationEventCodec.CLEARED)
        || (code >= CollectionEventCodec.CREATED && code <= CollectionEventCodec.ITEM_MOVED)
        || (code >= SessionEventCodec.STARTED && code <= SessionEventCodec.REFUSED)
        || code == USER_ERASED;
  }

  private static @Nullable IdempotencyKey key(
      ByteBuffer in, int begin, int end, int flags, RecordReader bounds) {
    if ((flags & KEY) == 0) {
      return null;
    }
    int at = end - Keys.SIZE;
    if (at < begin + HEADER_BYTES) {
      throw bounds.corrupt("record bytes", "room for the key", Integer.toString(end - begin));
    }
    long first = in.getLong(at);
    long second = in.getLong(at + 8);
    if ((flags & SEQUENCE) == 0) {
      return new IdempotencyKey.Bits(first, second);
    }
    if (second < 0) {
      throw bounds.corrupt("sequence number", "0 or more", Long.toString(second));
    }
    return new IdempotencyKey.Sequence(first, second);
  }

  private static Event body(
      int code, int flags, long time, long user, @Nullable IdempotencyKey key, RecordReader in) {
    return switch (code) {
      case BLANK -> new Event.Blank(time);
      case SIGNAL_RECORDED -> signal(flags & SIGNAL_FLAGS, time, user, key, in);
      case ENTITY_WRITTEN -> {
        var entity = entity((flags & USER) != 0, user, in);
        boolean merged = (flags & MERGED) != 0;
        yield new Event.EntityWritten(
            time, entity.kind(), entity.id(), MetadataCodec.get(in), merged, key);
      }
      case NUMBERS_WRITTEN -> {
        var entity = entity((flags & USER) != 0, user, in);
        yield new Event.NumbersWritten(
            time, entity.kind(), entity.id(), MetadataCodec.getNumbers(in), key);
      }
      case VectorEventCodec.EMBEDDING_WRITTEN ->
          VectorEventCodec.get((flags & USER) != 0, time, user, key, in);
      case ENTITY_DELETED -> {
        var kind = in.kind();
        in.reserved(7);
        if (kind == EntityKind.USER) {
          throw in.corrupt("deleted kind", "item or creator", "user");
        }
        yield new Event.EntityDeleted(time, kind, in.i64("id"), key);
      }
      case SCHEMA_CHANGED -> new Event.SchemaChanged(time, in.text("schema"), ids(in));
      case USER_ERASED -> new Event.UserErased(time, user, key);
      default -> surface(code, flags, time, user, key, in);
    };
  }

  /// The high half of a code names the family.
  private static Event surface(
      int code, int flags, long time, long user, @Nullable IdempotencyKey key, RecordReader in) {
    return switch (code >>> 4) {
      case 2 -> RelationEventCodec.get(code, time, user, key, in);
      case 3 -> CohortEventCodec.get(code, time, key, in);
      case 4 -> CollectionEventCodec.get(code, time, user, key, in);
      case 6 -> RankingEventCodec.get(code, time, key, in);
      case 5 ->
          SessionEventCodec.get(code, flags, new SessionEventCodec.Header(time, user), key, in);
      default -> throw new IllegalStateException("code was checked: " + code);
    };
  }

  private static Event signal(
      int flags, long time, long user, @Nullable IdempotencyKey key, RecordReader in) {
    int type = in.u16("signal type");
    var kind = in.kind();
    in.reserved(5);
    long entity = in.i64("entity");
    double weight = in.f64("weight");
    long creator = (flags & Event.SignalRecorded.CREATOR) == 0 ? 0 : in.i64("creator");
    long session = (flags & Event.SignalRecorded.SESSION) == 0 ? 0 : in.i64("session");
    return new Event.SignalRecorded(
        time, type, kind, entity, weight, flags, user, creator, session, key);
  }

  private record Identity(EntityKind kind, long id) {}

  /// The entity that was written; a user belongs to itself.
  private static Identity entity(boolean withUser, long user, RecordReader in) {
    var kind = in.kind();
    in.reserved(7);
    long id = in.i64("id");
    if (withUser != (kind == EntityKind.USER) || (withUser && user != id)) {
      throw in.corrupt("user of a written entity", "the entity itself", Long.toString(user));
    }
    return new Identity(kind, id);
  }

  private static SortedMap<String, Integer> ids(RecordReader in) {
    int count = in.count(ID_ENTRY_BYTES_MIN, "id count");
    var ids = new TreeMap<String, Integer>();
    String last = "";
    for (int i = 0; i < count; i++) {
      var name = in.text("signal name");
      if (i > 0 && name.compareTo(last) <= 0) {
        throw in.corrupt("signal name", "a name after " + last, name);
      }
      ids.put(name, in.u16("signal type id"));
      last = name;
    }
    return ids;
  }
}
