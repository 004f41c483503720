package io.tidaldb.schema;

/// The owner has a collection of this name already: code `NAME_TAKEN`. It says which, so that a
/// blind retry of a create finds what the first try made.
public final class NameTakenException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  private final long collection;

  /// @param owner whose collections
  /// @param name the name that was asked for
  /// @param collection the collection that has it
  public NameTakenException(EntityId owner, String name, CollectionId collection) {
    super(
        "NAME_TAKEN",
        "name is taken: owner="
            + owner
            + " name="
            + name
            + " collection="
            + collection
            + "; use that one or another name");
    this.collection = collection.value();
  }

  /// The collection that has the name.
  public CollectionId collection() {
    return CollectionId.of(collection);
  }
}
