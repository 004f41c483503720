package io.tidaldb.schema;

/// What an export has written.
///
/// @param lines how many lines
/// @param complete whether that was all; false if the limit ended it
public record Exported(long lines, boolean complete) {}
