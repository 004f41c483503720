/// The vocabulary: the words a program and the database have in common.
///
/// **Job.** Name what is stored, asked and answered, as immutable values that check themselves.
///
/// **In and out.** Imports only the JDK; every other package imports it.
///
/// **Threads.** Values are immutable and may be shared freely.
///
/// **On disk.** Nothing; the packages that store a value write its bytes.
///
/// **What can go wrong.** A value that cannot be right is refused when it is made.
@CheckReturnValue
@NullMarked
package io.tidaldb.schema;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
