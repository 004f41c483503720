package io.tidaldb.entity;

import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityId;
import io.tidaldb.slot.LongPages;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/// The view of erasures: who was forgotten, where in the log and when, for ever.
///
/// Entry n stands in the longs 4n … 4n + 3, so a page of 16 KiB holds 512:
///
/// ```
///  0          8           16        24         32
/// +----------+-----------+---------+----------+
/// | user     | position  | nanos   | 1        |
/// +----------+-----------+---------+----------+
/// ```
///
/// **Threads.** As [io.tidaldb.log.View].
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `entries` | writer, before `published` | release | acquire | – |
/// | `published` | writer | volatile | volatile | an erasure of the frame before is not listed yet |
/// | `latest` | writer | concurrent map | concurrent map | likewise |
public final class Erasures implements PageView {

  private static final int LONGS = 4;

  private final LongPages entries = new LongPages();
  private final Map<Long, Integer> latest = new ConcurrentHashMap<>();
  private int count;
  private volatile int published;
  private long loadedPosition;

  /// How many erasures there are. Any thread.
  public int count() {
    return published;
  }

  /// Who was forgotten by the n-th erasure. Any thread.
  public EntityId user(int n) {
    return EntityId.of(entries.get(n * LONGS));
  }

  /// The position of the n-th erasure. Any thread.
  public long position(int n) {
    return entries.get(n * LONGS + 1);
  }

  /// When the n-th erasure was asked for, nanoseconds since 1970. Any thread.
  public long nanos(int n) {
    return entries.get(n * LONGS + 2);
  }

  /// The latest erasure of a user. Any thread.
  public OptionalInt latest(long user) {
    var n = latest.get(user);
    return n == null ? OptionalInt.empty() : OptionalInt.of(n);
  }

  /// The position up to which events of a user must not be told any more; 0 if there is none. Any
  /// thread.
  public long forgottenUpTo(long user) {
    var n = latest.get(user);
    return n == null ? 0 : position(n);
  }

  @Override
  public String name() {
    return "erasures";
  }

  @Override
  public Tag tag() {
    return Tag.ERASED;
  }

  @Override
  public void apply(long position, Event event) {
    switch (event) {
      case Event.UserErased erased -> {
        int at = count * LONGS;
        entries.set(at, erased.user());
        entries.set(at + 1, position);
        entries.set(at + 2, erased.time());
        entries.set(at + 3, 1);
        latest.put(erased.user(), count);
        count++;
      }
      case Event.Blank _,
          Event.SignalRecorded _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.EntityDeleted _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          Event.SchemaChanged _,
          RelationEvent _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  @Override
  public void publish(long position) {
    if (published != count) {
      published = count;
    }
  }

  @Override
  public FrozenPages freeze(boolean all) {
    var frozen = entries.freeze(all);
    return new FrozenPages() {
      @Override
      public int count() {
        return frozen.count();
      }

      @Override
      public void forEach(PageSink sink) {
        for (int i = 0; i < frozen.count(); i++) {
          sink.page(new PageKey(frozen.page(i), 0, 0), frozen.encode(i, LongPages.PAGE_LONGS));
        }
      }

      @Override
      public void committed() {
        frozen.committed();
      }

      @Override
      public void abandoned() {
        frozen.abandoned();
      }
    };
  }

  @Override
  public void load(PageKey key, byte[] content) {
    int page = (int) key.page();
    if (key.page() != page || key.type() != 0 || key.column() != 0) {
      throw new IllegalArgumentException("not a page of erasures: key=" + key);
    }
    entries.load(page, content);
  }

  @Override
  public void loaded(long position) {
    int pages = Math.toIntExact(entries.pageNumbers().count());
    int most = pages * (LongPages.PAGE_LONGS / LONGS);
    while (count < most && entries.get(count * LONGS + 3) == 1) {
      latest.put(entries.get(count * LONGS), count);
      count++;
    }
    if (pages > 0 && count <= (pages - 1) * (LongPages.PAGE_LONGS / LONGS)) {
      throw new IllegalArgumentException(
          "pages of erasures are missing or short: pages=" + pages + " erasures=" + count);
    }
    published = count;
    loadedPosition = position;
  }

  @Override
  public void clear() {
    entries.clear();
    latest.clear();
    count = 0;
    published = 0;
    loadedPosition = 0;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void digest(StateSink sink) {
    for (int n = 0; n < count; n++) {
      sink.entry("erasure", "USER " + user(n)).value("position", position(n)).value("at", nanos(n));
    }
  }

  @Override
  public List<String> verify() {
    List<String> findings = new ArrayList<>();
    for (int n = 1; n < count; n++) {
      if (position(n) <= position(n - 1)) {
        findings.add("erasures are out of order: n=" + n);
      }
    }
    return findings;
  }
}
