package io.tidaldb.ranking;

import io.tidaldb.entity.EntityReader;

/// What is known of creators beside their items, as of one query. Used by one thread.
public interface CreatorFacts {

  /// The name of the computed field: how many follow a creator.
  String FOLLOWERS = "followers";

  /// The filter indexes and columns of creators.
  EntityReader fields();

  /// How many follow a creator, whether it was written or not.
  long followers(long creator);
}
