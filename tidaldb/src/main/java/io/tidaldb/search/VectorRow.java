package io.tidaldb.search;

/// A vector and where it comes from.
///
/// @param vector the numbers; nobody changes them
/// @param position the log position of the event
/// @param time of that event, nanoseconds since 1970
/// @param evidence what stands behind a preference; 0 for vectors of items and creators
@SuppressWarnings("ArrayRecordComponent") // A parameter list, never compared.
record VectorRow(float[] vector, long position, long time, double evidence) {}
