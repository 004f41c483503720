package io.tidaldb.query;

import io.tidaldb.schema.Meaning;
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

  /// Walks over what was signalled about items in it, in log order.
  void forEachSignal(SignalWalk walk);

  /// Takes what was signalled about items.
  @FunctionalInterface
  interface SignalWalk {
    /// One signal that means something.
    void signal(int slot, Meaning meaning, double weight);
  }

  /// Items viewed in it.
  RoaringBitmap seen();

  /// Items skipped, hidden or declared to be of no interest in it.
  RoaringBitmap rejected();
}
