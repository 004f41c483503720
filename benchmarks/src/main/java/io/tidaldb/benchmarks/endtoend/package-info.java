/// End-to-end measurements: a real database in a real directory, durability on.
///
/// **Job.** Answer what a user would ask: how many durable signals a second, how long a query takes
/// while signals arrive, how long opening takes.
///
/// **In and out.** Arguments on the command line; tables in Markdown on standard output.
///
/// **Threads.** Each measurement starts and joins its own callers.
///
/// **On disk.** A directory that is made for the run and removed after it.
///
/// **What can go wrong.** Absolute times vary between machines and hours: compare within one run,
/// beside the device's own sync time, which every run measures first.
package io.tidaldb.benchmarks.endtoend;
