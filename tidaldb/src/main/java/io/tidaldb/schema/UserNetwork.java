package io.tidaldb.schema;

import java.util.List;

/// The users behind a user's follows.
///
/// @param users newest follow first, then whom those follow
/// @param capped whether there were more than the option `networkFanOut` allows
public record UserNetwork(List<EntityId> users, boolean capped) {

  public UserNetwork {
    users = List.copyOf(users);
  }
}
