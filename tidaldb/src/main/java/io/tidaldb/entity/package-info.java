/// The view of items, users and creators: their metadata, and the indexes that filters are answered
/// from.
///
/// **Job.** Keep what each entity is, whole, as a row ([io.tidaldb.entity.EntityRows]), and keep
/// the declared fields as columns and bitmaps over slots ([io.tidaldb.entity.EntityIndex]), so that
/// a filter never reads a row.
///
/// **In and out.** Both fold `EntityWritten`, `NumbersWritten`, `EntityDeleted` and (the index)
/// `SchemaChanged`. The writer reads them to cut frames; queries read them through
/// [io.tidaldb.entity.EntityReader]. A field that is declared after entities were written knows
/// those entities from their next write on: until then their values are plain strings.
///
/// **Threads.** One writer folds; any number of threads read. Rows and sets of slots change for
/// readers when a frame is published; numbers, times and ids change as they are folded, each by
/// itself, never torn.
///
/// **On disk.** Rows `[id][0x00][META]` in the keyspace of the kind, each with its own checksum;
/// pages under the tag `IDX`, described at [io.tidaldb.entity.EntityIndex]. Bitmaps are not saved:
/// they are rebuilt from the columns.
///
/// **What can go wrong.** A row or page whose bytes do not fit is reported as corruption. A filter
/// on a field that is not declared, or declared with another type, is refused with the field's
/// name.
@CheckReturnValue
@NullMarked
package io.tidaldb.entity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
