package io.tidaldb.schema;

/// A user who was forgotten; such a record is kept for ever.
///
/// @param user who
/// @param position the log position of the erasure
/// @param at when it was asked for
/// @param state how far it has come
public record Erasure(EntityId user, long position, Timestamp at, State state) {

  /// How far an erasure has come.
  public enum State {
    /// No answer names the user; old log segments and checkpoints may still hold records of the
    /// user's.
    APPLIED,
    /// No retained checkpoint, log segment or backend file holds a record of the user's before the
    /// erasure.
    PURGED
  }
}
