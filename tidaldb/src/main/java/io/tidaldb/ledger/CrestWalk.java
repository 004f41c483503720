package io.tidaldb.ledger;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A walk down a [Pulse]: first its crest, then all of it. For one thread.
///
/// Beats may change on the way. That does not matter, since every step gives all slots of at least
/// its mark: one that no step has given had a beat below the mark when the last step looked at it.
final class CrestWalk implements PulseWalk {

  private static final int FOUND_MIN = 256;

  private final Runnable check;
  private final Pulse.Crest crest;
  private final int[] steps = new int[Pulse.Steps.COUNT];
  private int[] found = new int[FOUND_MIN];
  private int size;
  private int mark = Integer.MAX_VALUE;
  private boolean beyondCrest;

  /// @param check refuses to go on if the newest event has left the reader's time too far behind
  CrestWalk(Pulse pulse, Runnable check) {
    this.check = check;
    this.crest = pulse.crest();
    count(crest.entries, crest.size());
  }

  @Override
  public boolean deepen(int more) {
    if (mark <= 1) {
      return false;
    }
    int lowest = beyondCrest ? 1 : crest.threshold;
    if (mark <= lowest) {
      beyondCrest = true;
      lowest = 1;
      count(null, crest.all.size());
    }
    mark = Math.max(lowest, markFor(more));
    if (beyondCrest) {
      gatherAll();
    } else {
      gatherCrest();
    }
    check.run();
    return true;
  }

  @Override
  public int[] slots() {
    return found;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public double bound() {
    return mark == Integer.MAX_VALUE ? Double.POSITIVE_INFINITY : mark - 1;
  }

  private void count(int @Nullable [] entries, int count) {
    Arrays.fill(steps, 0);
    char[] beats = crest.all.beats;
    for (int i = 0; i < count; i++) {
      steps[Pulse.Steps.of(beats[entries == null ? i : entries[i]])]++;
    }
  }

  /// The mark under which there are so many more slots.
  private int markFor(int more) {
    int step = mark == Integer.MAX_VALUE ? Pulse.Steps.COUNT : Pulse.Steps.of(mark);
    int sum = 0;
    while (step > 1 && sum < more) {
      step--;
      sum += steps[step];
    }
    return Math.max(1, Pulse.Steps.least(step));
  }

  private void gatherCrest() {
    int count = crest.size();
    ensure(count);
    char[] beats = crest.all.beats;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int entry = crest.entries[i];
      found[kept] = crest.all.slots[entry];
      kept += beats[entry] >= mark ? 1 : 0;
    }
    size = kept;
  }

  private void gatherAll() {
    int count = crest.all.size();
    char[] beats = crest.all.beats;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (beats[i] >= mark) {
        if (kept == found.length) {
          found = Arrays.copyOf(found, 2 * kept);
        }
        found[kept++] = crest.all.slots[i];
      }
    }
    size = kept;
  }

  private void ensure(int count) {
    if (found.length <= count) {
      found = new int[count + 1];
    }
  }
}
