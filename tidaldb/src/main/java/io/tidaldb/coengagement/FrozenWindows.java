package io.tidaldb.coengagement;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The windows of one group of users as they were at a position. Whoever comes first encodes them:
/// the checkpointer when it gets there, or the writer just before it changes one.
///
/// ```
///  for each user with a window, by slot:
///  | slot within the group u8 | items u8 | slot of the item i32 × items, newest first |
/// ```
///
/// **Threads.** `preserve` (writer) and `take` (checkpointer) exclude each other; the writer waits
/// at most for the encoding of one group.
final class FrozenWindows {

  private final Positives positives;
  private final int group;
  private byte @Nullable [] encoded;
  private boolean taken;

  FrozenWindows(Positives positives, int group) {
    this.positives = positives;
    this.group = group;
  }

  /// Keeps the windows as they are now. Writer, before one changes.
  synchronized void preserve() {
    if (!taken && encoded == null) {
      encoded = encode();
    }
  }

  /// The bytes, once; empty if no user of the group has a window. Checkpointer.
  synchronized byte[] take() {
    byte[] bytes = encoded == null ? encode() : encoded;
    encoded = null;
    taken = true;
    return bytes;
  }

  private byte[] encode() {
    int size = 0;
    for (int i = 0; i < 1 << Positives.GROUP_SHIFT; i++) {
      int items = items(i);
      size += items == 0 ? 0 : 2 + Integer.BYTES * items;
    }
    var out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1 << Positives.GROUP_SHIFT; i++) {
      int items = items(i);
      if (items > 0) {
        out.put((byte) i).put((byte) items);
        int[] window = positives.window(user(group, i));
        for (int k = 0; k < items; k++) {
          out.putInt(window[k]);
        }
      }
    }
    return out.array();
  }

  private int items(int inGroup) {
    return Positives.size(positives.window(user(group, inGroup)));
  }

  private static int user(int group, int inGroup) {
    return (group << Positives.GROUP_SHIFT) + inGroup;
  }

  /// Loads what was encoded.
  ///
  /// @throws IllegalArgumentException if the bytes are none of ours
  static void decode(byte[] content, int group, Positives into) {
    var in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int last = -1;
    while (in.remaining() >= 2) {
      int inGroup = in.get();
      int[] window = new int[in.get() & 0xFF];
      if (inGroup <= last
          || inGroup >= 1 << Positives.GROUP_SHIFT
          || window.length == 0
          || in.remaining() < Integer.BYTES * window.length) {
        break;
      }
      last = inGroup;
      for (int k = 0; k < window.length; k++) {
        window[k] = in.getInt();
      }
      into.load(user(group, inGroup), window);
    }
    if (in.hasRemaining() || content.length == 0) {
      throw new IllegalArgumentException(
          "not a page of windows: group=" + group + " bytes=" + content.length);
    }
  }
}
