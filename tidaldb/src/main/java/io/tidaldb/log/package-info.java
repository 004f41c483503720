/// The log: the truth of which every state is a fold.
///
/// **Job.** Turn events into bytes that are kept for ever, append them in frames to segments, and
/// give them back in order after whatever happened; say what a [io.tidaldb.log.View] is. Two small
/// views that belong to the log itself are here: which keys were seen
/// ([io.tidaldb.log.Deduplication]) and which schema holds ([io.tidaldb.log.Vocabulary]).
///
/// **In and out.** The engine encodes events into a [io.tidaldb.log.FrameEncoder], gives it to
/// [io.tidaldb.log.Log#append], syncs, and applies the events to every view. Opening hands the same
/// frames to the same views. Below are `disk` and `schema`.
///
/// **Threads.** One writer appends and syncs; one in the background prepares the next segment; the
/// checkpointer cuts. The log starts no thread and reads no clock.
///
/// **On disk.** Segments `log/<first position>.seg`, little-endian, everything 8-byte aligned:
///
/// ```
///  segment   | header 64 B | frame | frame | … | trailer 64 B |          closed
///            | header 64 B | frame | frame | … | zeros to the prepared size |   newest
///  frame     | header 64 B | record | record | … |                       one group commit, all or nothing
///  record    | 24 B: length, code, version, flags, time, user | body | key 16 B | zeros to 8 |
/// ```
///
/// Header: [io.tidaldb.disk.FileHeader]; frame header: `FrameHeader`; trailer: `SegmentTrailer`;
/// records: [io.tidaldb.log.EventCodec]. A payload counts the padding of its records. Maps are
/// sorted by Java's order of strings. A frame never spans segments. Each frame says which position
/// was durable when it was cut: that tells a torn tail, which opening cuts and keeps a copy of,
/// from damage to something that was durable. Publishing a segment is: sync, cut unused space,
/// trailer, sync, header of the next, sync, rename, sync the directory; a stop anywhere leaves what
/// opening accepts. Codes, versions and layouts only ever grow.
///
/// **What can go wrong.** Bytes are not what was written: `CorruptionException`, nothing is
/// changed. An unknown code, version, flag or reserved byte: `UnsupportedFormatException`; an event
/// is never skipped. The disk refuses: `StorageException`, final for this log unless it says
/// `NOT_WRITTEN`, which only a missing next segment does.
@CheckReturnValue
@NullMarked
package io.tidaldb.log;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
