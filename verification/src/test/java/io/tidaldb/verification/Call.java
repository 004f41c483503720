package io.tidaldb.verification;

import io.tidaldb.schema.Durability;
import io.tidaldb.schema.Write;
import java.util.List;

/// One call of a client: writes that belong together, and how durable their answer is.
///
/// @param index its place among the calls of its lane, from 0
record Call(long index, List<Write> writes, Durability durability) {

  Call {
    writes = List.copyOf(writes);
  }

  /// Whether every write has a key, so that the call can be repeated without harm.
  boolean isRepeatable() {
    return writes.stream().allMatch(write -> write.key().isPresent());
  }
}
