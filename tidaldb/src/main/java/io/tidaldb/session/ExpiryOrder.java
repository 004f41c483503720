package io.tidaldb.session;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;

/// Running sessions in the order in which they may expire, so that a sweep looks only at those that
/// are due.
///
/// A session stands once, at a time not later than its expiry: what a session does only puts its
/// expiry off, and is noticed when its turn comes. Policies that became tighter rebuild the order.
///
/// **Threads.** The writer.
final class ExpiryOrder {

  /// Asked for the expiry of a session: it has ended.
  static final long ENDED = -1;

  private record Turn(long time, long session) implements Comparable<Turn> {
    @Override
    public int compareTo(Turn other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compareUnsigned(session, other.session);
    }
  }

  private final PriorityQueue<Turn> turns = new PriorityQueue<>();

  void add(long session, long expires) {
    turns.add(new Turn(expires, session));
  }

  void clear() {
    turns.clear();
  }

  /// Sessions that have expired at a time, at most so many, in the order of their expiry. They stay
  /// in the order until they have ended.
  ///
  /// @param expiry of a session, or [#ENDED]
  List<Long> due(long now, int limit, LongUnaryOperator expiry) {
    var due = new ArrayList<Turn>();
    while (!turns.isEmpty() && turns.peek().time() <= now && due.size() < limit) {
      var turn = turns.remove();
      long expires = expiry.applyAsLong(turn.session());
      if (expires != ENDED && expires <= now) {
        due.add(new Turn(expires, turn.session()));
      } else if (expires != ENDED) {
        turns.add(new Turn(expires, turn.session()));
      }
    }
    turns.addAll(due);
    return due.stream().sorted().map(Turn::session).toList();
  }
}
