package io.tidaldb.engine;

import io.tidaldb.log.Vocabulary;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaEvolution;
import io.tidaldb.schema.SchemaMismatchException;
import java.util.Optional;

/// Holds a given schema against the stored one: nothing to do, a change to log, or a refusal.
final class SchemaGate {

  private SchemaGate() {}

  /// The event that the given schema asks for; empty if the stored one already says it, or none was
  /// given.
  ///
  /// @throws SchemaMismatchException if stored state cannot follow the change
  static Optional<Draft> change(Vocabulary stored, Optional<Schema> given) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    var current = stored.canonical().map(Schema::parse).orElseGet(Schema::empty);
    var evolution = SchemaEvolution.compare(current, stored.ids(), given.get());
    return switch (evolution) {
      case SchemaEvolution.Unchanged _ -> Optional.empty();
      case SchemaEvolution.Accepted accepted ->
          Optional.of(new Draft.SchemaDraft(accepted.canonical(), accepted.ids()));
      case SchemaEvolution.Refused refused ->
          throw new SchemaMismatchException(refused.differences());
    };
  }
}
