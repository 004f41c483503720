package io.tidaldb.cli.load;

import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.RelationWrite;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns rows into writes, under the key (producer, rank).
final class Writes {

  private final Target target;
  private final long producer;
  private final Schema schema;

  Writes(Source source, Schema schema) {
    this.target = source.target();
    this.producer = source.producerId();
    this.schema = schema;
  }

  /// The write of a row, or null if the mapping leaves it out.
  ///
  /// @param rank the row's place in the order of time
  /// @throws BadRowException if the row cannot be one
  @Nullable Write write(Row row, long rank) throws BadRowException {
    if (!target.when().passes(row)) {
      return null;
    }
    var key = IdempotencyKey.sequence(producer, rank);
    return switch (target) {
      case Target.Entities entities -> entity(entities, row, key);
      case Target.Signals signals -> signal(signals, row, key);
      case Target.Relations relations -> relation(relations, row, key);
      case Target.Collections collections -> collected(collections, row, key);
    };
  }

  private static Write relation(Target.Relations relations, Row row, IdempotencyKey key)
      throws BadRowException {
    var weight = relations.weight().isEmpty() ? null : relations.weight().get().text(row);
    var at = relations.at().isEmpty() ? null : relations.at().get().moment(row);
    return new RelationWrite.SetRelation(
        required(relations.user(), row),
        relations.type(),
        new io.tidaldb.schema.Target(relations.kind(), required(relations.target(), row)),
        weight == null ? 1.0 : number(relations.weight(), weight),
        Optional.ofNullable(at),
        Optional.of(key));
  }

  private static Write collected(Target.Collections collections, Row row, IdempotencyKey key)
      throws BadRowException {
    var name = collections.name().text(row);
    if (name == null) {
      throw new BadRowException("name is missing: column=" + collections.name().name());
    }
    var owner = required(collections.owner(), row);
    var item = required(collections.item(), row);
    return CollectionWrite.collect(owner, name, collections.visibility(), item).withKey(key);
  }

  private static EntityId required(Column column, Row row) throws BadRowException {
    var id = id(column, row);
    if (id == null) {
      throw new BadRowException("id is missing: column=" + column.name());
    }
    return id;
  }

  private Write entity(Target.Entities entities, Row row, IdempotencyKey key)
      throws BadRowException {
    var metadata = new LinkedHashMap<String, Object>();
    for (var field : entities.fields().entrySet()) {
      var value = value(entities.kind(), field.getKey(), field.getValue(), row);
      if (value != null) {
        metadata.put(field.getKey(), value);
      }
    }
    return Write.entity(entities.kind(), required(entities.id(), row), metadata, Optional.of(key));
  }

  /// The value of a field; a moment may stand there as a date alone or without a zone.
  private @Nullable Object value(EntityKind kind, String field, Column column, Row row)
      throws BadRowException {
    var isTime =
        schema.field(kind, field).filter(found -> found.type() == FieldType.TIME).isPresent();
    return isTime ? column.moment(row) : column.value(row);
  }

  private @Nullable Write signal(Target.Signals signals, Row row, IdempotencyKey key)
      throws BadRowException {
    var name = signals.signal(row);
    if (name == null) {
      return null;
    }
    if (schema.signal(name).isEmpty()) {
      throw new BadRowException("unknown signal: name=" + name);
    }
    var entity = required(signals.entity(), row);
    var user = signals.user().isEmpty() ? null : id(signals.user().get(), row);
    var weight = signals.weight().isEmpty() ? null : signals.weight().get().text(row);
    var at = Optional.<Timestamp>ofNullable(signals.at().moment(row));
    return Write.signal(
        name,
        entity,
        new Signal(
            Optional.ofNullable(user),
            weight == null ? 1.0 : number(signals.weight(), weight),
            at,
            Optional.of(key)));
  }

  private static double number(Optional<Column> from, String weight) throws BadRowException {
    try {
      return Double.parseDouble(weight);
    } catch (NumberFormatException e) {
      var column = from.map(Column::name).orElse("");
      throw new BadRowException("not a number: column=" + column + " given=" + weight);
    }
  }

  private static @Nullable EntityId id(Column column, Row row) throws BadRowException {
    var text = column.text(row);
    if (text == null) {
      return null;
    }
    try {
      return EntityId.parse(text);
    } catch (InvalidRequestException e) {
      throw new BadRowException(
          "not an id (0 … 2^64-1): column=" + column.name() + " given=" + text);
    }
  }
}
