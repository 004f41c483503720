package io.tidaldb.schema;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// The details of a signal: who, how much, when, and under which key. Immutable; each call gives a
/// new value.
///
/// @param user who acted; empty for an anonymous signal
/// @param weight finite; 0 or 1e-9 ≤ |w| ≤ 1e9; negative only where the type says so
/// @param at when it happened; empty for the time of receipt
/// @param key the producer's identity for it
public record Signal(
    Optional<EntityId> user, double weight, Optional<Timestamp> at, Optional<IdempotencyKey> key) {

  private static final Signal ANONYMOUS =
      new Signal(Optional.empty(), 1.0, Optional.empty(), Optional.empty());

  public Signal {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(key, "key");
  }

  /// A signal of weight 1 by nobody in particular, now.
  public static Signal anonymous() {
    return ANONYMOUS;
  }

  /// A signal of weight 1 by this user, now.
  public static Signal by(EntityId user) {
    return new Signal(Optional.of(user), 1.0, Optional.empty(), Optional.empty());
  }

  /// A signal of weight 1 by this user, now; the id is read as unsigned.
  public static Signal by(long user) {
    return by(EntityId.of(user));
  }

  /// The same with this weight.
  public Signal weight(double newWeight) {
    return new Signal(user, newWeight, at, key);
  }

  /// The same at this time.
  public Signal at(Timestamp time) {
    return new Signal(user, weight, Optional.of(time), key);
  }

  /// The same at this time.
  public Signal at(Instant time) {
    return at(Timestamp.of(time));
  }

  /// The same under this key.
  public Signal key(IdempotencyKey newKey) {
    return new Signal(user, weight, at, Optional.of(newKey));
  }
}
