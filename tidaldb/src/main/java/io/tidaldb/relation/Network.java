package io.tidaldb.relation;

/// The users behind a user's follows, in the order in which they were found.
///
/// @param users accounts, each once
/// @param capped whether there were more than may be in it
public record Network(long[] users, boolean capped) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network
        && network.capped == capped
        && java.util.Arrays.equals(network.users, users);
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(users) * 31 + Boolean.hashCode(capped);
  }

  @Override
  public String toString() {
    return "Network[users=" + java.util.Arrays.toString(users) + ", capped=" + capped + "]";
  }
}
