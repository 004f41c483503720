package io.tidaldb.query;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Sort;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Whom a query is for: its user, its session, and what it may read of them.
final class People {

  private final Sources sources;
  private final long at;
  private final Optional<EntityId> user;
  private final Optional<SessionScope> session;
  private @Nullable Viewer viewer;

  /// @param user the request's, or the session's
  /// @param at the query's time
  People(Sources sources, Optional<EntityId> user, Optional<SessionScope> session, long at) {
    this.sources = sources;
    this.user = user;
    this.session = session;
    this.at = at;
  }

  Optional<EntityId> user() {
    return user;
  }

  Optional<SessionScope> session() {
    return session;
  }

  /// What is known of the user, read at the first call; for section by section of a query. Empty
  /// without user.
  Optional<Viewer> viewer() {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    var known = viewer;
    if (known == null) {
      known = sources.viewer(user.get(), at);
      viewer = known;
    }
    return Optional.of(known);
  }

  /// What is known of the user now, whatever was read before.
  Optional<Viewer> freshViewer() {
    return user.map(id -> sources.viewer(id, at));
  }

  /// What is known of the user beyond what must not be shown; empty without user, or where the
  /// session's policy keeps to the session.
  Optional<Viewer> memory() {
    return session.filter(SessionScope::isClosedWorld).isPresent() ? Optional.empty() : viewer();
  }

  /// As [#memory], for a leaf of a filter that needs it.
  ///
  /// @throws InvalidRequestException if there is no user, or the session's policy does not allow it
  Viewer viewerOf(String leaf) {
    return viewerOf("filter", leaf);
  }

  /// As [#memory], for an order that needs it.
  ///
  /// @throws InvalidRequestException if there is no user, or the session's policy does not allow it
  Viewer viewerOf(Sort sort) {
    return viewerOf("sort", sort.label());
  }

  private Viewer viewerOf(String part, String name) {
    if (user.isEmpty()) {
      throw new InvalidRequestException(
          "USER_REQUIRED",
          part + " needs a user: " + part + "=" + name + "; add forUser to the request");
    }
    return memory()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "READ_SCOPE",
                    part
                        + " reads the user's memory, but the session's policy allows queries the"
                        + " session's only: "
                        + part
                        + "="
                        + name));
  }

  /// The members of a collection, as the user may see them.
  RoaringBitmap collection(CollectionId id) {
    return sources.collection(id, user);
  }

  /// The members of the user's own collections.
  RoaringBitmap ownCollections() {
    return user.map(sources::collectionsOf).orElseGet(RoaringBitmap::new);
  }
}
