package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Receipt;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A write that was checked for form on its caller's thread and waits for the writer, who resolves
/// what depends on earlier state (time of receipt, creator, merges, versions) and makes it an
/// [Event].
sealed interface Draft {

  /// The producer's key, or null.
  @Nullable IdempotencyKey key();

  /// A bound of the bytes that the event will take in the log.
  int sizeBytes();

  /// A signal. Its event has every field but the time (−1 for the time of receipt), the creator and
  /// the first-view mark.
  record SignalDraft(Event.SignalRecorded event) implements Draft {
    @Override
    public @Nullable IdempotencyKey key() {
      return event.key();
    }

    @Override
    public int sizeBytes() {
      return 80;
    }
  }

  /// An entity's whole metadata.
  record EntityDraft(
      EntityKind kind, long id, Metadata metadata, int sizeBytes, @Nullable IdempotencyKey key)
      implements Draft {}

  /// Changes to an entity's metadata; resolved into its whole metadata, its numbers, or both.
  ///
  /// @param at the time the numbers were said for, or −1 for the time of receipt
  record UpdateDraft(
      EntityKind kind,
      long id,
      MetadataChanges changes,
      long at,
      int sizeBytes,
      @Nullable IdempotencyKey key)
      implements Draft {}

  /// The end of an entity.
  record DeleteDraft(EntityKind kind, long id, @Nullable IdempotencyKey key) implements Draft {
    @Override
    public int sizeBytes() {
      return 64;
    }
  }

  /// A new version of a profile; the writer gives its number and leaves it in `version`.
  record ProfileDraft(Profile profile, int sizeBytes, AtomicInteger version) implements Draft {
    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }
  }

  /// A write of a surface beside signals and entities, which resolves itself.
  non-sealed interface SurfaceDraft extends Draft {

    /// Whether it can only be resolved when everything before it is applied. For rare calls: it
    /// begins a frame of its own. Never part of a batch.
    default boolean settled() {
      return false;
    }

    /// Checks the state and appends what the call becomes to the scene; none, one or more events,
    /// of which the first carries the key. Throws a typed error to refuse the whole call.
    Receipt resolve(Scene scene);

    /// The key was seen before: nothing is done. Leaves whatever the first call gave.
    default void repeated(long original, Scene scene) {}
  }

  /// A new schema.
  record SchemaDraft(String canonical, SortedMap<String, Integer> ids) implements Draft {
    @Override
    public @Nullable IdempotencyKey key() {
      return null;
    }

    @Override
    public int sizeBytes() {
      return 64 + canonical.length() * 3 + ids.size() * 80;
    }
  }
}
