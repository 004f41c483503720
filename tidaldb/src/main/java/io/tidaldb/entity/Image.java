package io.tidaldb.entity;

import io.tidaldb.log.Event;
import io.tidaldb.schema.Metadata;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an entity is, and the time that each of its numbers was said for, so that a number which
/// comes late is told from a new one.
///
/// @param metadata the whole metadata
/// @param writtenAt time of the last write that replaced everything
/// @param since later times of numbers, also of those that went; nanoseconds
public record Image(Metadata metadata, long writtenAt, SortedMap<String, Long> since) {

  public Image {
    since = Collections.unmodifiableSortedMap(new TreeMap<>(since));
  }

  /// After a write.
  ///
  /// @param before what was there, or null
  public static Image after(@Nullable Image before, Event.EntityWritten written) {
    return written.merged() && before != null
        ? new Image(written.metadata(), before.writtenAt, before.since)
        : new Image(written.metadata(), written.time(), Collections.emptySortedMap());
  }

  /// After an update of numbers.
  public Image with(Event.NumbersWritten written) {
    var times = new TreeMap<>(since);
    written.changes().numeric().forEach(field -> times.put(field, written.time()));
    return new Image(written.changes().applied(metadata), writtenAt, times);
  }

  /// The time that a number was said for or went; nanoseconds.
  public long time(String field) {
    return since.getOrDefault(field, writtenAt);
  }
}
