/// What tests of every module share; published as the test jar.
///
/// **Job.** Disks that fail, crash and remember ([io.tidaldb.testing.FaultyVolume],
/// [io.tidaldb.testing.SimulatedVolume], [io.tidaldb.testing.TracingVolume]), crashes at named
/// places ([io.tidaldb.testing.Crashes]), random cases that shrink ([io.tidaldb.testing.Property]),
/// a clock that stands still ([io.tidaldb.testing.ManualClock]).
///
/// **In and out.** Used by tests of the library, by `verification` and by `benchmarks`; uses
/// `disk`, `fault` and `schema`. Nothing here is on a user's class path.
///
/// **Threads.** Volumes, clock and crashes may be called by many threads; a property and its
/// generators belong to one.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** A kit that finds nothing: therefore everything here has tests, and every
/// fake passes the contract test of the real thing.
@NullMarked
package io.tidaldb.testing;

import org.jspecify.annotations.NullMarked;
