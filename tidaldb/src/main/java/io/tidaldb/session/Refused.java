package io.tidaldb.session;

/// Refusals of one kind that were logged together.
///
/// @param position their place in the log
/// @param time of the last
/// @param reason the code of a `RefusalReason`
/// @param count how many
/// @param signal name of the last one's signal; empty if it was none
/// @param entity of the last one; 0 if it had none
public record Refused(
    long position, long time, int reason, int count, String signal, long entity) {}
