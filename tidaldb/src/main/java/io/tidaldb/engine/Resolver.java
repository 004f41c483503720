package io.tidaldb.engine;

import io.tidaldb.engine.Draft.DeleteDraft;
import io.tidaldb.engine.Draft.EntityDraft;
import io.tidaldb.engine.Draft.ProfileDraft;
import io.tidaldb.engine.Draft.SchemaDraft;
import io.tidaldb.engine.Draft.SignalDraft;
import io.tidaldb.engine.Draft.UpdateDraft;
import io.tidaldb.entity.Image;
import io.tidaldb.log.Event;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.ranking.ProfileJson;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns drafts into events when a frame is cut: gives positions, drops repeats of a key, stamps
/// times, finds the creator of an item, merges updates, marks first views, all against the applied
/// state and what is pending before them.
///
/// **Threads.** The writer only. A draft that cannot be resolved is a typed error; the caller then
/// drops the whole call.
final class Resolver {

  private static final Receipt NO_EFFECT = new Receipt(0, true);

  private final Views views;
  private final Pending pending;
  private final EngineOptions options;

  Resolver(Views views, EngineOptions options) {
    this.views = views;
    this.pending = new Pending(views);
    this.options = options;
  }

  /// What events that are not applied yet will have changed.
  Pending pending() {
    return pending;
  }

  /// Resolves one draft. Adds its events to `out` and returns its receipt.
  ///
  /// @param position the position that the next event gets
  Receipt resolve(Draft draft, long position, long receiveNanos, List<Event> out) {
    var key = draft.key();
    if (key != null) {
      long original = original(key);
      if (original >= 0) {
        if (draft instanceof Draft.SurfaceDraft surface) {
          surface.repeated(original, new Scene(this, out, position, receiveNanos));
        }
        return new Receipt(original, true);
      }
    }
    if (draft instanceof Draft.SurfaceDraft surface) {
      return surface.resolve(new Scene(this, out, position, receiveNanos));
    }
    if (draft instanceof UpdateDraft update) {
      return update(update, new Scene(this, out, position, receiveNanos));
    }
    var event = event(draft, receiveNanos);
    if (event == null) {
      return NO_EFFECT;
    }
    pending.record(position, event);
    out.add(event);
    return new Receipt(position, false);
  }

  private long original(IdempotencyKey key) {
    long inFlight = pending.position(key);
    return inFlight >= 0 ? inFlight : views.deduplication().find(key);
  }

  private @Nullable Event event(Draft draft, long receiveNanos) {
    return switch (draft) {
      case SignalDraft signal -> signal(signal.event(), receiveNanos);
      case EntityDraft entity -> {
        checkRoom(entity.kind());
        yield new Event.EntityWritten(
            receiveNanos, entity.kind(), entity.id(), entity.metadata(), entity.key());
      }
      case UpdateDraft _ -> throw new IllegalStateException("becomes several events: " + draft);
      case DeleteDraft delete ->
          metadata(delete.kind(), delete.id()).isPresent()
              ? new Event.EntityDeleted(receiveNanos, delete.kind(), delete.id(), delete.key())
              : null;
      case ProfileDraft saved -> {
        var name = saved.profile().name();
        int version =
            Math.max(views.profiles().nextVersion(name), pending.profileVersion(name) + 1);
        saved.version().set(version);
        var json = ProfileJson.toJson(saved.profile().withVersion(version));
        yield new Event.ProfileSaved(receiveNanos, version, name, json, null);
      }
      case Draft.SurfaceDraft _ -> throw new IllegalStateException("resolves itself: " + draft);
      case SchemaDraft schema ->
          new Event.SchemaChanged(receiveNanos, schema.canonical(), schema.ids());
    };
  }

  Views views() {
    return views;
  }

  EngineOptions options() {
    return options;
  }

  /// Whether an entity was written and not deleted, counting what is pending.
  boolean isLive(EntityKind kind, long id) {
    return metadata(kind, id).isPresent();
  }

