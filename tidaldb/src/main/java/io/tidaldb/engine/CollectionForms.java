package io.tidaldb.engine;

import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.CollectionWrite.Change.Name;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The form of writes to collections: names, places, sizes.
final class CollectionForms {

  static final int ITEMS_MAX = 10_000;

  private static final int NAME_CODE_POINTS_MAX = 200;

  private CollectionForms() {}

  /// A name without the blanks around it.
  static String name(String given) {
    String name = given.strip();
    int length = name.codePointCount(0, name.length());
    boolean fits = length >= 1 && length <= NAME_CODE_POINTS_MAX;
    if (!fits || name.codePoints().anyMatch(CollectionForms::isRefused)) {
      throw new InvalidRequestException(
          "NAME_INVALID",
          "name of a collection does not fit: given="
              + name
              + " length="
              + length
              + " allowed=1…"
              + NAME_CODE_POINTS_MAX
              + " code points after trimming, no control characters");
    }
    return name;
  }

  private static boolean isRefused(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL || type == Character.SURROGATE;
  }

  static int index(int given) {
    if (given < 0) {
      throw new InvalidRequestException(
          "INDEX_OUT_OF_RANGE", "place out of range: given=" + given + " allowed=0 or more");
    }
    return given;
  }

  static List<EntityId> items(List<EntityId> given) {
    if (given.size() > ITEMS_MAX) {
      throw new LimitExceededException("batchEvents", ITEMS_MAX, given.size(), "");
    }
    return List.copyOf(given);
  }

  /// A checked write, to be resolved.
  static CollectionDraft draft(CollectionWrite write) {
    var key = write.key().orElse(null);
    return switch (write) {
      case CollectionWrite.Creation create -> creation(create);
      case CollectionWrite.Collecting collect ->
          new CollectionDraft.Collect(
              collect.owner().value(),
              name(collect.name()),
              collect.visibility(),
              collect.item(),
              key);
      case CollectionWrite.ItemAdd add ->
          new CollectionDraft.Add(
              add.collection().value(),
              List.of(add.item()),
              add.index().isPresent() ? index(add.index().getAsInt()) : -1,
              key,
              new AtomicInteger());
      case CollectionWrite.ItemRemove remove ->
          new CollectionDraft.Remove(
              remove.collection().value(), remove.item().value(), key, new AtomicBoolean());
      case CollectionWrite.ItemMove move ->
          new CollectionDraft.Move(
              move.collection().value(),
              move.item().value(),
              index(move.index()),
              key,
              new AtomicBoolean());
      case CollectionWrite.Change change ->
          new CollectionDraft.Change(
              change.collection().value(),
              change.what() instanceof Name(var name) ? new Name(name(name)) : change.what(),
              key);
      case CollectionWrite.Deletion delete ->
          new CollectionDraft.Drop(delete.collection().value(), key);
    };
  }

  static CollectionDraft.Create creation(CollectionWrite.Creation create) {
    return new CollectionDraft.Create(
        create.owner().value(),
        name(create.name()),
        create.visibility(),
        create.key().orElse(null),
        new AtomicLong());
  }
}
