/// The view of sessions: what one user and one agent said and did under a policy.
///
/// **Job.** Remember running sessions whole (signals, annotations, refusals), give queries what a
/// session says, and keep ended ones until their policy's time is over.
///
/// **In and out.** Folds `SessionStarted`, `SessionAnnotated`, `SessionRefused`, `SessionClosed`,
/// `ArchiveCut`, signals with a session, `UserErased`, and the policies in `SchemaChanged`. The
/// writer asks it what a call may do; any thread reads published
/// [io.tidaldb.session.SessionState]s.
///
/// **Threads.** One writer folds. Readers take a session's published state, which never changes,
/// and never wait.
///
/// **On disk.** Running sessions are pages under the tag `SESS`, ended ones are rows of their user
/// under the same tag, both described at [io.tidaldb.session.SessionCodec] and
/// [io.tidaldb.session.SessionArchive].
///
/// **What can go wrong.** A page or row that is no session is reported as corruption. An event of a
/// session that is not running changes nothing.
@CheckReturnValue
@NullMarked
package io.tidaldb.session;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
