package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.ErasureReceipt;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Timestamp;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The erasure of a user, which counts what the views hold of the user before it goes.
///
/// @param at when it was asked for, nanoseconds since 1970; −1 for the time of receipt
/// @param isRelisted whether it is known from another copy of the store by user and time
/// @param result takes the answer
record EraseDraft(
    long user,
    long at,
    boolean isRelisted,
    @Nullable IdempotencyKey key,
    AtomicReference<ErasureReceipt> result)
    implements Draft.SurfaceDraft {

  @Override
  public int sizeBytes() {
    return 64;
  }

  @Override
  public boolean settled() {
    return true;
  }

  @Override
  public Receipt resolve(Scene scene) {
    var before = isRelisted ? known(scene) : unchanged(scene);
    if (before.isPresent()) {
      return repeat(scene, before.getAsInt());
    }
    var removed = new HashMap<String, Long>();
    for (var view : scene.views().all()) {
      long count = view.countOf(user);
      if (count > 0) {
        removed.put(view.name(), count);
      }
    }
    long time = scene.time(at);
    var receipt = scene.append(new Event.UserErased(time, user, key));
    result.set(
        new ErasureReceipt(
            EntityId.of(user), receipt.position(), Timestamp.ofNanos(time), removed));
    return receipt;
  }

  /// The same erasure, if this store has it already.
  private OptionalInt known(Scene scene) {
    var erasures = scene.views().erasures();
    for (int n = 0; n < erasures.count(); n++) {
      if (erasures.user(n).value() == user && erasures.nanos(n) == at) {
        return OptionalInt.of(n);
      }
    }
    return OptionalInt.empty();
  }

  /// The user's last erasure, if nothing was heard of the user since.
  private OptionalInt unchanged(Scene scene) {
    var views = scene.views();
    var latest = views.erasures().latest(user);
    boolean heardOf =
        views.slots().slot(EntityKind.USER, user) >= 0
            || views.all().stream().anyMatch(view -> view.countOf(user) > 0);
    return heardOf ? OptionalInt.empty() : latest;
  }

  private Receipt repeat(Scene scene, int n) {
    var erasures = scene.views().erasures();
    result.set(
        new ErasureReceipt(
            EntityId.of(user),
            erasures.position(n),
            Timestamp.ofNanos(erasures.nanos(n)),
            Map.of()));
    return new Receipt(erasures.position(n), true);
  }

  @Override
  public void repeated(long original, Scene scene) {
    var latest = scene.views().erasures().latest(user);
    latest.ifPresent(
        n -> {
          var _ = repeat(scene, n);
        });
  }
}
