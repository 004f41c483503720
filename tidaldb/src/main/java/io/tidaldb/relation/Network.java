package io.tidaldb.relation;

/// The users behind a user's follows, in the order in which they were found. Immutable.
public final class Network {

  private final long[] users;
  private final boolean capped;

  /// @param users accounts, each once; belongs to the network from now on
  Network(long[] users, boolean capped) {
    this.users = users;
    this.capped = capped;
  }

  /// The accounts, each once, the caller's own.
  public long[] users() {
    return users.clone();
  }

  /// Whether there were more than may be in it.
  public boolean capped() {
    return capped;
  }
}
