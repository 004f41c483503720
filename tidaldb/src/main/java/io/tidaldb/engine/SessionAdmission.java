package io.tidaldb.engine;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Write;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Checks the form of writes to sessions on their caller's thread.
///
/// **Threads.** Any.
final class SessionAdmission {

  private static final int METADATA_ENTRIES_MAX = 32;
  private static final int METADATA_BYTES_MAX = 4 << 10;
  private static final int AGENT_BYTES_MAX = 128;
  private static final int TEXT_BYTES_MAX = 4 << 10;

  private final Admission admission;
  private final EngineOptions.Sessions limits;

  SessionAdmission(Admission admission, EngineOptions.Sessions limits) {
    this.admission = admission;
    this.limits = limits;
  }

  Draft draft(SessionWrite write) {
    return switch (write) {
      case SessionWrite.InSession in -> signal(in);
      case SessionWrite.Annotation said -> {
        checkText("annotationBytes", said.text());
        yield new SessionDrafts.Annotate(
            said.session().value(), said.item(), said.text(), said.key().orElse(null));
      }
    };
  }

  private Draft signal(SessionWrite.InSession in) {
    in.note().ifPresent(note -> checkText("noteBytes", note));
    if (!(admission.draft(Write.signal(in.name(), in.entity(), in.signal()))
        instanceof Draft.SignalDraft plain)) {
      throw new IllegalStateException("a signal is drafted as a signal");
    }
    return new SessionDrafts.InSession(
        in.session().value(), in.name(), plain.event(), in.note(), limits.agentRate());
  }

  /// A session to start.
  SessionDrafts.Start start(
      EntityId user,
      String agent,
      String policy,
      Map<String, String> metadata,
      Optional<IdempotencyKey> key) {
    int agentBytes = bytes("agent", agent);
    if (agentBytes == 0) {
      throw new InvalidRequestException(
          "AGENT_EMPTY", "a session has an agent: given=\"\" allowed=1…128 bytes");
    }
    check("agentBytes", AGENT_BYTES_MAX, agentBytes);
    return new SessionDrafts.Start(
        user.value(), agent, policy, checked(metadata), limits, new AtomicLong(), keyOrNull(key));
  }

  private static @Nullable IdempotencyKey keyOrNull(Optional<IdempotencyKey> key) {
    return key.orElse(null);
  }

  private static SortedMap<String, String> checked(Map<String, String> metadata) {
    check("sessionMetadataEntries", METADATA_ENTRIES_MAX, metadata.size());
    int size = 0;
    for (var entry : metadata.entrySet()) {
      size += bytes("metadata key", entry.getKey()) + bytes(entry.getKey(), entry.getValue());
    }
    check("sessionMetadataBytes", METADATA_BYTES_MAX, size);
    return new TreeMap<>(metadata);
  }

  private static void checkText(String limit, String text) {
    check(limit, TEXT_BYTES_MAX, bytes("text", text));
  }

  private static void check(String name, int limit, int actual) {
    if (actual > limit) {
      throw new LimitExceededException(name, limit, actual, "");
    }
  }

  private static int bytes(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new InvalidRequestException(
          "TEXT_INVALID",
          "text has half of a surrogate pair, which UTF-8 cannot express: field=" + what);
    }
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
