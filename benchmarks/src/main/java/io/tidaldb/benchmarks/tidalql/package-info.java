/// Measurements of TidalQL, under JMH.
///
/// **Job.** Measure what it costs to read a text and to write one.
///
/// **In and out.** One fixed text; JMH's tables.
///
/// **Threads.** One.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** Shared machines: compare figures of one run.
package io.tidaldb.benchmarks.tidalql;
