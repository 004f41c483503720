package io.tidaldb.cohort;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.ledger.FrozenPart;
import io.tidaldb.ledger.Ledger;
import io.tidaldb.ledger.Ledgers;
import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;
import io.tidaldb.ledger.PairCodec;
import io.tidaldb.ledger.PairPage;
import io.tidaldb.log.PageView.PageKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One signal type in all cohorts. Its ledger has no slot per entity but a *cell* per pair of
/// cohort and entity that has events; here stands which.
///
/// Cells are handed out in parts of 128 that belong to one cohort, the lowest free one first, so a
/// cohort's cells are near each other and a cohort that goes gives whole parts back. The first cell
/// of a cohort is its [#TOTAL]. A hash table (open addressing, 64 tables that grow one at a time)
/// leads from cohort and entity to the cell; it holds cells only, and the key is compared at the
/// cell.
///
/// The page of a part: `version u8 | cells varint | { entity slot + 1 varint, 0 total } … | the
/// ledger's part`.
///
/// **Threads.** One writer, any number of readers. A reader that looked a cell up and read it asks
/// [#holds] again, for the cell may have passed to another pair meanwhile.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `keys`, `owners` (arrays) | writer | volatile | volatile | a cell less |
/// | elements of them | writer, before the table's entry | opaque + fence | acquire fence + opaque | seen by [#holds] |
/// | elements of `tables` | writer | release | acquire | a pair less |
final class Cells {

  /// The key of the cell that counts every event of the cohort.
  static final int TOTAL = -2;

