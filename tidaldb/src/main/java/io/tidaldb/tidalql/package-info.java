/// TidalQL: queries as text.
///
/// **Job.** Turn a text and its parameters into the request that a Java program would have built,
/// and say exactly where a text that cannot be understood goes wrong.
///
/// **In and out.** Takes text and typed values; gives the records of `schema`, whose `toString()`
/// writes the text again. Knows no database: whether a field or a profile exists is asked of who
/// runs the request.
///
/// **Threads.** None of its own; everything may be called from any thread, nothing is shared.
///
/// **On disk.** Nothing.
///
/// **What can go wrong.** Nothing but `QuerySyntaxException`, whatever the text: reading takes time
/// linear in its length, and length, nesting and vectors are bounded.
@CheckReturnValue
@NullMarked
package io.tidaldb.tidalql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
