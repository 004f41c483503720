package io.tidaldb.schema;

/// A name in a data directory.
///
/// @param name relative to the data directory
/// @param meaning what it holds
/// @param exists whether it is there
/// @param bytes its size; of a directory, that of its files
public record StorePath(String name, String meaning, boolean exists, long bytes) {}
