package io.tidaldb.query;

import org.jspecify.annotations.Nullable;

/// A place in an order: what decides between two entities.
///
/// @param key the sort key, greater is better
/// @param title decides between equal keys where titles are ordered, else null
/// @param created newer is better
/// @param id least is best, unsigned
record Place(long key, @Nullable TitleText title, long created, long id) {}
