package io.tidaldb.schema;

import java.util.Locale;

/// The other end of a relation.
///
/// @param kind what it is
/// @param id its identity within the kind
public record Target(EntityKind kind, EntityId id) {

  /// An item.
  public static Target item(EntityId id) {
    return new Target(EntityKind.ITEM, id);
  }

  /// A user.
  public static Target user(EntityId id) {
    return new Target(EntityKind.USER, id);
  }

  /// A creator.
  public static Target creator(EntityId id) {
    return new Target(EntityKind.CREATOR, id);
  }

  /// For example `creator 9`.
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + id;
  }
}
