package io.tidaldb.schema;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What sessions under a name may do, how long they last and what is kept of them. Part of the
/// schema; looked up at every call, so that a tighter one holds at once.
///
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param allowed names of the signals that are taken; empty for all
/// @param denied names of signals that are refused, even if allowed
/// @param maxDuration a session ends so long after its start, 1 s … 365 d
/// @param maxIdle a session ends so long after its last event, 1 s … 365 d; empty for never
/// @param maxSignals signals of one session, 0 … 1,000,000
/// @param maxAnnotations annotations of one session, 0 … 100,000
/// @param rate how fast signals of one session may come; empty for any
/// @param readScope what queries under a session may know of its user
/// @param halfLife of signals inside the session, 1 s … 365 d
/// @param auditEntries refusals that are remembered one by one, 0 … 10,000
/// @param archiveFor how long an ended session is kept, 0 … 3,650 d
public record SessionPolicy(
    String name,
    Optional<Set<String>> allowed,
    Set<String> denied,
    Duration maxDuration,
    Optional<Duration> maxIdle,
    int maxSignals,
    int maxAnnotations,
    Optional<Rate> rate,
    ReadScope readScope,
    Duration halfLife,
    int auditEntries,
    Duration archiveFor) {

  /// The name of the policy that always exists.
  public static final String DEFAULT_NAME = "default";

  /// The policy `default` as it is unless declared otherwise.
  public static final SessionPolicy DEFAULT = new Builder(DEFAULT_NAME).policy();

  public SessionPolicy {
    allowed = allowed.map(SessionPolicy::sorted);
    denied = sorted(denied);
  }

  private static Set<String> sorted(Set<String> names) {
    return Collections.unmodifiableSet(new TreeSet<>(names));
  }

  /// Whether a signal of this name is taken.
  public boolean allows(String signal) {
    return !denied.contains(signal) && (allowed.isEmpty() || allowed.get().contains(signal));
  }

  /// What queries under a session may know of its user.
  public enum ReadScope {
    /// Everything that queries of the user may.
    USER,
    /// Session memory and public signals only.
    SESSION
  }

  /// A token bucket: `burst` at once, `perSecond` in the long run.
  ///
  /// @param perSecond 0.001 … 1,000,000
  /// @param burst 1 … 1,000,000
  public record Rate(double perSecond, int burst) {}

  /// Collects the fields of a policy; nothing is checked before [SchemaBuilder#build()].
  public static final class Builder {

    private final String name;
    private Optional<Set<String>> allowed = Optional.empty();
    private Set<String> denied = Set.of();
    private Duration maxDuration = Duration.ofHours(24);
    private Optional<Duration> maxIdle = Optional.empty();
    private int maxSignals = 10_000;
    private int maxAnnotations = 1_000;
    private Optional<Rate> rate = Optional.empty();
    private ReadScope readScope = ReadScope.USER;
    private Duration halfLife = Duration.ofMinutes(30);
    private int auditEntries = 100;
    private Duration archiveFor = Duration.ofDays(90);

    Builder(String name) {
      this.name = name;
    }

    /// Takes these signals only; a repeated call replaces them. Default: all.
    @CanIgnoreReturnValue
    public Builder allow(String... signals) {
      allowed = Optional.of(new TreeSet<>(Set.of(signals)));
      return this;
    }

    /// Refuses these signals, even if allowed; a repeated call replaces them. Default: none.
    @CanIgnoreReturnValue
    public Builder deny(String... signals) {
      denied = new TreeSet<>(Set.of(signals));
      return this;
    }

    /// Ends a session so long after its start. Default 24 h, allowed 1 s … 365 d.
    @CanIgnoreReturnValue
    public Builder maxDuration(Duration span) {
      maxDuration = span;
      return this;
    }

    /// Ends a session so long after its last event. Default never, allowed 1 s … 365 d.
    @CanIgnoreReturnValue
    public Builder maxIdle(Duration span) {
      maxIdle = Optional.of(span);
      return this;
    }

    /// The most signals of one session. Default 10,000, allowed 0 … 1,000,000.
    @CanIgnoreReturnValue
    public Builder maxSignals(int count) {
      maxSignals = count;
      return this;
    }

    /// The most annotations of one session. Default 1,000, allowed 0 … 100,000.
    @CanIgnoreReturnValue
    public Builder maxAnnotations(int count) {
      maxAnnotations = count;
      return this;
    }

    /// How fast signals of one session may come. Default unlimited, allowed 0.001 … 1,000,000 per
    /// second with a burst of 1 … 1,000,000.
    @CanIgnoreReturnValue
    public Builder rate(double perSecond, int burst) {
      rate = Optional.of(new Rate(perSecond, burst));
      return this;
    }

    /// What queries under a session may know of its user. Default [ReadScope#USER].
    @CanIgnoreReturnValue
    public Builder readScope(ReadScope scope) {
      readScope = scope;
      return this;
    }

    /// Half-life of signals inside the session. Default 30 min, allowed 1 s … 365 d.
    @CanIgnoreReturnValue
    public Builder halfLife(Duration span) {
      halfLife = span;
      return this;
    }

    /// Refusals that are remembered one by one. Default 100, allowed 0 … 10,000.
    @CanIgnoreReturnValue
    public Builder auditEntries(int count) {
      auditEntries = count;
      return this;
    }

    /// How long an ended session is kept. Default 90 d, allowed 0 … 3,650 d.
    @CanIgnoreReturnValue
    public Builder archiveFor(Duration span) {
      archiveFor = span;
      return this;
    }

    SessionPolicy policy() {
      return new SessionPolicy(
          name,
          allowed,
          denied,
          maxDuration,
          maxIdle,
          maxSignals,
          maxAnnotations,
          rate,
          readScope,
          halfLife,
          auditEntries,
          archiveFor);
    }
  }
}
