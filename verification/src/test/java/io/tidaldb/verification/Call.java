package io.tidaldb.verification;

import io.tidaldb.schema.Durability;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Write;
import java.util.List;
import java.util.Optional;

/// One call of a client: writes that belong together, and how durable their answer is.
///
/// @param index its place among the calls of its lane, from 0
record Call(long index, List<Write> writes, Durability durability) {

  Call {
    writes = List.copyOf(writes);
  }

  /// Whether every write has a key, so that the call can be repeated without harm.
  boolean isRepeatable() {
    return writes.stream().allMatch(write -> key(write).isPresent());
  }

  private static Optional<IdempotencyKey> key(Write write) {
    return switch (write) {
      case Write.SignalWrite signal -> signal.signal().key();
      case Write.EntityWrite entity -> entity.key();
      case Write.EntityUpdate update -> update.key();
      case Write.EntityDelete delete -> delete.key();
    };
  }
}
