package io.tidaldb.cli.evaluate;

/// Something that says what a user should see, and learns from what happens.
interface Contender {

  /// Its name in the report.
  String name();

  /// The best items for a user at a moment, among those that have appeared and that the user has
  /// not touched.
  ///
  /// @param best takes their numbers, best first
  /// @return how many there are, at most as many as fit
  int rank(Past past, Past.Person user, long nanos, int[] best);

  /// Takes in an event; called before the common past has it.
  void learn(Past past, Replay.Event event);
}
