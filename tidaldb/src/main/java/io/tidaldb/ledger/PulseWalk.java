package io.tidaldb.ledger;

/// One walk over the slots that may have events in a window, for one query: each step gives those
/// that may have at least a lower number of them. For one thread.
public interface PulseWalk {

  /// Walks on until about so many slots more are found, or all.
  ///
  /// @return false if all were found before
  boolean deepen(int more);

  /// The slots found: those of earlier steps, some of which may be missing, and new ones. Only as
  /// many as [#size()] are valid.
  int[] slots();

  /// How many slots there are.
  int size();

  /// What no count of a slot that was never found exceeds.
  double bound();
}
