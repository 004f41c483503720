package io.tidaldb.query;

/// Candidates in a line, best first, from which any may be taken. Taking one costs nothing; who
/// looks along the line says which ones are gone.
final class Line {

  private final int[] candidates;

  /// `next[0]` is the head; entry k + 1 is `candidates[k]`; beyond the last is the end.
  private final int[] next;

  /// @param candidates their numbers, best first; taken over
  Line(int[] candidates) {
    this.candidates = candidates;
    next = new int[candidates.length + 1];
    for (int i = 0; i <= candidates.length; i++) {
      next[i] = i + 1;
    }
  }

  /// The entry before the first.
  static int start() {
    return 0;
  }

  boolean isEmpty() {
    return next[0] > candidates.length;
  }

  /// Whether there is one behind an entry.
  boolean hasNext(int entry) {
    return next[entry] <= candidates.length;
  }

  /// The entry behind one.
  int next(int entry) {
    return next[entry];
  }

  /// The candidate behind an entry.
  int candidate(int entry) {
    return candidates[next[entry] - 1];
  }

  /// Takes out the candidate behind an entry.
  void removeNext(int entry) {
    next[entry] = next[next[entry]];
  }
}
