package io.tidaldb.entity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Which slots held an id, for each id: a list of slots that contains all that hold it, and maybe
/// some that do not any more. Derived: never saved, rebuilt at load. Readers ask the column about
/// each slot.
///
/// A list is an array with the number of its slots in front. The lists stand in a table by the hash
/// of their ids.
///
/// **Threads.** One writer; readers never wait.
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `table` | writer | volatile | volatile | ids of a moment ago |
/// | a list in the table | writer | release, after its id | acquire | a slot of an event in flight is missing |
/// | a list's first element | writer | release, after the slot | acquire | the same |
final class Postings {

  private static final VarHandle LIST = MethodHandles.arrayElementVarHandle(int[][].class);
  private static final VarHandle SIZE = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int[] NOTHING = {};
  private static final int TABLE_MIN = 16;

  private volatile Table table = new Table(TABLE_MIN);
  private int ids;

  /// Ids and their lists, open addressing.
  private static final class Table {
    private final long[] ids;
    private final int[] @Nullable [] lists;

    Table(int length) {
      ids = new long[length];
      lists = new int[length][];
    }

    /// Where an id stands, or would.
    int place(long id) {
      int mask = ids.length - 1;
      int at = hash(id) & mask;
      while (true) {
        int[] list = (int[]) LIST.getAcquire(lists, at);
        if (list == null || ids[at] == id) {
          return at;
        }
        at = at + 1 & mask;
      }
    }

    private static int hash(long id) {
      long mixed = id * 0x9E3779B97F4A7C15L;
      return (int) (mixed >>> 32);
    }
  }

  /// The slots in the list of an id; the caller's own.
  int[] slots(long id) {
    var known = table;
    int[] list = (int[]) LIST.getAcquire(known.lists, known.place(id));
    return list == null ? NOTHING : Arrays.copyOfRange(list, 1, 1 + (int) SIZE.getAcquire(list, 0));
  }

  /// A slot holds an id from now on. Writer.
  ///
  /// @param holds whether another slot in the list still holds it
  void add(long id, int slot, IntPredicate holds) {
    var known = table;
    int at = known.place(id);
    int[] list = known.lists[at];
    if (list == null) {
      begin(id, slot);
      return;
    }
    int size = list[0];
    if (size + 1 == list.length) {
      list = grown(list, holds);
      size = list[0];
      list[size + 1] = slot;
      list[0] = size + 1;
      LIST.setRelease(known.lists, at, list);
    } else {
      list[size + 1] = slot;
      SIZE.setRelease(list, 0, size + 1);
    }
  }

  /// Takes every id with the slots in its list. Writer.
  void forEach(Lists lists) {
    var known = table;
    for (int i = 0; i < known.ids.length; i++) {
      if (known.lists[i] != null) {
        lists.list(known.ids[i], slots(known.ids[i]));
      }
    }
  }

  /// Takes lists.
  interface Lists {
    /// The slots that hold an id, or held it.
    void list(long id, int[] slots);
  }

  /// Forgets everything. Writer.
  void clear() {
    table = new Table(TABLE_MIN);
    ids = 0;
  }

  private void begin(long id, int slot) {
    if (2 * (ids + 1) > table.ids.length) {
      enlarge();
    }
    var known = table;
    int at = known.place(id);
    known.ids[at] = id;
    LIST.setRelease(known.lists, at, new int[] {1, slot});
    ids++;
  }

  /// A list with room for one more, without what no slot holds any more, and nothing twice.
  private static int[] grown(int[] list, IntPredicate holds) {
    int[] living = Arrays.stream(list, 1, 1 + list[0]).filter(holds).sorted().distinct().toArray();
    int[] fresh = new int[1 + living.length + 1 + living.length / 4];
    fresh[0] = living.length;
    System.arraycopy(living, 0, fresh, 1, living.length);
    return fresh;
  }

  private void enlarge() {
    var old = table;
    var fresh = new Table(2 * old.ids.length);
    for (int i = 0; i < old.ids.length; i++) {
      int[] list = old.lists[i];
      if (list != null) {
        int at = fresh.place(old.ids[i]);
        fresh.ids[at] = old.ids[i];
        fresh.lists[at] = list;
      }
    }
    table = fresh;
  }
}
