package io.tidaldb.relation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/// Lets readers copy what one writer changes, without either waiting: the number is odd while a
/// change is under way, and a copy counts if the number was even and is the same afterwards.
///
/// **Threads.**
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `number` | writer | opaque before a change, release after | acquire before a copy, opaque after | the copy is made again |
abstract class Sequence {

  private static final VarHandle NUMBER;

  static {
    try {
      NUMBER = MethodHandles.lookup().findVarHandle(Sequence.class, "number", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // Read and written through NUMBER.
  private int number;

  /// A change begins. Writer only.
  final void begin() {
    NUMBER.setOpaque(this, (int) NUMBER.get(this) + 1);
    VarHandle.releaseFence();
  }

  /// The change is whole. Writer only.
  final void end() {
    NUMBER.setRelease(this, (int) NUMBER.get(this) + 1);
  }

  /// What a reader makes of the state between two changes. The reader may be given torn state
  /// first, of which it must make anything but an endless loop or an exception.
  final <T> T read(Supplier<T> reader) {
    while (true) {
      int before = (int) NUMBER.getAcquire(this);
      if ((before & 1) == 0) {
        T made = reader.get();
        VarHandle.acquireFence();
        if ((int) NUMBER.getOpaque(this) == before) {
          return made;
        }
      }
      Thread.onSpinWait();
    }
  }
}
