package io.tidaldb.schema;

import java.util.Optional;

/// A write to a running session, as part of a batch.
public sealed interface SessionWrite extends Write {

  /// A signal in a session: its user's.
  static Write signal(SessionId session, String name, EntityId entity, Signal signal) {
    return new InSession(session, name, entity, signal, Optional.empty());
  }

  /// A signal in a session with an annotation about the same item.
  static Write signal(SessionId session, String name, EntityId entity, Signal signal, String note) {
    return new InSession(session, name, entity, signal, Optional.of(note));
  }

  /// Something said in a session about an item.
  static Write annotate(
      SessionId session, EntityId item, String text, Optional<IdempotencyKey> key) {
    return new Annotation(session, Optional.of(item), text, key);
  }

  /// Something said in a session in general.
  static Write annotate(SessionId session, String text, Optional<IdempotencyKey> key) {
    return new Annotation(session, Optional.empty(), text, key);
  }

  /// @see SessionWrite#signal
  record InSession(
      SessionId session, String name, EntityId entity, Signal signal, Optional<String> note)
      implements SessionWrite {
    @Override
    public Optional<IdempotencyKey> key() {
      return signal.key();
    }
  }

  /// @see SessionWrite#annotate
  record Annotation(
      SessionId session, Optional<EntityId> item, String text, Optional<IdempotencyKey> key)
      implements SessionWrite {}
}
