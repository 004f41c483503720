package io.tidaldb.ledger;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// One `double` per slot, in pages that appear on first use, with the landmark that all of them
/// stand under.
///
/// **Threads.** One writer; any number of readers, which take one [Scores] and keep it. Within it
/// elements change under them (an event later than the query's start is missing or present, never
/// torn); a moved landmark makes a new one.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `scores` | writer | release | acquire | older pages under their own landmark |
/// | page in the table | writer | release | plain: a page begins as zeros | no event yet |
/// | element | writer | opaque | opaque, plain in kernels | one event late |
public final class ScoreColumn {

  /// Slots of a page: 8 KiB.
  public static final int SHIFT = PairPage.SHIFT;

  public static final int MASK = PairPage.MASK;

  /// Stands for every page without events, so that kernels need not ask.
  static final double[] ZEROS = new double[PairPage.SLOTS];

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(double[].class);
  private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(double[][].class);
  private static final VarHandle SCORES = scoresHandle();

  private Scores scores;

  /// Sums under one landmark. Readers hold one for as long as they like.
  ///
  /// @param landmark the landmark's index, [ForwardDecay#NONE] before the first event
  /// @param pages by `slot >>> SHIFT`
  /// @param total the sum of all events of the type, one element
  @SuppressWarnings("ArrayRecordComponent")
  public record Scores(long landmark, double[][] pages, double[] total) {

    /// The sum of a slot; 0 for slots that are unknown here, −1 among them.
    public double at(int slot) {
      int page = slot >>> SHIFT;
      return page < pages.length ? (double) ELEMENT.getOpaque(pages[page], slot & MASK) : 0.0;
    }

    /// The sum of all events.
    public double totalSum() {
      return (double) ELEMENT.getOpaque(total, 0);
    }

    /// The page that holds a slot.
    public double[] page(int slot) {
      int page = slot >>> SHIFT;
      return page < pages.length ? pages[page] : ZEROS;
    }
  }

  public ScoreColumn(long landmark) {
    scores = new Scores(landmark, new double[0][], new double[1]);
  }

  /// Whether a page stands for one without events.
  @SuppressWarnings("ReferenceEquality")
  public static boolean isAbsent(double[] page) {
    return page == ZEROS;
  }

  /// The sums now. Any thread.
  public Scores scoresAcquire() {
    return (Scores) SCORES.getAcquire(this);
  }

  /// Adds to a slot and to the total. Writer.
  ///
  /// @return the new sum of the slot
  @CanIgnoreReturnValue
  public double add(int slot, double term) {
    double[] page = pageForWrite(slot);
    double sum = page[slot & MASK] + term;
    ELEMENT.setOpaque(page, slot & MASK, sum);
    ELEMENT.setOpaque(scores.total, 0, scores.total[0] + term);
    return sum;
  }

  /// Replaces the sum of a slot. Writer.
  public void set(int slot, double sum) {
    if (sum == 0 && isAbsent(scores.page(slot))) {
      return;
    }
    ELEMENT.setOpaque(pageForWrite(slot), slot & MASK, sum);
  }

  /// Replaces the total. Writer.
  public void setTotal(double sum) {
    ELEMENT.setOpaque(scores.total, 0, sum);
  }

  /// Sets the landmark of a column without events. Writer.
  public void start(long landmark) {
    SCORES.setRelease(this, new Scores(landmark, scores.pages, scores.total));
  }

  /// Moves the landmark forward: copies, scales, publishes. Writer.
  public void rebase(long distance) {
    var pages = scores.pages.clone();
    for (int i = 0; i < pages.length; i++) {
      if (!isAbsent(pages[i])) {
        pages[i] = rebased(pages[i], distance);
      }
    }
    SCORES.setRelease(
        this, new Scores(scores.landmark + distance, pages, rebased(scores.total, distance)));
  }

  /// Bytes of the arrays.
  public long bytes() {
    long bytes = 16 + 4L * scores.pages.length;
    for (double[] page : scores.pages) {
      bytes += isAbsent(page) ? 0 : 16 + 8L * page.length;
    }
    return bytes;
  }

  private double[] pageForWrite(int slot) {
    int index = slot >>> SHIFT;
    if (index >= scores.pages.length) {
      grow(index);
    }
    double[] page = scores.pages[index];
    if (!isAbsent(page)) {
      return page;
    }
    var fresh = new double[PairPage.SLOTS];
    PAGE.setRelease(scores.pages, index, fresh);
    return fresh;
  }

  private void grow(int index) {
    int length = scores.pages.length;
    var pages = Arrays.copyOf(scores.pages, PairPage.tableLength(index));
    Arrays.fill(pages, length, pages.length, ZEROS);
    SCORES.setRelease(this, new Scores(scores.landmark, pages, scores.total));
  }

  private static double[] rebased(double[] sums, long distance) {
    var scaled = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      scaled[i] = ForwardDecay.rebased(sums[i], distance);
    }
    return scaled;
  }

  private static VarHandle scoresHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(ScoreColumn.class, "scores", Scores.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
