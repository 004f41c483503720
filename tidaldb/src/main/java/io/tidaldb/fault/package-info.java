/// Named places where a test may stop the world.
///
/// **Job.** Give the eight crash points of the specification a name and a call,
/// [io.tidaldb.fault.CrashInjector], that costs nothing when it is off.
///
/// **In and out.** `log`, `checkpoint`, `engine` and the views call it with a
/// [io.tidaldb.fault.CrashPoint]; the injectors that do something are in the test jar.
///
/// **Threads.** Called by the thread that does the work, many at once; an injector must bear that.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** What is meant to: [io.tidaldb.fault.SimulatedCrash], an `Error`. Whoever
/// catches it may only let go of files and of the lock; nothing more is written, synced or
/// answered.
@CheckReturnValue
@NullMarked
package io.tidaldb.fault;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
