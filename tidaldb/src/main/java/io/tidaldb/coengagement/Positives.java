package io.tidaldb.coengagement;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.slot.SlotMap;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// For each user the last distinct items that the user engaged with positively, newest first.
///
/// Items that were deleted since are passed over by whoever reads, and leave when the user's window
/// changes next: a slot is one life, so a dead one never comes back.
///
/// **Threads.** One writer; readers copy under the user's version of [Stripes]:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `windows` | writer | volatile | volatile | the user has no window yet |
/// | an element of a window | writer | plain | plain | noticed by the version |
final class Positives {

  /// Ends a window that is not full.
  static final int NONE = -1;

  /// Users whose windows are saved together, as a power of two.
  static final int GROUP_SHIFT = 6;

  private static final int STRIPES = 1024;
  private static final int LENGTH_MIN = 4;
  private static final int[] EMPTY = {};

  private final SlotMap slots;
  private final Stripes stripes = new Stripes(STRIPES);
  private volatile int[] @Nullable [] windows = new int[0][];
  private IntConsumer beforeChange = group -> {};

  /// @param slots tells which items live
  Positives(SlotMap slots) {
    this.slots = slots;
  }

  /// @param told the group of users whose windows are about to change
  void onChange(IntConsumer told) {
    beforeChange = told;
  }

  /// A user's window, ended by [#NONE] or by its length; not to be kept. Writer.
  int[] window(int user) {
    var now = windows;
    int[] window = user < now.length ? now[user] : null;
    return window == null ? EMPTY : window;
  }

  /// Lets dead items leave a window. Writer, before the window is used.
  void bury(int user) {
    int[] window = window(user);
    for (int item : window) {
      if (item != NONE && slots.isDead(EntityKind.ITEM, item)) {
        change(user, living(window));
        return;
      }
    }
  }

  private int[] living(int[] window) {
    return Arrays.stream(window)
        .takeWhile(item -> item != NONE)
        .filter(item -> !slots.isDead(EntityKind.ITEM, item))
        .toArray();
  }

  /// Makes an item the newest of a window if it is in it. Writer.
  boolean renew(int user, int item) {
    int[] window = window(user);
    for (int i = 0; i < window.length && window[i] != NONE; i++) {
      if (window[i] == item) {
        push(user, window, i, item);
        return true;
      }
    }
    return false;
  }

  /// Makes an item that is not in a window its newest; beyond the most the oldest leaves. Writer.
  void enter(int user, int item, int most) {
    int[] window = window(user);
    int size = size(window);
    if (size < window.length) {
      push(user, window, size, item);
    } else if (size >= most) {
      push(user, window, most - 1, item);
    } else {
      int[] longer = new int[Math.min(most, Math.max(LENGTH_MIN, 2 * size))];
      Arrays.fill(longer, NONE);
      longer[0] = item;
      System.arraycopy(window, 0, longer, 1, size);
      change(user, longer);
    }
  }

  private void push(int user, int[] window, int last, int item) {
    beforeChange.accept(user >>> GROUP_SHIFT);
    stripes.touch(user);
    System.arraycopy(window, 0, window, 1, last);
    window[0] = item;
    stripes.release();
  }

  /// Replaces a window. Writer.
  void change(int user, int @Nullable [] window) {
    beforeChange.accept(user >>> GROUP_SHIFT);
    stripes.touch(user);
    set(user, window);
    stripes.release();
  }

  private void set(int user, int @Nullable [] window) {
    var now = windows;
    if (user >= now.length) {
      now = Arrays.copyOf(now, Math.max(user + 1, now.length + (now.length >> 1)));
    }
    now[user] = window;
    windows = now;
  }

  /// Loads a window. Writer, before any reader.
  void load(int user, int[] window) {
    set(user, window);
  }

  /// Forgets a user. Writer.
  void remove(int user) {
    if (window(user).length > 0) {
      change(user, null);
    }
  }

  /// Shortens every window to the newest so many. Writer.
  void shorten(int most) {
    for (int user = 0; user < windows.length; user++) {
      int[] window = window(user);
      if (size(window) > most) {
        int[] living = living(window);
        change(user, Arrays.copyOf(living, Math.min(living.length, most)));
      }
    }
  }

  /// A user's living positives, newest first. Any thread.
  ///
  /// @param items takes their slots
  /// @return how many there are, at most as many as fit
  int recent(int user, int[] items) {
    if (user < 0) {
      return 0;
    }
    while (true) {
      int version = stripes.version(user);
      int count = 0;
      for (int item : window(user)) {
        if (item == NONE || count == items.length) {
          break;
        }
        if (!slots.isDead(EntityKind.ITEM, item)) {
          items[count++] = item;
        }
      }
      if (stripes.unchanged(user, version)) {
        return count;
      }
    }
  }

  /// Slots below which every user with a window is. Writer.
  int users() {
    return windows.length;
  }

  /// Groups that have a window. Writer.
  BitSet groups() {
    var groups = new BitSet();
    for (int user = 0; user < windows.length; user++) {
      if (window(user).length > 0) {
        groups.set(user >>> GROUP_SHIFT);
      }
    }
    return groups;
  }

  static int size(int[] window) {
    int size = window.length;
    while (size > 0 && window[size - 1] == NONE) {
      size--;
    }
    return size;
  }

  /// Bytes of the arrays.
  long bytes() {
    long bytes = 16 + 4L * windows.length;
    for (int user = 0; user < windows.length; user++) {
      int length = window(user).length;
      bytes += length == 0 ? 0 : 16 + 4L * length;
    }
    return bytes;
  }
}
