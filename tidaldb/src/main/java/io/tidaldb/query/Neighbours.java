package io.tidaldb.query;

import io.tidaldb.coengagement.Following;

/// Which items are engaged with together, as of a moment. Used by one thread.
public interface Neighbours {

  /// The strongest neighbours of an item, strongest first, ties by unsigned id.
  ///
  /// @param slots takes their slots
  /// @param strengths takes their strengths
  /// @return how many there are, at most as many as fit
  int strongest(int slot, int[] slots, double[] strengths);

  /// What users engage with after an item.
  ///
  /// @param row takes the item's neighbours, in no order
  void following(int slot, Following row);
}
