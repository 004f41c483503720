/// Dense numbers for entities, folded before every view.
///
/// **Job.** Give each life of an item, user or creator a slot, `0, 1, 2 …` in log order, so that
/// views can keep columns and bitmaps instead of objects. A slot is never used again, so slot → id
/// never changes.
///
/// **In and out.** [io.tidaldb.slot.SlotMap] folds the log's events and is saved as pages; views
/// and queries read it through [io.tidaldb.slot.Slots]. [io.tidaldb.slot.LongPages] is the paged
/// array behind it, for any view with primitive columns.
///
/// **Threads.** One writer folds; any number of threads read without waiting.
///
/// **On disk.** Pages under the tag `SLOT`: page number, kind as the type, column 0 for ids and 1
/// for dead marks. Up to 2,048 u64, little-endian; the last page of ids holds only the slots given
/// out, which is how their count is kept. The table id → slot is rebuilt when pages are loaded.
///
/// **What can go wrong.** Pages that do not fit together are refused when loaded; the checkpointer
/// reports that as corruption.
@CheckReturnValue
@NullMarked
package io.tidaldb.slot;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
