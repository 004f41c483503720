package io.tidaldb.engine;

import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.ranking.ProfileJson;
import io.tidaldb.ranking.ProfileRules;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.Durability;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionWrite;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.VectorWrite;
import io.tidaldb.schema.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Checks the form of a write (names, types, ranges, sizes) on its caller's thread and makes it a
/// [Draft].
///
/// **Threads.** Any. What is checked here needs no state but the schema and the clock.
final class Admission {

  private static final int BATCH_EVENTS_MAX = 10_000;
  private static final int BATCH_BYTES_MAX = 4 << 20;

  private final Supplier<Schema> schema;
  private final LongSupplier nowNanos;
  private final EngineOptions.Time time;
  private final SessionAdmission sessions;

  Admission(Supplier<Schema> schema, LongSupplier nowNanos, EngineOptions options) {
    this.schema = schema;
    this.nowNanos = nowNanos;
    this.time = options.time();
    this.sessions = new SessionAdmission(this, options.sessions());
  }

  /// Checks of writes to sessions.
  SessionAdmission sessions() {
    return sessions;
  }

  /// A caller's batch as one unit.
  Submission batch(List<Write> writes, Durability durability, boolean async) {
    if (writes.size() > BATCH_EVENTS_MAX) {
      throw new LimitExceededException("batchEvents", BATCH_EVENTS_MAX, writes.size(), "");
    }
    var drafts = new ArrayList<Draft>(writes.size());
    for (var write : writes) {
      drafts.add(draft(write));
    }
    var submission =
        async ? Submission.async(drafts, durability) : Submission.blocking(drafts, durability);
    if (submission.sizeBytes > BATCH_BYTES_MAX) {
      throw new LimitExceededException("batchBytes", BATCH_BYTES_MAX, submission.sizeBytes, "");
    }
    return submission;
  }

  Draft draft(Write write) {
    return switch (write) {
      case Write.SignalWrite signal -> signal(signal.name(), signal.entity(), signal.signal());
      case SessionWrite session -> sessions.draft(session);
      case CollectionWrite member -> CollectionForms.draft(member);
      case VectorWrite vector -> VectorForms.draft(vector, schema.get());
      case RelationWrite relation -> RelationForms.draft(relation, this);
      case Write.EntityWrite entity -> {
        var metadata = Metadata.parse(schema.get(), entity.kind(), entity.id(), entity.metadata());
        yield new Draft.EntityDraft(
            entity.kind(),
            entity.id().value(),
            metadata,
            sizeBytes(metadata.values()),
            entity.key().orElse(null));
      }
      case Write.EntityUpdate update -> {
        var changes =
            MetadataChanges.parse(schema.get(), update.kind(), update.id(), update.changes());
        var operation = "update kind=" + label(update.kind()) + " entity=" + update.id();
        yield new Draft.UpdateDraft(
            update.kind(),
            update.id().value(),
            changes,
            update.at().map(given -> checkedTime(operation, given)).orElse(-1L),
            sizeBytes(changes.set()),
            update.key().orElse(null));
      }
      case Write.EntityDelete delete -> {
        if (delete.kind() == EntityKind.USER) {
          throw new InvalidRequestException(
              "KIND_NOT_DELETABLE",
              "users are erased, not deleted: id=" + delete.id() + " deletable=item, creator");
        }
        yield new Draft.DeleteDraft(delete.kind(), delete.id().value(), delete.key().orElse(null));
      }
    };
  }

  private Draft signal(String name, EntityId entity, Signal signal) {
    var type =
        schema
            .get()
            .signal(name)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "signal", name, "declared are " + names(schema.get()) + "; declare it"));
    double weight = type.checkedWeight(entity, signal.weight());
    long at =
        signal
            .at()
            .map(given -> checkedTime("signal signal=" + name + " entity=" + entity, given))
            .orElse(-1L);
    var user = signal.user();
    return new Draft.SignalDraft(
        new SignalRecorded(
            at,
            type.id().value(),
            type.target(),
            entity.value(),
            weight,
            user.isPresent() ? SignalRecorded.USER : 0,
            user.isPresent() ? user.get().value() : 0,
            0,
            0,
            signal.key().orElse(null)));
  }

  private static List<String> names(Schema schema) {
    return schema.signals().stream().map(SignalType::name).toList();
  }

  /// The time to log: as given up to the allowed skew (the writer clamps to the receive time), else
  /// by the option.
  ///
  /// @param operation what it is the time of, in facts
  long checkedTime(String operation, Timestamp given) {
    long now = nowNanos.getAsLong();
    long limit = now + time.maxClockSkew().toNanos();
    if (given.nanos() <= limit || time.futureEvents() == EngineOptions.FutureEvents.CLAMP) {
      return given.nanos();
    }
    throw new InvalidRequestException(
        "TIME_IN_FUTURE",
        "event time lies in the future: operation="
            + operation
            + " given="
            + given
            + " now="
            + Timestamp.ofNanos(now)
            + " limit="
            + Timestamp.ofNanos(limit));
  }

  /// A profile to save, checked by the rules of profiles.
  Draft.ProfileDraft profile(Profile profile) {
    for (var warning : ProfileRules.check(profile, schema.get())) {
      Loggers.engine().warn("profile {}: {} {}", profile.name(), warning.code(), warning.facts());
    }
    int sizeBytes = 3 * ProfileJson.toJson(profile).length() + 256;
    return new Draft.ProfileDraft(profile, sizeBytes, new AtomicInteger());
  }

  /// A bound of the encoded size: a character is at most three bytes of UTF-8.
  private static int sizeBytes(Map<String, MetadataValue> values) {
    int bytes = 64;
    for (var entry : values.entrySet()) {
      bytes += 16 + 3 * entry.getKey().length();
      bytes +=
          switch (entry.getValue()) {
            case MetadataValue.Text text -> 3 * text.text().length();
            case MetadataValue.Tags tags ->
                tags.keywords().stream().mapToInt(tag -> 4 + 3 * tag.length()).sum();
            case MetadataValue.Whole _,
                MetadataValue.Real _,
                MetadataValue.Span _,
                MetadataValue.Moment _,
                MetadataValue.Flag _,
                MetadataValue.Id _ ->
                16;
          };
    }
    return bytes;
  }

  static String label(EntityKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
