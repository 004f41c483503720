package io.tidaldb.schema;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which sessions to export. Immutable; each call gives a new value. At least one of user, agent,
/// policy, sessions, since and until must be given.
///
/// @param user sessions of this user
/// @param agent sessions with this agent
/// @param policy sessions under this policy
/// @param sessions these sessions; empty for all
/// @param since sessions that started at this time or later
/// @param until sessions that started before this time
/// @param signals names of the signals to tell; empty for all
/// @param limit at most so many lines, 1 … 100,000
public record SessionExport(
    Optional<EntityId> user,
    Optional<String> agent,
    Optional<String> policy,
    Set<SessionId> sessions,
    Optional<Timestamp> since,
    Optional<Timestamp> until,
    Set<String> signals,
    int limit) {

  /// The most lines that one export has.
  public static final int LIMIT_MAX = 100_000;

  private static final SessionExport NOTHING_SAID =
      new SessionExport(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          LIMIT_MAX);

  /// @throws InvalidRequestException `LIMIT_OUT_OF_RANGE` if the limit is out of range
  public SessionExport {
    sessions = Collections.unmodifiableSet(new TreeSet<>(sessions));
    signals = Collections.unmodifiableSet(new TreeSet<>(signals));
    checkLimit(limit);
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new InvalidRequestException(
          "LIMIT_OUT_OF_RANGE",
          "export limit out of range: given=" + limit + " allowed=1…" + LIMIT_MAX);
    }
  }

  /// Sessions of a user.
  public static SessionExport ofUser(EntityId user) {
    return NOTHING_SAID.user(user);
  }

  /// Sessions with an agent.
  public static SessionExport ofAgent(String agent) {
    return NOTHING_SAID.agent(agent);
  }

  /// Sessions under a policy.
  public static SessionExport ofPolicy(String policy) {
    return NOTHING_SAID.policy(policy);
  }

  /// These sessions.
  public static SessionExport of(SessionId... ids) {
    return NOTHING_SAID.sessions(Set.of(ids));
  }

  /// Sessions that started at a time or later.
  public static SessionExport from(Timestamp time) {
    return NOTHING_SAID.since(time);
  }

  /// No bound yet: an export needs one.
  public static SessionExport unbounded() {
    return NOTHING_SAID;
  }

  /// The same of this user.
  public SessionExport user(EntityId given) {
    return new SessionExport(
        Optional.of(given), agent, policy, sessions, since, until, signals, limit);
  }

  /// The same with this agent.
  public SessionExport agent(String given) {
    return new SessionExport(
        user, Optional.of(given), policy, sessions, since, until, signals, limit);
  }

  /// The same under this policy.
  public SessionExport policy(String given) {
    return new SessionExport(
        user, agent, Optional.of(given), sessions, since, until, signals, limit);
  }

  /// The same of these sessions.
  public SessionExport sessions(Set<SessionId> given) {
    return new SessionExport(user, agent, policy, given, since, until, signals, limit);
  }

  /// The same started at this time or later.
  public SessionExport since(Timestamp given) {
    return new SessionExport(
        user, agent, policy, sessions, Optional.of(given), until, signals, limit);
  }

  /// The same started before this time.
  public SessionExport until(Timestamp given) {
    return new SessionExport(
        user, agent, policy, sessions, since, Optional.of(given), signals, limit);
  }

  /// The same with these signals only.
  public SessionExport signals(Set<String> given) {
    return new SessionExport(user, agent, policy, sessions, since, until, given, limit);
  }

  /// The same with at most so many lines.
  public SessionExport limit(int given) {
    return new SessionExport(user, agent, policy, sessions, since, until, signals, given);
  }

  /// Whether anything bounds it.
  public boolean isBounded() {
    return user.isPresent()
        || agent.isPresent()
        || policy.isPresent()
        || !sessions.isEmpty()
        || since.isPresent()
        || until.isPresent();
  }
}
