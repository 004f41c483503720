package io.tidaldb.log;

import io.tidaldb.disk.Digest;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.UnsupportedFormatException;
import io.tidaldb.storage.Tag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The schema as of the log: the newest [Event.SchemaChanged], kept as one page that holds its
/// record.
///
/// **Threads.** The writer folds; any thread reads an immutable value.
public final class Vocabulary implements PageView {

  private static final PageKey PAGE = new PageKey(0, 0, 0);

  private volatile Event.@Nullable SchemaChanged newest;
  private long loadedPosition;
  // Set by the writer at every change and, after a failed checkpoint, by the checkpointer.
  private volatile boolean dirty;

  /// Canonical text of the stored schema; empty if none was ever stored.
  public Optional<String> canonical() {
    return Optional.ofNullable(newest).map(Event.SchemaChanged::canonical);
  }

  /// Signal name → signal type id: every name ever known, retired ones too.
  public SortedMap<String, Integer> ids() {
    var schema = newest;
    return schema == null
        ? Collections.emptySortedMap()
        : Collections.unmodifiableSortedMap(schema.ids());
  }

  /// Hash of the canonical text; that of the empty text if there is none.
  public Digest fingerprint() {
    return Digest.of(canonical().orElse("").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String name() {
    return "vocabulary";
  }

  @Override
  public Tag tag() {
    return Tag.SCHEMA;
  }

  @Override
  public void apply(long position, Event event) {
    if (event instanceof Event.SchemaChanged changed) {
      // A copy: the event's map may be the caller's.
      newest =
          new Event.SchemaChanged(
              changed.time(), changed.canonical(), new TreeMap<>(changed.ids()));
      dirty = true;
    }
  }

  @Override
  public FrozenPages freeze(boolean all) {
    var frozen = new Frozen(all || dirty ? newest : null);
    dirty = false;
    return frozen;
  }

  private final class Frozen implements FrozenPages {
    private final Event.@Nullable SchemaChanged event;

    Frozen(Event.@Nullable SchemaChanged event) {
      this.event = event;
    }

    @Override
    public int count() {
      return event == null ? 0 : 1;
    }

    @Override
    public void forEach(PageSink sink) {
      if (event != null) {
        var out = ByteBuffer.allocate(EventCodec.aligned(EventCodec.encodedSize(event)));
        EventCodec.encode(event, out);
        sink.page(PAGE, out.array());
      }
    }

    @Override
    public void committed() {}

    @Override
    public void abandoned() {
      if (event != null) {
        dirty = true;
      }
    }
  }

  @Override
  public void load(PageKey key, byte[] content) {
    try {
      var in = ByteBuffer.wrap(content);
      if (PAGE.equals(key)
          && EventCodec.decode(in, "vocabulary page", 0) instanceof Event.SchemaChanged changed
          && !in.hasRemaining()) {
        newest = changed;
        return;
      }
    } catch (CorruptionException | UnsupportedFormatException e) {
      throw new IllegalArgumentException("no page of the vocabulary: key=" + key, e);
    }
    throw new IllegalArgumentException("no page of the vocabulary: key=" + key);
  }

  @Override
  public void loaded(long position) {
    loadedPosition = position;
  }

  @Override
  public void clear() {
    newest = null;
    loadedPosition = 0;
    dirty = false;
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  @Override
  public void digest(StateSink sink) {
    canonical().ifPresent(text -> sink.entry("schema", "").value("canonical", text));
    ids().forEach((name, id) -> sink.entry("signal type", name).value("id", id.longValue()));
  }
}