  /// A signal with everything that depends on earlier state.
  SignalRecorded signal(SignalRecorded given, long receiveNanos) {
    checkRoom(given.kind());
    long time = given.time() < 0 ? receiveNanos : Math.min(given.time(), receiveNanos);
    int flags = given.flags();
    long creator = 0;
    if (given.kind() == EntityKind.ITEM) {
      var known = creator(given.entity());
      if (known.isPresent()) {
        creator = known.getAsLong();
        flags |= SignalRecorded.CREATOR;
      }
      if (isFirstView(given)) {
        flags |= SignalRecorded.FIRST_VIEW;
      }
      if (given.hasUser()) {
        pending.relations().requireRoom(given, options.users().relations());
      }
    }
    var signal =
        new SignalRecorded(
            time,
            given.type(),
            given.kind(),
            given.entity(),
            given.weight(),
            flags,
            given.user(),
            creator,
            given.session(),
            given.key());
    checkCohortPairs(signal);
    return signal;
  }

  /// Whatever would need one pair of a cohort too many is refused. One frame may pass the bound by
  /// what it holds itself.
  private void checkCohortPairs(SignalRecorded signal) {
    var cohorts = views.cohorts();
    long limit = options.cohorts().pairs();
    if (signal.hasUser() && cohorts.pairs() >= limit && cohorts.needsPairs(signal)) {
      throw CohortCalls.full(cohorts, limit);
    }
  }

  private boolean isFirstView(SignalRecorded signal) {
    if (signal.type() != views.typeOf(Meaning.VIEW)) {
      return false;
    }
    if (!signal.hasUser()) {
      return true;
    }
    if (pending.viewed(signal.user(), signal.entity())) {
      return false;
    }
    if (pending.relations().forgotSeen(signal.user(), signal.entity())
        || pending.endsItem(signal.entity())) {
      return true;
    }
    int user = views.slots().slot(EntityKind.USER, signal.user());
    int item = views.slots().slot(EntityKind.ITEM, signal.entity());
    return user < 0 || item < 0 || !views.seenItems().seen(user, item);
  }

  private OptionalLong creator(long item) {
    if (pending.decides(EntityKind.ITEM, item)) {
      var metadata = metadata(EntityKind.ITEM, item);
      return metadata.map(Resolver::creatorOf).orElse(OptionalLong.empty());
    }
    int slot = views.slots().slot(EntityKind.ITEM, item);
    return slot < 0 ? OptionalLong.empty() : views.entityIndex().creator(slot);
  }

  private static OptionalLong creatorOf(Metadata metadata) {
    return metadata.value("creator_id").orElse(null) instanceof MetadataValue.Id id
        ? OptionalLong.of(id.value().value())
        : OptionalLong.empty();
  }

  /// Numbers are logged alone; what else there is, as whole metadata before them.
  private Receipt update(UpdateDraft update, Scene scene) {
    var known = pending.image(update.kind(), update.id());
    if (known.isEmpty()) {
      throw new NotFoundException(
          update.kind().name().toLowerCase(Locale.ROOT),
          EntityId.of(update.id()).toString(),
          "write it before updating it");
    }
    var image = known.get();
    var kind = update.kind();
    long id = update.id();
    long time = scene.time(update.at());
    var numbers = update.changes().only(newest(update.changes(), image, time));
    var others = update.changes().others();
    // Also of what comes in two events, the outcome has to keep the bounds.
    var _ = Metadata.merge(kind, EntityId.of(id), others.applied(image.metadata()), numbers);
    if (others.isEmpty()) {
      return numbers.isEmpty()
          ? NO_EFFECT
          : scene.append(new Event.NumbersWritten(time, kind, id, numbers, update.key()));
    }
    var merged = others.applied(image.metadata());
    var receipt =
        scene.append(
            new Event.EntityWritten(scene.receiveNanos(), kind, id, merged, true, update.key()));
    if (!numbers.isEmpty()) {
      var _ = scene.append(new Event.NumbersWritten(time, kind, id, numbers, null));
    }
    return receipt;
  }

  /// Those numbers of an update that nothing later was said of.
  private static Set<String> newest(MetadataChanges changes, Image image, long time) {
    return changes.numeric().stream()
        .filter(field -> time >= image.time(field))
        .collect(Collectors.toSet());
  }

  private Optional<Metadata> metadata(EntityKind kind, long id) {
    return pending.image(kind, id).map(Image::metadata);
  }

  /// One frame may pass the bound by what it holds itself; the next one is refused.
  private void checkRoom(EntityKind kind) {
    int count = views.slots().count(kind);
    int entitiesMax = options.entitiesMax();
    if (count >= entitiesMax) {
      throw new LimitExceededException(
          "entitiesMax", entitiesMax, count, "kind=" + kind.name().toLowerCase(Locale.ROOT));
    }
  }
}
