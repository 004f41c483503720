package io.tidaldb.cli.load;

/// What became of the rows of one source.
///
/// @param source the file that the mapping names
/// @param target what its rows are
/// @param read rows in the file
/// @param written new to the database
/// @param duplicates loaded before
/// @param later left for another time by `--until`
/// @param skipped left out by the mapping's conditions
/// @param rejected could not be loaded
/// @param nanos how long it took
public record Loaded(
    String source,
    String target,
    long read,
    long written,
    long duplicates,
    long later,
    long skipped,
    long rejected,
    long nanos) {}
