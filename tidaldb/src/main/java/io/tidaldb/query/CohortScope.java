package io.tidaldb.query;

import io.tidaldb.ledger.SignalReader;
import org.roaringbitmap.RoaringBitmap;

/// A cohort that a query is asked for: the signals of its members. Used by one thread.
public interface CohortScope {

  /// When it began to count, nanoseconds since 1970.
  long since();

  /// The signals of members as of a moment; the query closes the reader.
  SignalReader signals(long at);

  /// Slots of items with a signal of a member; the caller's own.
  RoaringBitmap active();
}
