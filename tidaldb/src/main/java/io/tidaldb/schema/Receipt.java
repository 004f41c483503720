package io.tidaldb.schema;

/// The answer to a write.
///
/// @param position the event's place in the log; for a duplicate, that of the original, or 0 if no
///   longer known
/// @param duplicate whether the key was seen before (or the result was already in place) and
///   nothing was done
public record Receipt(long position, boolean duplicate) {}
