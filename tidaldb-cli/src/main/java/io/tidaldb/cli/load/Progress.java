package io.tidaldb.cli.load;

/// Shown while long work goes on.
public interface Progress {

  /// Shows nothing.
  Progress NONE = new Progress() {};

  /// A part of the work begins.
  ///
  /// @param what in a few words
  /// @param steps how many steps it has; −1 if unknown
  default void begin(String what, long steps) {}

  /// So many steps are done.
  default void at(long done) {}

  /// The part is over.
  default void end() {}
}
