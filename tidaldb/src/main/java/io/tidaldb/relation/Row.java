package io.tidaldb.relation;

/// What is known of one relation, or of one state that a user was told to have about an item.
///
/// @param weight its strength; 0 for states and marks
/// @param since when the present run began
/// @param changed the event time that decided last
/// @param slot of a state: the life of the item that it is about; −1 for relations
/// @param removed whether this is only the mark of a removal
record Row(double weight, long since, long changed, int slot, boolean removed) {

  static Row edge(double weight, long since, long changed) {
    return new Row(weight, since, changed, -1, false);
  }

  static Row state(long time, int slot) {
    return new Row(0, time, time, slot, false);
  }

  static Row mark(long time, int slot) {
    return new Row(0, time, time, slot, true);
  }

  /// The same strength and run, decided again.
  Row again(double newWeight, long time) {
    return new Row(newWeight, since, time, slot, false);
  }
}
