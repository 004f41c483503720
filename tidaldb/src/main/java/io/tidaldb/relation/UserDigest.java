package io.tidaldb.relation;

import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Writes the canonical form of what one user did: living items by their ids, nothing that is too
/// old to be read.
///
/// @param newest the newest event time
record UserDigest(Slots slots, long newest) {

  void write(StateSink sink, long user, UserMemory memory) {
    var key = "USER " + Long.toUnsignedString(user);
    moments(sink, "shown", key, memory.shown, newest - UserStates.SHOWN_NANOS);
    moments(sink, "notices", key, memory.notices, newest - UserStates.NOTICE_NANOS);
    watched(sink, "history", key, memory.history, Long.MIN_VALUE);
    watched(sink, "in progress", key, memory.progress, Long.MIN_VALUE);
    watched(sink, "finished", key, memory.finished, newest - RelationFold.MARK_NANOS);
    for (int slot : memory.positives.newestFirst(slots)) {
      sink.entry("positive", key).value("item", slots.id(EntityKind.ITEM, slot));
    }
    var affinities = memory.affinities;
    IntStream.range(0, affinities.size())
        .boxed()
        .sorted(Comparator.comparing(affinities::creator, Long::compareUnsigned))
        .forEach(
            i ->
                sink.entry(
                        "affinity",
                        key + " CREATOR " + Long.toUnsignedString(affinities.creator(i)))
                    .value("landmark", affinities.landmark())
                    .value("sum", affinities.sum(i))
                    .value("since", affinities.since(i))
                    .value("changed", affinities.changed(i)));
  }

  private void moments(StateSink sink, String what, String key, Moments moments, long earliest) {
    for (int i = 0; i < moments.size(); i++) {
      if (UserMemory.lives(slots, moments.slot(i)) && moments.time(i) >= earliest) {
        var entry = sink.entry(what, key);
        entry.value("item", slots.id(EntityKind.ITEM, moments.slot(i)));
        entry.value("time", moments.time(i));
        if (moments.hasCreator(i)) {
          entry.value("creator", moments.creator(i));
        }
      }
    }
  }

  private void watched(StateSink sink, String what, String key, Watched watched, long earliest) {
    for (int i : watched.order(slots)) {
      if (watched.time(i) >= earliest) {
        sink.entry(what, key)
            .value("item", slots.id(EntityKind.ITEM, watched.slot(i)))
            .value("time", watched.time(i))
            .value("fraction", watched.fraction(i));
      }
    }
  }
}
