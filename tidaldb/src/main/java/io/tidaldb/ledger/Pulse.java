package io.tidaldb.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The slots of one type that may have events in the last day, each with a *beat*: a number that no
/// count of the slot in a window of up to 24 hours exceeds. Derived: never saved, rebuilt at load.
///
/// A beat rises by one with every event. Once an hour of event time it is brought down to the count
/// of the newest 25 hours, a few slots per event: 25 because reads may lie up to an hour before the
/// newest event. Between that it is only too high. Slots without events in that time are left out,
/// so this costs no column: memory follows the slots that move.
///
/// Slots of the greatest beats are also listed by themselves, the *crest*: all that have at least
/// its threshold, which moves so that the list stays short.
///
/// **Threads.** One writer, any number of readers, see [CrestWalk].
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `crest` | writer | volatile | volatile | lists of a moment ago; whole in themselves |
/// | `size` of both lists | writer | release, after the entry | acquire | a slot later than the query's start is missing |
/// | beats (array elements) | writer | plain | plain | one event late; never torn |
/// | all else | writer | plain | writer only | – |
public final class Pulse {

  /// What a beat that would be greater stands at: no bound at all.
  static final int UNBOUNDED = Character.MAX_VALUE;

  private static final int HOURS = 25;
  private static final int STEPS_PER_EVENT = 2;
  private static final int SIZE_MIN = 64;

  /// How many slots the crest may hold.
  private final int crestMax;

  private Crest crest = new Crest(new Beats(SIZE_MIN), new int[SIZE_MIN], 0, 1);

  /// Numbers of entries, plus one, by the hash of their slots.
  private int[] table = new int[2 * SIZE_MIN];

  /// Entries that are on the crest.
  private long[] onCrest = new long[1];

  private int dead;
  private int next;
  private long tightenedHour = -1;
  private WindowRange range = WindowRange.hoursFrom(0);
  private long rangeHour = -1;
  private volatile Crest published = crest;

  /// @param crestMax how many slots the crest may hold
  Pulse(int crestMax) {
    this.crestMax = crestMax;
  }

  /// Every slot with its beat; those of beat 0 are dead.
  static final class Beats {
    private static final VarHandle SIZE = sizeOf(Beats.class);

    final int[] slots;
    final char[] beats;
    private int size;

    Beats(int capacity) {
      slots = new int[capacity];
      beats = new char[capacity];
    }

    int size() {
      return (int) SIZE.getAcquire(this);
    }
  }

  /// The entries of at least a threshold.
  static final class Crest {
    private static final VarHandle SIZE = sizeOf(Crest.class);

    final Beats all;
    final int[] entries;
    final int threshold;
    private int size;

    Crest(Beats all, int[] entries, int size, int threshold) {
      this.all = all;
      this.entries = entries;
      this.size = size;
      this.threshold = threshold;
    }

    int size() {
      return (int) SIZE.getAcquire(this);
    }
  }

