package io.tidaldb.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// What is kept of 1,024 neighbouring slots of one type besides their sums: counts, references to
/// bucket blocks, and the bookkeeping of their eight *parts*. A part, 128 slots, is what is saved
/// as one page and guarded by one sequence number.
///
/// **Threads.** One writer. A reader of a whole pair reads the part's sequence, reads, and
/// compares.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `counts` | writer | opaque | opaque | one event late |
/// | `sequences` | writer | odd while a pair changes: opaque + fence before, release after | acquire before, fence + opaque after | never: the reader repeats |
/// | `windows`, `linear`, `baseDays`, `linearBases` | writer | plain, within the sequence | plain, within the sequence | never |
/// | `dirty`, `frozen` | writer | plain | writer only | – |
public final class PairPage {

  public static final int SHIFT = 10;
  public static final int SLOTS = 1 << SHIFT;
  public static final int MASK = SLOTS - 1;
  public static final int PART_SHIFT = 7;
  public static final int PART_SLOTS = 1 << PART_SHIFT;
  public static final int PARTS = SLOTS / PART_SLOTS;

  private static final int TRIES = 64;
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(int[].class);

  /// All-time events; a pair exists while it is above 0.
  public final long[] counts;

  /// Blocks of window buckets, 0 for none; empty if the type keeps no finite window.
  public final int[] windows;

  /// Blocks of linear buckets, 0 for none; empty if the type does not decay linearly.
  public final int[] linear;

  /// The day that window keys of a part are relative to, −1 before the first.
  public final int[] baseDays;

  /// The bucket that linear keys of a part are relative to.
  public final long[] linearBases;

  /// Parts that changed since the last freeze.
  public final boolean[] dirty;

  /// Parts that a checkpoint still wants as they were.
  public final @Nullable FrozenPart[] frozen;

  private final int[] sequences;

  public PairPage(int slots, boolean withWindows, boolean withLinear) {
    int parts = Math.max(1, slots / PART_SLOTS);
    counts = new long[slots];
    windows = new int[withWindows ? slots : 0];
    linear = new int[withLinear ? slots : 0];
    baseDays = new int[parts];
    java.util.Arrays.fill(baseDays, -1);
    linearBases = new long[withLinear ? parts : 0];
    dirty = new boolean[parts];
    frozen = new FrozenPart[parts];
    sequences = new int[parts];
  }

  /// How long a page table becomes that must hold a page.
  public static int tableLength(int page) {
    return page + 1 + Math.min(page / 4, 1 << 16);
  }

  /// All-time events of a slot of this page.
  public long countOpaque(int index) {
    return (long) COUNT.getOpaque(counts, index);
  }

  /// Replaces the all-time count. Writer.
  public void setCount(int index, long count) {
    COUNT.setOpaque(counts, index, count);
  }

  /// The part is about to change. Writer.
  public void beginChange(int part) {
    SEQUENCE.setOpaque(sequences, part, sequences[part] + 1);
    VarHandle.releaseFence();
  }

  /// The part is whole again. Writer.
  public void endChange(int part) {
    SEQUENCE.setRelease(sequences, part, sequences[part] + 1);
  }

  /// The part's sequence number, even: waits while the writer is inside.
  public int beginRead(int part) {
    for (int tries = 0; ; tries++) {
      int sequence = (int) SEQUENCE.getAcquire(sequences, part);
      if ((sequence & 1) == 0) {
        return sequence;
      }
      pause(tries);
    }
  }

  /// Whether nothing changed since [#beginRead].
  public boolean endRead(int part, int sequence) {
    VarHandle.acquireFence();
    return (int) SEQUENCE.getOpaque(sequences, part) == sequence;
  }

  /// Waits a little for the writer's next event boundary.
  @SuppressWarnings("ThreadPriorityCheck") // The writer is inside for less than a microsecond.
  public static void pause(int tries) {
    if (tries < TRIES) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }

  /// Bytes of the arrays.
  public long bytes() {
    return 48L
        + 16 * 8
        + 8L * counts.length
        + 4L * windows.length
        + 4L * linear.length
        + (4 + 4 + 1 + 4) * (long) baseDays.length
        + 8L * linearBases.length;
  }
}
