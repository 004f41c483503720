/// Ranking functions as data, and the kernels that run them.
///
/// **Job.** Turn a profile or a sort mode into columns of inputs and a formula over them, score
/// candidates in batches, and explain a score as the sum of its parts.
///
/// **In and out.** Takes slots of candidates and reads signals and fields of them through the
/// views' readers; gives scores, sort keys, explanations and the raw values that were used.
/// `Profiles` folds saved profiles from events.
///
/// **Threads.** A compiled ranking and its batch belong to one query and one thread. `Profiles` is
/// written by the one writer; any thread reads the catalog that it published last.
///
/// **On disk.** Pages of the tag `PROFILE`: for every name one page with its highest version, and
/// one per version with the profile's canonical JSON.
///
/// **What can go wrong.** A profile that breaks a limit is refused when it is saved. A signal or
/// field that a profile names and the schema lacks counts 0 and says so. A window that no declared
/// one covers is refused.
@CheckReturnValue
@NullMarked
package io.tidaldb.ranking;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
