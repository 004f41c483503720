package io.tidaldb.slot;

import com.google.errorprone.annotations.Var;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// The slots of one kind of entity.
///
/// **Threads.** One writer; readers never wait:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `count` | writer, after the id and before the table | release | acquire | a slot fewer |
final class KindSlots {

  static final int IDS = 0;
  static final int DEAD = 1;

  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(KindSlots.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final EntityKind kind;
  final LongPages ids = new LongPages();
  final LongPages dead = new LongPages();
  private final SlotTable table = new SlotTable();
  private int count;

  /// Pages and ids that were loaded, to see whether any is missing.
  private int loadedPages;

  private long loadedIds;

  KindSlots(EntityKind kind) {
    this.kind = kind;
  }

  int slot(long id) {
    return table.get(id);
  }

  long id(int slot) {
    if (slot < 0 || slot >= count()) {
      throw new IllegalArgumentException(
          "no such slot: kind=" + kind + " slot=" + slot + " count=" + count());
    }
    return ids.get(slot);
  }

  int count() {
    return (int) COUNT.getAcquire(this);
  }

  boolean isDead(int slot) {
    return (dead.get(slot >> 6) >>> slot & 1) != 0;
  }

  /// Gives the id a slot if it has none.
  void assign(long id) {
    if (table.get(id) >= 0) {
      return;
    }
    int slot = count;
    if (slot == Integer.MAX_VALUE) {
      throw new IllegalStateException("no slots left: kind=" + kind);
    }
    ids.set(slot, id);
    COUNT.setRelease(this, slot + 1);
    table.put(id, slot);
  }

  /// Ends the life of the id's slot, if it has one.
  void retire(long id) {
    int slot = table.get(id);
    if (slot >= 0) {
      table.remove(id);
      dead.set(slot >> 6, dead.get(slot >> 6) | 1L << slot);
    }
  }

  /// Ends the life of the id's slot, if it has one, and forgets the id: the slot reads as id 0 from
  /// then on.
  void forget(long id) {
    int slot = table.get(id);
    retire(id);
    if (slot >= 0) {
      ids.set(slot, 0);
    }
  }

  /// Longs of a page of ids that are slots given out, when `count` were.
  static int used(int page, int count) {
    return Math.min(LongPages.PAGE_LONGS, count - page * LongPages.PAGE_LONGS);
  }

  void load(int page, int column, byte[] content) {
    if (column == DEAD) {
      dead.load(page, content);
      return;
    }
    ids.load(page, content);
    loadedPages++;
    loadedIds += content.length / 8;
    count = Math.max(count, page * LongPages.PAGE_LONGS + content.length / 8);
  }

  /// Rebuilds the table; refuses pages that do not fit together.
  void loaded() {
    if (loadedIds != count) {
      throw new IllegalArgumentException(
          "pages of ids are missing or short: kind="
              + kind
              + " pages="
              + loadedPages
              + " ids="
              + loadedIds
              + " slots="
              + count);
    }
    for (@Var int slot = 0; slot < count; slot++) {
      if (isDead(slot)) {
        continue;
      }
      long id = ids.get(slot);
      if (table.get(id) >= 0) {
        throw new IllegalArgumentException(
            "two living slots of one id: kind="
                + kind
                + " id="
                + Long.toUnsignedString(id)
                + " slot="
                + slot);
      }
      table.put(id, slot);
    }
    COUNT.setRelease(this, count);
  }

  void clear() {
    table.clear();
    ids.clear();
    dead.clear();
    loadedPages = 0;
    loadedIds = 0;
    COUNT.setRelease(this, 0);
  }

  void digest(StateSink sink) {
    for (@Var int slot = 0; slot < count; slot++) {
      var _ =
          sink.entry("slot", kind + " " + slot)
              .value("id", ids.get(slot))
              .value("dead", isDead(slot) ? 1 : 0);
    }
  }

  List<String> verify() {
    List<String> wrong = new ArrayList<>();
    @Var int living = 0;
    for (@Var int slot = 0; slot < count; slot++) {
      long id = ids.get(slot);
      if (isDead(slot)) {
        continue;
      }
      living++;
      if (table.get(id) != slot) {
        wrong.add(
            "slot is not found by its id: kind="
                + kind
                + " id="
                + Long.toUnsignedString(id)
                + " slot="
                + slot
                + " found="
                + table.get(id));
      }
    }
    if (living != table.size()) {
      wrong.add(
          "living slots and ids differ: kind="
              + kind
              + " slots="
              + living
              + " ids="
              + table.size());
    }
    return wrong;
  }
}
