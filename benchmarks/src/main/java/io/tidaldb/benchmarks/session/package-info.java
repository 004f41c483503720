/// Measurements of sessions, under JMH.
///
/// **Job.** Measure what a session adds to a signal, what a snapshot costs, and what a sweep costs
/// when nothing is due.
///
/// **In and out.** Events and calls drawn from a fixed seed; JMH's tables.
///
/// **Threads.** One writes and reads; JMH owns it. The database of the snapshot has its own.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** Shared machines: compare figures of one run.
package io.tidaldb.benchmarks.session;
