package io.tidaldb.cohort;

import io.tidaldb.ledger.FrozenLedgers;
import io.tidaldb.ledger.PairCodec;
import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The pages of cohorts that a checkpoint saves, at one position.
///
/// **Threads.** Made by the writer; walked once, and told its outcome, by the checkpointer.
final class FrozenCohorts implements FrozenPages {

  private final SortedMap<PageKey, Supplier<byte[]>> pages;
  private final List<FrozenLedgers> ledgers;
  private final List<Runnable> undo;
  private final PairCodec codec = new PairCodec();

  /// @param pages pages whose content can be had at any time
  /// @param ledgers pages of ledgers
  /// @param undo gives the pages back
  FrozenCohorts(
      SortedMap<PageKey, Supplier<byte[]>> pages,
      List<FrozenLedgers> ledgers,
      List<Runnable> undo) {
    this.pages = new TreeMap<>(pages);
    this.ledgers = List.copyOf(ledgers);
    this.undo = List.copyOf(undo);
    for (var frozen : ledgers) {
      frozen.ready().forEach(page -> this.pages.put(page.key(), page::content));
      frozen.parts().forEach(part -> this.pages.put(part.key(), () -> part.take(codec)));
    }
  }

  @Override
  public int count() {
    return pages.size();
  }

  @Override
  public void forEach(PageSink sink) {
    pages.forEach((key, content) -> sink.page(key, content.get()));
  }

  @Override
  public void committed() {
    ledgers.forEach(FrozenLedgers::committed);
  }

  @Override
  public void abandoned() {
    ledgers.forEach(FrozenLedgers::abandoned);
    undo.forEach(Runnable::run);
  }
}
