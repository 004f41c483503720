package io.tidaldb.query;

import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// A running session that a query is asked in. Bitmaps are over the slots of items and the caller's
/// own. Used by one thread.
public interface SessionScope {

  /// Whose it is.
  long user();

  /// Whether its policy keeps queries to the session's memory and to public signals.
  boolean isClosedWorld();

  /// The words of what was said in it, in lower case.
  List<String> hints();

  /// Items viewed in it.
  RoaringBitmap seen();

  /// Items skipped, hidden or declared to be of no interest in it.
  RoaringBitmap rejected();
}
