/// Measurements of `io.tidaldb.log` alone, under JMH.
///
/// **Job.** Measure what a signal costs on its way into the log and out of it.
///
/// **In and out.** Events drawn from a fixed seed; JMH's tables.
///
/// **Threads.** One; JMH owns it.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** Shared machines: compare figures of one run, and look at the allocation
/// beside the time.
package io.tidaldb.benchmarks.log;
