package io.tidaldb.engine;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Erasure;
import io.tidaldb.schema.ErasureReceipt;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Page;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// What can be asked and told of a database about users who are to be forgotten.
///
/// **Threads.** Any; reads never wait for the writer.
public final class ErasureCalls {

  private final Engine engine;
  private final Views views;
  private final Purge purge;

  ErasureCalls(Engine engine, Views views, Purge purge) {
    this.engine = engine;
    this.views = views;
    this.purge = purge;
  }

  /// Forgets a user.
  public ErasureReceipt erase(EntityId user, Optional<IdempotencyKey> key) {
    return write(user, -1, false, key);
  }

  /// Forgets those of a list that this store does not know as forgotten yet.
  public List<ErasureReceipt> apply(List<Erasure> erasures) {
    return erasures.stream()
        .map(erasure -> write(erasure.user(), erasure.at().nanos(), true, Optional.empty()))
        .toList();
  }

  private ErasureReceipt write(
      EntityId user, long at, boolean isRelisted, Optional<IdempotencyKey> key) {
    var result = new AtomicReference<ErasureReceipt>();
    var _ = engine.write(new EraseDraft(user.value(), at, isRelisted, key.orElse(null), result));
    var receipt = result.get();
    if (receipt == null) {
      throw new InvalidRequestException(
          "KEY_REUSED", "key belongs to another call: operation=eraseUser user=" + user);
    }
    return receipt;
  }

  /// All erasures, oldest first.
  public Page<Erasure> list(PageRequest request) {
    return engine.reading(
        () -> {
          var known = views.erasures();
          long purged = purge.upTo();
          int from = request.after().map(token -> index(token, request) + 1).orElse(0);
          var found = new ArrayList<Erasure>();
          for (int n = from; n < known.count() && found.size() <= request.limit(); n++) {
            found.add(
                new Erasure(
                    known.user(n),
                    known.position(n),
                    Timestamp.ofNanos(known.nanos(n)),
                    known.position(n) <= purged ? Erasure.State.PURGED : Erasure.State.APPLIED));
          }
          return Page.of(found, request.limit(), last -> Long.toString(last.position()));
        });
  }

  /// The erasure that a page ended with.
  private int index(String token, PageRequest request) {
    var known = views.erasures();
    for (int n = 0; n < known.count(); n++) {
      if (Long.toString(known.position(n)).equals(token)) {
        return n;
      }
    }
    throw request.tokenInvalid("erasures");
  }
}
