package io.tidaldb.ledger;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.util.Comparator;
import java.util.List;

/// The signal pages that a checkpoint saves, at one position.
///
/// **Threads.** Made by the writer, walked once by the checkpointer; the outcome is a volatile flag
/// that the writer reads at the next freeze: parts of a checkpoint that did not succeed are dirty
/// again.
public final class FrozenLedgers implements FrozenPages {

  /// A page whose bytes are known: the header, or one that is gone.
  @SuppressWarnings("ArrayRecordComponent")
  public record Ready(PageKey key, byte[] content) {
    public Ready {
      content = content.clone();
    }
  }

  private final List<Ready> ready;
  private final List<FrozenPart> parts;
  private volatile boolean committed;

  public FrozenLedgers(List<Ready> ready, List<FrozenPart> parts) {
    this.ready = ready.stream().sorted(Comparator.comparing(Ready::key)).toList();
    this.parts = parts.stream().sorted(Comparator.comparing(FrozenPart::key)).toList();
  }

  @Override
  public int count() {
    return ready.size() + parts.size();
  }

  @Override
  public void forEach(PageSink sink) {
    var codec = new PairCodec();
    int at = 0;
    for (var part : parts) {
      while (at < ready.size() && ready.get(at).key().compareTo(part.key()) < 0) {
        sink.page(ready.get(at).key(), ready.get(at++).content());
      }
      sink.page(part.key(), part.take(codec));
    }
    for (; at < ready.size(); at++) {
      sink.page(ready.get(at).key(), ready.get(at).content());
    }
  }

  @Override
  public void committed() {
    committed = true;
  }

  @Override
  public void abandoned() {
    committed = false;
  }

  public boolean isCommitted() {
    return committed;
  }

  public List<FrozenPart> parts() {
    return parts;
  }

  public List<Ready> ready() {
    return ready;
  }
}
