/// Measurements of `io.tidaldb.signal` alone, under JMH.
///
/// **Job.** Measure the fold of signals and what queries read of them, without engine, log and
/// disk.
///
/// **In and out.** Events drawn from a fixed seed; JMH's tables.
///
/// **Threads.** One writes and reads; JMH owns it.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** Shared machines: compare figures of one run, and look at the allocation
/// beside the time.
package io.tidaldb.benchmarks.signal;