  private static VarHandle sizeOf(Class<?> list) {
    try {
      return MethodHandles.privateLookupIn(list, MethodHandles.lookup())
          .findVarHandle(list, "size", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// The lists as they are. Any thread.
  Crest crest() {
    return published;
  }

  /// One more event of a slot, which its buckets hold already. Writer.
  void beat(Ledger ledger, int slot, long time, long newest) {
    long hour = newest / Granule.HOUR_NANOS;
    if (hour != rangeHour) {
      rangeHour = hour;
      range = WindowRange.hoursFrom(hour - HOURS + 1);
    }
    if (time / Granule.HOUR_NANOS > hour - HOURS) {
      raise(slot);
    }
    tighten(ledger, hour);
  }

  /// A slot has no events any more. Writer.
  void clear(int slot) {
    int entry = entry(slot);
    if (entry >= 0 && crest.all.beats[entry] > 0) {
      crest.all.beats[entry] = 0;
      dead++;
    }
  }

  /// Takes the beats from the buckets. Writer.
  void rebuild(Ledger ledger, long newest) {
    crest = new Crest(new Beats(SIZE_MIN), new int[SIZE_MIN], 0, 1);
    table = new int[2 * SIZE_MIN];
    onCrest = new long[1];
    dead = 0;
    next = 0;
    rangeHour = newest / Granule.HOUR_NANOS;
    range = WindowRange.hoursFrom(rangeHour - HOURS + 1);
    var pages = ledger.pages();
    for (int p = 0; p < pages.length; p++) {
      var page = pages[p];
      for (int i = 0; page != null && i < page.windows.length; i++) {
        int beat = page.windows[i] == 0 ? 0 : bounded(ledger.windows().sum(page, i, range));
        if (beat > 0) {
          append(p << PairPage.SHIFT | i, beat);
        }
      }
    }
    next = crest.all.size;
    tightenedHour = rangeHour;
    choose();
    published = crest;
  }

  /// The beat of a slot. Writer.
  int of(int slot) {
    int entry = entry(slot);
    return entry < 0 ? 0 : crest.all.beats[entry];
  }

  /// How many slots of the crest's threshold are not on it: 0, or the view is broken. Writer.
  int missing() {
    int missing = 0;
    for (int entry = 0; entry < crest.all.size; entry++) {
      missing += crest.all.beats[entry] >= crest.threshold && !isOnCrest(entry) ? 1 : 0;
    }
    return missing;
  }

  /// Bytes of the arrays.
  long bytes() {
    return 96L
        + 6L * crest.all.slots.length
        + 4L * crest.entries.length
        + 4L * table.length
        + 8L * onCrest.length;
  }

  private void raise(int slot) {
    int entry = entry(slot);
    if (entry < 0) {
      append(slot, 1);
      return;
    }
    char[] beats = crest.all.beats;
    int beat = beats[entry];
    if (beat == UNBOUNDED) {
      return;
    }
    dead -= beat == 0 ? 1 : 0;
    beats[entry] = (char) (beat + 1);
    // A beat rises by one, so it passes the threshold only here.
    if (beat + 1 == crest.threshold && !isOnCrest(entry)) {
      mount(entry);
    }
  }

  /// Brings down a few beats, until all of them were brought down in this hour.
  private void tighten(Ledger ledger, long hour) {
    if (next >= crest.all.size) {
      if (hour == tightenedHour) {
        return;
      }
      tightenedHour = hour;
      next = 0;
      // Once an hour, so a scan is cheap and the dead take little room.
      if (dead > crest.all.size / 8) {
        resize();
      }
      choose();
    }
    int end = Math.min(crest.all.size, next + STEPS_PER_EVENT);
    for (; next < end; next++) {
      int beat = crest.all.beats[next];
      if (beat > 0) {
        int slot = crest.all.slots[next];
        var page = ledger.page(slot);
        int exact =
            page == null ? 0 : bounded(ledger.windows().sum(page, slot & PairPage.MASK, range));
        crest.all.beats[next] = (char) Math.min(beat, exact);
        dead += exact == 0 ? 1 : 0;
      }
    }
  }

  private static int bounded(long count) {
    return (int) Math.min(count, UNBOUNDED);
  }

  private int entry(int slot) {
    for (int at = home(slot); table[at] != 0; at = behind(at)) {
      int entry = table[at] - 1;
      if (crest.all.slots[entry] == slot) {
        return entry;
      }
    }
    return -1;
  }

  /// Where a slot is looked for first: its hash, scaled to the table's length.
  private int home(int slot) {
    int mixed = slot * 0x9E3779B9;
    return (int) ((((mixed ^ (mixed >>> 15)) & 0xFFFF_FFFFL) * table.length) >>> 32);
  }

  private int behind(int at) {
    return at + 1 == table.length ? 0 : at + 1;
  }

  private void append(int slot, int beat) {
    if (crest.all.size == crest.all.slots.length) {
      resize();
    }
    int entry = crest.all.size;
    crest.all.slots[entry] = slot;
    crest.all.beats[entry] = (char) beat;
    put(slot, entry);
    Beats.SIZE.setRelease(crest.all, entry + 1);
    if (beat >= crest.threshold) {
      mount(entry);
    }
  }

  private void put(int slot, int entry) {
    int at = home(slot);
    while (table[at] != 0) {
      at = behind(at);
    }
    table[at] = entry + 1;
  }

  /// New lists without the dead, with room for a sixteenth more, and a table that they fill by
  /// seven eighths: there is an entry for most of what moves, so room is what counts.
  private void resize() {
    var old = crest.all;
    int living = old.size - dead;
    int capacity = Math.max(SIZE_MIN, living + living / 16 + 1);
    var fresh = new Beats(capacity);
    table = new int[capacity + capacity / 7];
    for (int entry = 0; entry < old.size; entry++) {
      if (old.beats[entry] > 0) {
        fresh.slots[fresh.size] = old.slots[entry];
        fresh.beats[fresh.size] = old.beats[entry];
        put(old.slots[entry], fresh.size++);
      }
    }
    next = Math.min(next, fresh.size);
    if (dead > 0) {
      // Entries moved: what was brought down is no longer the front part.
      next = 0;
      dead = 0;
    }
    list(fresh, crest.threshold);
  }

  private boolean isOnCrest(int entry) {
    return (onCrest[entry >>> 6] & 1L << entry) != 0;
  }

  private void mount(int entry) {
    if (crest.size == crestMax) {
      choose();
      if (crest.all.beats[entry] < crest.threshold || isOnCrest(entry)) {
        return;
      }
    }
    if (crest.size == crest.entries.length) {
      int length = Math.min(crestMax, 2 * crest.size);
      crest =
          new Crest(crest.all, Arrays.copyOf(crest.entries, length), crest.size, crest.threshold);
      published = crest;
    }
    onCrest[entry >>> 6] |= 1L << entry;
    crest.entries[crest.size] = entry;
    Crest.SIZE.setRelease(crest, crest.size + 1);
  }

  /// Lists the crest anew under the lowest threshold that leaves half of it free.
  private void choose() {
    int[] steps = new int[Steps.COUNT];
    for (int entry = 0; entry < crest.all.size; entry++) {
      steps[Steps.of(crest.all.beats[entry])]++;
    }
    int step = Steps.COUNT;
    int listed = 0;
    while (step > 1 && listed + steps[step - 1] <= crestMax / 2) {
      step--;
      listed += steps[step];
    }
    list(crest.all, Steps.least(step));
  }

  private void list(Beats all, int threshold) {
    onCrest = new long[(all.slots.length + 63) >>> 6];
    var fresh = new Crest(all, new int[Math.max(SIZE_MIN, crest.entries.length)], 0, threshold);
    for (int entry = 0; entry < all.size; entry++) {
      if (all.beats[entry] >= threshold) {
        onCrest[entry >>> 6] |= 1L << entry;
        if (fresh.size == fresh.entries.length) {
          fresh = new Crest(all, Arrays.copyOf(fresh.entries, crestMax), fresh.size, threshold);
        }
        fresh.entries[fresh.size++] = entry;
      }
    }
    crest = fresh;
    published = fresh;
  }

  /// Numbers in steps of an eighth, to count how many are how great. Threads: pure functions.
  static final class Steps {

    static final int COUNT = 8 * 29;

    private Steps() {}

    /// The step of a number.
    static int of(int number) {
      if (number < 8) {
        return number;
      }
      int exponent = 31 - Integer.numberOfLeadingZeros(number);
      return 8 * (exponent - 2) + ((number >>> (exponent - 3)) & 7);
    }

    /// The least number of a step; beyond the last, a number that only what has no bound reaches.
    static int least(int step) {
      if (step < 8) {
        return step;
      }
      if (step >= COUNT) {
        return UNBOUNDED;
      }
      int exponent = step / 8 + 2;
      return (1 << exponent) | ((step & 7) << (exponent - 3));
    }
  }
}
