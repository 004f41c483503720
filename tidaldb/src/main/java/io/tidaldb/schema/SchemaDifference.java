package io.tidaldb.schema;

/// One way in which a given schema differs from the stored one.
///
/// @param path where, for example `signal.view.halfLife`
/// @param stored what the store has
/// @param given what was given
/// @param advice what to do
public record SchemaDifference(String path, String stored, String given, String advice) {

  @Override
  public String toString() {
    return path + ": stored=" + stored + " given=" + given + "; " + advice;
  }
}
