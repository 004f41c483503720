package io.tidaldb.ledger;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.List;

/// The head of a column's order: which slots have the greatest sums. Since all scores of a type
/// fade by one factor, this is the order by score at any time, and it changes only by events.
/// Derived: never saved, rebuilt at load.
///
/// Three [HeadTier]s, the smaller ones for short answers. When deletions or negative weights leave
/// fewer proven members than a reader needs, the reader scans and asks for a rebuild, which the
/// writer does between two frames.
///
/// **Threads.** One writer, any number of readers; `wanted` is set by readers and cleared by the
/// writer, volatile.
public final class Head {

  private static final int TIER_FACTOR = 4;
  private static final int TIER_MIN = 64;

  private final List<HeadTier> tiers = new ArrayList<>();
  private final HeadTier[] widestFirst;
  private final ScoreColumn column;
  private volatile boolean wanted;

  /// Where a head finds the ids of its members, and how many it has.
  ///
  /// @param slots the entities' slots
  /// @param capacity members of the widest tier, 0 for no head
  record Home(Slots slots, int capacity) {}

  /// @param capacity members of the widest tier, 0 for no head
  public Head(int capacity, ScoreColumn column, EntityKind kind, Slots slots) {
    this.column = column;
    for (int size = capacity; size > 0; size /= TIER_FACTOR) {
      tiers.addFirst(new HeadTier(size, kind, slots));
      if (size / TIER_FACTOR < TIER_MIN || tiers.size() == 3) {
        break;
      }
    }
    widestFirst = tiers.reversed().toArray(new HeadTier[0]);
    start();
  }

  /// The column got its landmark. Writer.
  public void start() {
    for (var tier : widestFirst) {
      tier.reset(column.scoresAcquire().landmark());
    }
  }

  /// A slot has a new sum. Writer.
  public void updated(int slot, double sum) {
    for (var tier : widestFirst) {
      if (!tier.updated(column, slot, sum)) {
        return;
      }
    }
  }

  /// The landmark moved. Writer, after the column.
  public void rebased(long distance) {
    for (var tier : widestFirst) {
      tier.rebased(column.scoresAcquire().landmark(), distance);
    }
  }

  /// Rebuilds what a reader found wanting. Writer, between frames.
  public void rebuildIfWanted() {
    if (wanted) {
      wanted = false;
      rebuild();
    }
  }

  /// Fills the tiers from the column. Writer.
  public void rebuild() {
    start();
    var scores = column.scoresAcquire();
    for (int p = 0; p < scores.pages().length; p++) {
      double[] page = scores.pages()[p];
      for (int i = 0; !ScoreColumn.isAbsent(page) && i < page.length; i++) {
        if (page[i] > 0) {
          updated(p << ScoreColumn.SHIFT | i, page[i]);
        }
      }
    }
  }

  /// The k best by sum, proven: from the narrowest tier that can tell, else by a scan.
  ///
  /// @return how many, or [HeadTier#MOVED] if the landmark is no longer that of these sums
  public int best(ScoreColumn.Scores scores, TopSlots top) {
    int k = top.wanted();
    for (var tier : tiers) {
      int found = tier.capacity() < k ? HeadTier.UNPROVEN : tier.best(scores, top);
      if (found != HeadTier.UNPROVEN) {
        return found;
      }
    }
    if (!tiers.isEmpty() && k <= tiers.getLast().capacity()) {
      wanted = true;
    }
    return scan(scores, top);
  }

  /// How many slots the head should hold but does not: 0, or the view is broken. Writer.
  public int missing() {
    int missing = 0;
    var scores = column.scoresAcquire();
    for (int p = 0; p < scores.pages().length; p++) {
      double[] page = scores.pages()[p];
      for (int i = 0; !ScoreColumn.isAbsent(page) && i < page.length; i++) {
        for (var tier : widestFirst) {
          missing += tier.misses(p << ScoreColumn.SHIFT | i, page[i]) ? 1 : 0;
        }
      }
    }
    return missing;
  }

  /// Bytes of the arrays.
  public long bytes() {
    return tiers.stream().mapToLong(HeadTier::bytes).sum();
  }

  private static int scan(ScoreColumn.Scores scores, TopSlots top) {
    top.restart();
    for (int p = 0; p < scores.pages().length; p++) {
      double[] page = scores.pages()[p];
      for (int i = 0; !ScoreColumn.isAbsent(page) && i < page.length; i++) {
        if (page[i] > 0) {
          top.offer(p << ScoreColumn.SHIFT | i, page[i]);
        }
      }
    }
    return top.finish();
  }
}
