/// Crash simulation, killed processes, damaged bytes, real data: what the library promises, held
/// against a naive model.
///
/// **Job.** Show that what was acknowledged survives, that what is recovered is a fold of a prefix,
/// that damage is reported, and that real data are counted right.
///
/// **In and out.** The public door, the test kit's disks and models; assertions, and a line per
/// campaign that says what it did.
///
/// **Threads.** Children and scenarios have their own; every wait has a limit.
///
/// **On disk.** Temporary directories only.
///
/// **What can go wrong.** A campaign that did too little fails: it has floors.
package io.tidaldb.verification;
