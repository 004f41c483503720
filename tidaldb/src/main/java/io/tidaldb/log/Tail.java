package io.tidaldb.log;

/// How a log ends. Damage that is no torn tail is a finding, not a tail.
public sealed interface Tail {

  /// Nothing is wrong: zeros or a trailer follow the last frame.
  record Clean() implements Tail {}

  /// A write that no sync ever covered was interrupted; opening cuts it.
  ///
  /// @param file name of the segment below the volume
  /// @param offset where the cut belongs
  /// @param bytes how many bytes, up to the last that is not zero, are cut
  record Torn(String file, long offset, long bytes) implements Tail {}

  /// The end could not be judged: see the findings.
  record Damaged() implements Tail {}
}
