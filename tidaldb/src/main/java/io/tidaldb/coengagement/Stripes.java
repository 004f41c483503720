package io.tidaldb.coengagement;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Versions that let a reader notice that what it read was changing: odd while the writer is at it.
/// Many things share one version; a reader that shares one with something else looks again without
/// need, which is rare and harmless.
///
/// The writer takes each version that an event needs when it first needs it and lets all of them go
/// at the end of the event, so that no reader sees half an event.
///
/// **Threads.** One writer; readers wait for the rest of one event at most:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | an element of `versions` | writer | opaque with a store fence, release | acquire, opaque behind a load fence | – |
final class Stripes {

  private static final VarHandle VERSION = MethodHandles.arrayElementVarHandle(int[].class);

  private final int[] versions;
  private int[] held = new int[64];
  private int heldCount;

  /// @param count a power of two
  Stripes(int count) {
    versions = new int[count];
  }

  /// Says that what stands under a number is about to change. Writer.
  void touch(int number) {
    int stripe = number & (versions.length - 1);
    int version = versions[stripe];
    if ((version & 1) != 0) {
      return;
    }
    if (heldCount == held.length) {
      held = Arrays.copyOf(held, 2 * heldCount);
    }
    held[heldCount++] = stripe;
    VERSION.setOpaque(versions, stripe, version + 1);
    VarHandle.storeStoreFence();
  }

  /// Says that everything is about to change. Writer.
  void touchAll() {
    for (int stripe = 0; stripe < versions.length; stripe++) {
      touch(stripe);
    }
  }

  /// The event is over. Writer.
  void release() {
    for (int i = 0; i < heldCount; i++) {
      VERSION.setRelease(versions, held[i], versions[held[i]] + 1);
    }
    heldCount = 0;
  }

  /// Begins to read what stands under a number.
  ///
  /// @return what [#unchanged] asks for
  int version(int number) {
    int stripe = number & (versions.length - 1);
    while (true) {
      int version = (int) VERSION.getAcquire(versions, stripe);
      if ((version & 1) == 0) {
        return version;
      }
      Thread.onSpinWait();
    }
  }

  /// Whether all that was read since is of one moment.
  boolean unchanged(int number, int version) {
    VarHandle.loadLoadFence();
    return (int) VERSION.getOpaque(versions, number & (versions.length - 1)) == version;
  }
}
