package io.tidaldb.schema;

/// What a checkpoint did.
///
/// @param generation its number
/// @param position the log position that it holds
/// @param pagesWritten pages that had changed
/// @param bytesWritten their bytes
/// @param segmentsDeleted log segments that were no longer needed
/// @param bytesFreed their bytes
/// @param segmentsLeft log segments that remain
public record CheckpointReceipt(
    long generation,
    long position,
    long pagesWritten,
    long bytesWritten,
    int segmentsDeleted,
    long bytesFreed,
    int segmentsLeft) {}
