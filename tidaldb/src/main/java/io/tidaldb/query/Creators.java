package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ranking.CreatorFacts;
import io.tidaldb.schema.EntityKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one query reads of creators, each fact once.
final class Creators implements CreatorFacts {

  private final Sources sources;
  private final long at;
  private final Map<Long, Long> followers = new HashMap<>();
  private @Nullable EntityReader fields;

  /// @param at the query's time
  Creators(Sources sources, long at) {
    this.sources = sources;
    this.at = at;
  }

  @Override
  public EntityReader fields() {
    var known = fields;
    if (known == null) {
      known = sources.entities(EntityKind.CREATOR, at);
      fields = known;
    }
    return known;
  }

  @Override
  public long followers(long creator) {
    return followers.computeIfAbsent(creator, sources::followers);
  }
}
