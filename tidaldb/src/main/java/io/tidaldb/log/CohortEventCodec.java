package io.tidaldb.log;

import io.tidaldb.log.CohortEvent.CohortBackfilled;
import io.tidaldb.log.CohortEvent.CohortDefined;
import io.tidaldb.log.CohortEvent.CohortDropped;
import io.tidaldb.log.CohortEvent.Counted;
import io.tidaldb.schema.IdempotencyKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bodies of [CohortEvent]s.
///
/// | Code | Body |
/// |---|---|
/// | `0x30`, `0x31` CohortDefined, CohortDropped | cohort u16, flags u8 (bit 0 back-fill), 5 reserved; name; predicate (Defined) |
/// | `0x32` CohortBackfilled | cohort u16, last u8, 5 reserved; part u32, count u32; log position reached u64; count × (type u16, kind u8, 5 reserved, entity u64, weight f64, time i64) |
final class CohortEventCodec {

  static final int DEFINED = 0x30;
  static final int DROPPED = 0x31;
  static final int BACKFILLED = 0x32;

  private static final int COUNTED_BYTES = 32;

  private CohortEventCodec() {}

  static int code(CohortEvent event) {
    return switch (event) {
      case CohortDefined defined -> DEFINED;
      case CohortDropped dropped -> DROPPED;
      case CohortBackfilled backfilled -> BACKFILLED;
    };
  }

  static long bodySize(CohortEvent event) {
    return switch (event) {
      case CohortDefined defined ->
          16L + StrictUtf8.size(defined.name()) + StrictUtf8.size(defined.predicate());
      case CohortDropped dropped -> 12L + StrictUtf8.size(dropped.name());
      case CohortBackfilled backfilled -> 24L + (long) COUNTED_BYTES * backfilled.signals().size();
    };
  }

  static void put(CohortEvent event, ByteBuffer out) {
    if (event.cohort() >>> 16 != 0) {
      throw new IllegalArgumentException("cohort cannot be logged: " + event);
    }
    switch (event) {
      case CohortDefined defined -> {
        out.putLong(defined.cohort() | (defined.backfill() ? 1L : 0L) << 16);
        StrictUtf8.put(defined.name(), out);
        StrictUtf8.put(defined.predicate(), out);
      }
      case CohortDropped dropped -> {
        out.putLong(dropped.cohort());
        StrictUtf8.put(dropped.name(), out);
      }
      case CohortBackfilled backfilled -> {
        out.putLong(backfilled.cohort() | (backfilled.last() ? 1L : 0L) << 16)
            .putInt(backfilled.part())
            .putInt(backfilled.signals().size())
            .putLong(backfilled.reached());
        for (var signal : backfilled.signals()) {
          put(signal, out);
        }
      }
    }
  }

  private static void put(Counted signal, ByteBuffer out) {
    if (signal.type() >>> 16 != 0 || !Double.isFinite(signal.weight()) || signal.time() < 0) {
      throw new IllegalArgumentException("signal cannot be logged: " + signal);
    }
    out.putLong(signal.type() | (long) signal.kind().code() << 16)
        .putLong(signal.entity())
        .putLong(Double.doubleToRawLongBits(signal.weight()))
        .putLong(signal.time());
  }

  static CohortEvent get(int code, long time, @Nullable IdempotencyKey key, RecordReader in) {
    int cohort = in.u16("cohort");
    boolean flag = in.bool("cohort flags");
    in.reserved(5);
    if (code == DEFINED) {
      return new CohortDefined(
          time, cohort, flag, in.text("cohort name"), in.text("predicate"), key);
    }
    if (code == DROPPED) {
      if (flag) {
        throw in.corrupt("flags of a dropped cohort", "0", "1");
      }
      return new CohortDropped(time, cohort, in.text("cohort name"), key);
    }
    int part = in.i32("part");
    return backfilled(time, cohort, flag, part, in);
  }

  private static CohortEvent backfilled(
      long time, int cohort, boolean last, int part, RecordReader in) {
    int count = in.i32("signal count");
    long reached = in.i64("position reached");
    if (part < 0 || reached < 0 || count < 0 || count > in.remaining() / COUNTED_BYTES) {
      throw in.corrupt(
          "back-fill", "numbers from 0, at most what the record holds", "count=" + count);
    }
    List<Counted> signals = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int type = in.u16("signal type");
      var kind = in.kind();
      in.reserved(5);
      long entity = in.i64("entity");
      double weight = in.f64("weight");
      long at = in.i64("signal time");
      if (at < 0) {
        throw in.corrupt("signal time", "0 or later", Long.toString(at));
      }
      signals.add(new Counted(type, kind, entity, weight, at));
    }
    return new CohortBackfilled(time, cohort, last, part, reached, signals);
  }
}
