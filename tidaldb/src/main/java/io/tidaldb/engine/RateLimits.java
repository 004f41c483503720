package io.tidaldb.engine;

import io.tidaldb.schema.SessionPolicy.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/// The token buckets of sessions and agents: full at first, refilled by the clock when they are
/// asked.
///
/// A bucket is one number, the time at which it will be full. A token is there if that time lies at
/// most burst − 1 tokens ahead; taking one puts it off by one. In whole nanoseconds, so that
/// nothing is lost by rounding as time goes on.
///
/// **Threads.** The writer takes; any thread asks how much is left.
final class RateLimits {

  private static final double SECOND = 1e9;

  private final ConcurrentHashMap<Long, AtomicLong> sessions = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, AtomicLong> agents = new ConcurrentHashMap<>();
  private final List<Taken> taken = new ArrayList<>();

  private record Taken(AtomicLong bucket, long before) {}

  /// The bucket of a session.
  AtomicLong session(long session) {
    return sessions.computeIfAbsent(session, _ -> new AtomicLong());
  }

  /// The bucket of an agent.
  AtomicLong agent(String agent) {
    return agents.computeIfAbsent(agent, _ -> new AtomicLong());
  }

  /// How long until a token is there; 0 if one is.
  static long waitNanos(AtomicLong bucket, Rate rate, long now) {
    long ahead = Math.max(bucket.get(), now) - now;
    return Math.max(0, ahead - (rate.burst() - 1) * nanosPerToken(rate));
  }

  /// Takes a token, until [#refund].
  void take(AtomicLong bucket, Rate rate, long now) {
    long before = bucket.get();
    taken.add(new Taken(bucket, before));
    bucket.set(Math.max(before, now) + nanosPerToken(rate));
  }

  /// Tokens that a session may take at once.
  double tokens(long session, Rate rate, long now) {
    var bucket = sessions.get(session);
    long ahead = bucket == null ? 0 : Math.max(bucket.get(), now) - now;
    return Math.max(0, rate.burst() - (double) ahead / nanosPerToken(rate));
  }

  private static long nanosPerToken(Rate rate) {
    return Math.round(SECOND / rate.perSecond());
  }

  /// How many tokens were taken in the frame under way.
  int taken() {
    return taken.size();
  }

  /// Gives back what was taken since: the calls were dropped.
  void refund(int since) {
    while (taken.size() > since) {
      var last = taken.removeLast();
      last.bucket().set(last.before());
    }
  }

  /// A new frame begins: what was taken stays taken.
  void frame() {
    if (!taken.isEmpty()) {
      taken.clear();
    }
  }

  /// Forgets sessions that do not run, and agents whose bucket is full: a new one is, too.
  void forget(LongPredicate running, long now) {
    sessions.keySet().removeIf(session -> !running.test(session));
    agents.values().removeIf(bucket -> bucket.get() <= now);
  }
}
