package io.tidaldb.log;

import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The view that recognises an event that was logged before by its idempotency key: a window over
/// the last keys in log order and, per producer, over its numbers.
///
/// **Threads.** The writer only, but for the two answers of a checkpoint and the counts.
public final class Deduplication implements PageView {

  private final KeyWindow keys;
  private final ProducerWindow producers;
  private final Queue<List<LongPages.Page>> abandoned = new ConcurrentLinkedQueue<>();
  private long loadedPosition;
  private volatile int keyCount;
  private volatile int producerCount;

  /// @param keys how many keys are remembered, 0 for none
  /// @param producers how many producers are remembered, 0 for none
  public Deduplication(int keys, int producers) {
    this.keys = new KeyWindow(keys);
    this.producers = new ProducerWindow(producers);
  }

  /// The position of the event that has this key; 0 if it was logged, but where is not known; −1 if
  /// it is new.
  public long find(IdempotencyKey key) {
    return switch (Keys.logged(key)) {
      case IdempotencyKey.Bits bits -> keys.find(bits);
      case IdempotencyKey.Sequence sequence -> producers.seen(sequence) ? 0 : -1;
      case IdempotencyKey.Text text -> throw new IllegalStateException("a text is logged as bits");
    };
  }

  /// How many keys are remembered.
  public int keyCount() {
    return keyCount;
  }

  /// How many producers are remembered.
  public int producerCount() {
    return producerCount;
  }

  @Override
  public String name() {
    return "deduplication";
  }

  @Override
  public Tag tag() {
    return Tag.DEDUP;
  }

  @Override
  public void apply(long position, Event event) {
    var key = event.key();
    if (key != null) {
      remember(key, position);
    }
  }

  private void remember(IdempotencyKey key, long position) {
    switch (Keys.logged(key)) {
      case IdempotencyKey.Bits bits -> keys.add(bits, position);
      case IdempotencyKey.Sequence sequence -> producers.add(sequence, position);
      case IdempotencyKey.Text text -> throw new IllegalStateException("a text is logged as bits");
    }
  }

  @Override
  public void publish(long position) {
    keyCount = keys.count();
    producerCount = producers.count();
  }

  /* --- pages --- */

  @Override
  public FrozenPages freeze(boolean all) {
    for (var pages = abandoned.poll(); pages != null; pages = abandoned.poll()) {
      pages.forEach(this::again);
    }
    var pages = keys.freeze(all);
    pages.addAll(producers.freeze(all));
    return new Frozen(pages);
  }

  private void again(LongPages.Page page) {
    if (page.key().column() == ProducerWindow.COLUMN) {
      producers.abandoned(page.key());
    } else {
      keys.abandoned(page.key(), page.longs().length == 0);
    }
  }

  private final class Frozen implements FrozenPages {
    private @Nullable List<LongPages.Page> pages;
    private final int count;

    Frozen(List<LongPages.Page> pages) {
      this.pages = pages;
      this.count = pages.size();
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public void forEach(PageSink sink) {
      var sorted = new ArrayList<>(pages == null ? List.<LongPages.Page>of() : pages);
      sorted.sort(Comparator.comparing(LongPages.Page::key));
      for (var page : sorted) {
        sink.page(page.key(), page.content());
      }
    }

    @Override
    public void committed() {
      pages = null;
    }

    @Override
    public void abandoned() {
      if (pages != null) {
        abandoned.add(pages);
        pages = null;
      }
    }
  }

  @Override
  public void load(PageKey key, byte[] content) {
    if (key.type() != 0) {
      throw new IllegalArgumentException("no page of idempotency keys: key=" + key);
    }
    switch (key.column()) {
      case 0 -> keys.load(key, content);
      case ProducerWindow.COLUMN -> producers.load(key, content);
      default -> throw new IllegalArgumentException("no page of idempotency keys: key=" + key);
    }
  }

  @Override
  public void loaded(long position) {
    keys.loaded();
    producers.loaded();
    loadedPosition = position;
    publish(position);
  }

  @Override
  public void clear() {
    keys.clear();
    producers.clear();
    abandoned.clear();
    loadedPosition = 0;
    publish(0);
  }

  @Override
  public long loadedPosition() {
    return loadedPosition;
  }

  /* --- state --- */

  @Override
  public void digest(StateSink sink) {
    keys.digest(sink);
    producers.digest(sink);
  }

  @Override
  public List<String> verify() {
    var findings = new ArrayList<String>();
    keys.verify(findings);
    producers.verify(findings);
    return findings;
  }
}
