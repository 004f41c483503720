package io.tidaldb.schema;

import java.util.OptionalDouble;

/// What a session may still do.
///
/// @param signalsLeft signals before its policy's limit
/// @param annotationsLeft annotations before its policy's limit
/// @param tokens signals that its policy's rate would take at once; empty without a rate; full
///   after the database was opened
public record SessionQuota(long signalsLeft, long annotationsLeft, OptionalDouble tokens) {}
