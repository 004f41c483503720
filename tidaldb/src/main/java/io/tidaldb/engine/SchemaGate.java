package io.tidaldb.engine;

import io.tidaldb.log.Vocabulary;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaDifference;
import io.tidaldb.schema.SchemaEvolution;
import io.tidaldb.schema.SchemaMismatchException;
import java.util.ArrayList;
import java.util.Optional;

/// Holds a given schema against the stored one: nothing to do, a change to log, or a refusal.
final class SchemaGate {

  private SchemaGate() {}

  /// The event that the given schema asks for; empty if the stored one already says it, or none was
  /// given.
  ///
  /// @param edges of co-engagement that the store has; with edges their half-life is fixed
  /// @throws SchemaMismatchException if stored state cannot follow the change
  static Optional<Draft> change(Vocabulary stored, Optional<Schema> given, int edges) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    var current = stored.canonical().map(Schema::parse).orElseGet(Schema::empty);
    var evolution = SchemaEvolution.compare(current, stored.ids(), given.get());
    var differences =
        evolution instanceof SchemaEvolution.Refused refused
            ? new ArrayList<>(refused.differences())
            : new ArrayList<SchemaDifference>();
    var before = current.coEngagement().halfLife();
    var after = given.get().coEngagement().halfLife();
    if (edges > 0 && !before.equals(after)) {
      differences.add(
          new SchemaDifference(
              "coEngagement.halfLife",
              before.toString(),
              after.toString(),
              "keep it: the store has " + edges + " edges"));
    }
    if (!differences.isEmpty()) {
      throw new SchemaMismatchException(differences);
    }
    return switch (evolution) {
      case SchemaEvolution.Unchanged _, SchemaEvolution.Refused _ -> Optional.empty();
      case SchemaEvolution.Accepted accepted ->
          Optional.of(new Draft.SchemaDraft(accepted.canonical(), accepted.ids()));
    };
  }
}
