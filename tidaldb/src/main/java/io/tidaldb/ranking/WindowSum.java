package io.tidaldb.ranking;

import io.tidaldb.schema.Window;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// What bounds a ranking's scores from above by counts of events in windows: no score exceeds the
/// sum of the parts, each a rising function of one count. So who knows bounds of the counts finds
/// the best without looking at every candidate.
///
/// @param parts at least one
public record WindowSum(List<Part> parts) {

  public WindowSum {
    parts = List.copyOf(parts);
  }

  /// One count.
  ///
  /// @param type the signal's number
  /// @param window where events count
  /// @param upper what so many events add at most; rising, 0 for 0
  public record Part(int type, Window window, DoubleUnaryOperator upper) {}
}