  private static final int FREE = -1;
  private static final int VERSION = 1;
  private static final int TABLES_BITS = 6;
  private static final int CAPACITY_MIN = 8;
  private static final int REMOVED = -1;
  private static final int PART_MASK = PairPage.PART_SLOTS - 1;
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(int[][].class);
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);

  private final Ledger ledger;
  private final int[][] tables = new int[1 << TABLES_BITS][CAPACITY_MIN];
  private final int[] taken = new int[1 << TABLES_BITS];
  private final BitSet freeParts = new BitSet();
  private int[] locals = new int[0];
  private int nextPart;
  private long pairs;
  private volatile int[][] keys = new int[0][];
  private volatile int[] owners = new int[0];
  private volatile @Nullable CellRun[] runs = new CellRun[0];

  /// @param ledger empty, made for scopes
  Cells(Ledger ledger) {
    this.ledger = ledger;
  }

  Ledger ledger() {
    return ledger;
  }

  /// Pairs of cohort and entity, without totals.
  long pairs() {
    return pairs;
  }

  /// Pairs of one cohort.
  long pairs(int cohort) {
    var run = run(cohort);
    return run == null ? 0 : run.pairs();
  }

  /* --- finding; any thread --- */

  /// The cell of an entity, or −1.
  int cell(int cohort, int slot) {
    long hash = hash(cohort, slot);
    var table = (int[]) TABLE.getAcquire(tables, (int) (hash >>> (64 - TABLES_BITS)));
    int mask = table.length - 1;
    for (int i = (int) hash & mask; ; i = (i + 1) & mask) {
      int stored = (int) ELEMENT.getAcquire(table, i);
      if (stored == 0) {
        return -1;
      }
      if (stored != REMOVED && isOf(stored - 1, cohort, slot)) {
        return stored - 1;
      }
    }
  }

  /// Whether the cell is still that of the pair: asked after it was read.
  boolean holds(int cell, int cohort, int slot) {
    VarHandle.acquireFence();
    return isOf(cell, cohort, slot);
  }

  /// One more than the greatest cohort that ever had cells here.
  int cohortsEnd() {
    return runs.length;
  }

  /// The cohort's run of cells, or null.
  @Nullable CellRun run(int cohort) {
    var now = runs;
    return cohort < now.length ? now[cohort] : null;
  }

  /// The entity's slot in a cell of a run, [#TOTAL], or −1 for a cell that is free.
  int key(int cell) {
    return (int) ELEMENT.getOpaque(keys[cell >>> PairPage.PART_SHIFT], cell & PART_MASK);
  }

  private boolean isOf(int cell, int cohort, int slot) {
    int part = cell >>> PairPage.PART_SHIFT;
    return (int) ELEMENT.getOpaque(owners, part) == cohort && key(cell) == slot;
  }

  /* --- changing; writer --- */

  /// Folds an event of an entity in a cohort, for both the entity and the cohort's total.
  void record(int cohort, int slot, long time, double weight, long newest) {
    var run = run(cohort);
    // The total is the first cell of every run, and never freed.
    int total = run == null ? cellForWrite(cohort, TOTAL) : run.cell(0);
    ledger.apply(total, time, weight, newest, CrashInjector.NONE);
    int cell = cellForWrite(cohort, slot);
    ledger.apply(cell, time, weight, newest, CrashInjector.NONE);
  }

  /// Forgets an entity in a cohort; the cohort's total stays.
  ///
  /// @return whether there was anything
  private boolean forget(int cohort, int slot) {
    int cell = cell(cohort, slot);
    if (cell < 0) {
      return false;
    }
    ledger.touch(cell);
    ledger.clear(cell);
    unlink(hash(cohort, slot), cell);
    set(cell, FREE);
    var run = existing(cohort);
    run.freed(locals[cell >>> PairPage.PART_SHIFT] << PairPage.PART_SHIFT | (cell & PART_MASK));
    pairs--;
    return true;
  }

  /// Forgets an entity in every cohort.
  void forgetEverywhere(int slot) {
    for (var run : runs) {
      if (run != null) {
        var _ = forget(run.cohort(), slot);
      }
    }
  }

  /// Forgets a cohort.
  void forget(int cohort, PageKeys gone) {
    var run = run(cohort);
    if (run == null) {
      return;
    }
    for (int local = 0; local < run.parts(); local++) {
      int part = run.part(local);
      gone.add(pageKey(cohort, local));
      for (int i = 0; i < PairPage.PART_SLOTS; i++) {
        int cell = part << PairPage.PART_SHIFT | i;
        int key = key(cell);
        if (key != FREE) {
          ledger.clear(cell);
          unlink(hash(cohort, key), cell);
          set(cell, FREE);
        }
      }
      ELEMENT.setOpaque(owners, part, 0);
      freeParts.set(part);
    }
    pairs -= run.pairs();
    var now = runs.clone();
    now[cohort] = null;
    runs = now;
  }

  /// Takes keys of pages that are gone.
  interface PageKeys {
    void add(PageKey key);
  }

  /// The names of all pages.
  void forEachPage(PageKeys all) {
    for (var run : runs) {
      for (int local = 0; run != null && local < run.parts(); local++) {
        all.add(pageKey(run.cohort(), local));
      }
    }
  }

  private int cellForWrite(int cohort, int slot) {
    int known = cell(cohort, slot);
    if (known >= 0) {
      return known;
    }
    var run = runForWrite(cohort);
    int place = run.free(this::isFree);
    if (place >>> PairPage.PART_SHIFT >= run.parts()) {
      run.add(takePart(cohort, run.parts()));
    }
    int cell = run.cell(place);
    ledger.touch(cell);
    set(cell, slot);
    VarHandle.releaseFence();
    link(hash(cohort, slot), cell);
    run.taken(place, slot != TOTAL);
    pairs += slot == TOTAL ? 0 : 1;
    return cell;
  }

  private boolean isFree(int cell) {
    return key(cell) == FREE;
  }

  private CellRun existing(int cohort) {
    var run = run(cohort);
    if (run == null) {
      throw new IllegalStateException("a pair has no run of cells: cohort=" + cohort);
    }
    return run;
  }

  private CellRun runForWrite(int cohort) {
    var known = run(cohort);
    if (known != null) {
      return known;
    }
    var now = Arrays.copyOf(runs, Math.max(runs.length, cohort + 1));
    var run = new CellRun(cohort);
    now[cohort] = run;
    runs = now;
    return run;
  }

  private int takePart(int cohort, int local) {
    int part = freeParts.nextSetBit(0);
    if (part >= 0) {
      freeParts.clear(part);
    } else {
      part = nextPart++;
      int[][] table = keys;
      if (part >= table.length) {
        int length = PairPage.tableLength(part);
        owners = Arrays.copyOf(owners, length);
        locals = Arrays.copyOf(locals, length);
        table = Arrays.copyOf(table, length);
      }
      int[] fresh = new int[PairPage.PART_SLOTS];
      Arrays.fill(fresh, FREE);
      table[part] = fresh;
      // A volatile write, so that a reader who finds a cell sees its part.
      keys = table;
    }
    locals[part] = local;
    ELEMENT.setOpaque(owners, part, cohort);
    return part;
  }

  private void set(int cell, int key) {
    ELEMENT.setOpaque(keys[cell >>> PairPage.PART_SHIFT], cell & PART_MASK, key);
  }

  private void link(long hash, int cell) {
    int number = (int) (hash >>> (64 - TABLES_BITS));
    int[] table = tables[number];
    if (taken[number] >= table.length / 8 * 5) {
      table = copy(table, number);
    }
    insert(table, hash, cell);
    taken[number]++;
    TABLE.setRelease(tables, number, table);
  }

  private static void insert(int[] table, long hash, int cell) {
    int mask = table.length - 1;
    int i = (int) hash & mask;
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    ELEMENT.setRelease(table, i, cell + 1);
  }

  private int[] copy(int[] table, int number) {
    int live = 0;
    for (int stored : table) {
      live += stored > 0 ? 1 : 0;
    }
    int capacity = CAPACITY_MIN;
    while (capacity / 8 * 5 <= live + live / 4) {
      capacity = Math.multiplyExact(capacity, 2);
    }
    int[] copy = new int[capacity];
    for (int stored : table) {
      if (stored > 0) {
        int cell = stored - 1;
        insert(copy, hash(owners[cell >>> PairPage.PART_SHIFT], key(cell)), cell);
      }
    }
    taken[number] = live;
    return copy;
  }

  private void unlink(long hash, int cell) {
    int[] table = tables[(int) (hash >>> (64 - TABLES_BITS))];
    int mask = table.length - 1;
    int i = (int) hash & mask;
    while (table[i] != cell + 1) {
      i = (i + 1) & mask;
    }
    ELEMENT.setRelease(table, i, REMOVED);
  }

  /// Spreads every bit over all bits (the finalizer of MurmurHash3).
  private static long hash(int cohort, int slot) {
    long h = (long) cohort << 32 | (slot & 0xFFFF_FFFFL);
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  /* --- pages; writer, the encoding on the checkpointer --- */

  private PageKey pageKey(int cohort, int local) {
    return new PageKey((long) cohort << 32 | local, Ledgers.pageType(ledger), 1);
  }

  /// Adds the parts that changed, or all.
  void freeze(boolean all, long newest, List<FrozenPart> parts) {
    for (var run : runs) {
      for (int local = 0; run != null && local < run.parts(); local++) {
        int firstCell = run.part(local) << PairPage.PART_SHIFT;
        var page = ledger.pageForWrite(firstCell);
        int part = (firstCell & PairPage.MASK) >>> PairPage.PART_SHIFT;
        if (all || page.dirty[part]) {
          page.dirty[part] = false;
          var frozen =
              new FrozenPart(ledger, pageKey(run.cohort(), local), this::encode, firstCell, newest);
          page.frozen[part] = frozen;
          parts.add(frozen);
        }
      }
    }
  }

  private byte[] encode(PairCodec codec, FrozenPart part) {
    byte[] content = codec.encode(part);
    if (content.length == 0) {
      return content;
    }
    var out = new PageWriter();
    int count = 0;
    for (int i = 0; i < PairPage.PART_SLOTS; i++) {
      int cell = part.firstSlot() + i;
      if (part.page().counts[cell & PairPage.MASK] > 0) {
        out.varint(key(cell) == TOTAL ? 0 : key(cell) + 1L);
        count++;
      }
    }
    return new PageWriter().u8(VERSION).varint(count).bytes(out.toBytes()).bytes(content).toBytes();
  }

  /// Loads a page into empty cells.
  void load(PageKey page, byte[] content) {
    int cohort = (int) (page.page() >>> 32);
    int local = (int) page.page();
    if (cohort <= 0 || local < 0) {
      throw new IllegalArgumentException("no page of a cohort: key=" + page);
    }
    var in = new PageSource(content);
    if (in.u8() != VERSION) {
      throw new IllegalArgumentException("page version not known: key=" + page);
    }
    int[] found = new int[in.count(PairPage.PART_SLOTS)];
    for (int i = 0; i < found.length; i++) {
      int stored = in.count(Integer.MAX_VALUE);
      found[i] = stored == 0 ? TOTAL : stored - 1;
    }
    var run = runForWrite(cohort);
    while (run.parts() <= local) {
      run.add(takePart(cohort, run.parts()));
    }
    int firstCell = run.part(local) << PairPage.PART_SHIFT;
    new PairCodec().decode(in.rest(), ledger, run.part(local));
    var counts = ledger.pageForWrite(firstCell).counts;
    int at = 0;
    for (int i = 0; i < PairPage.PART_SLOTS; i++) {
      if (counts[firstCell + i & PairPage.MASK] > 0) {
        if (at == found.length || cell(cohort, found[at]) >= 0) {
          throw new IllegalArgumentException("keys and cells differ: key=" + page);
        }
        set(firstCell + i, found[at]);
        link(hash(cohort, found[at]), firstCell + i);
        run.taken(local << PairPage.PART_SHIFT | i, found[at] != TOTAL);
        pairs += found[at] == TOTAL ? 0 : 1;
        at++;
      }
    }
    if (at != found.length) {
      throw new IllegalArgumentException("keys and cells differ: key=" + page);
    }
  }

  /// Bytes of all arrays, the ledger's too.
  long bytes() {
    long bytes = ledger.bytes() + 8L * keys.length;
    for (int[] table : tables) {
      bytes += 16 + 4L * table.length;
    }
    for (int[] part : keys) {
      bytes += part == null ? 0 : 16 + 4L * part.length;
    }
    for (var run : runs) {
      bytes += run == null ? 4 : run.bytes();
    }
    return bytes;
  }
}
