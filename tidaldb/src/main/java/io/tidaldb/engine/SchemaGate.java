package io.tidaldb.engine;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PredicateRules;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaDifference;
import io.tidaldb.schema.SchemaEvolution;
import io.tidaldb.schema.SchemaMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds a given schema against the stored one: nothing to do, a change to log, or a refusal.
final class SchemaGate {

  private SchemaGate() {}

  /// The event that the given schema asks for; empty if the stored one already says it, or none was
  /// given.
  ///
  /// @throws SchemaMismatchException if stored state cannot follow the change
  static Optional<Draft> change(Views views, Optional<Schema> given) {
    var stored = views.vocabulary();
    if (given.isEmpty()) {
      return Optional.empty();
    }
    var current = stored.canonical().map(Schema::parse).orElseGet(Schema::empty);
    var evolution = SchemaEvolution.compare(current, stored.ids(), given.get());
    var differences =
        evolution instanceof SchemaEvolution.Refused refused
            ? new ArrayList<>(refused.differences())
            : new ArrayList<SchemaDifference>();
    addEdges(current, given.get(), views.coEngagement().edgeCount(), differences);
    if (!(evolution instanceof SchemaEvolution.Unchanged)) {
      addCohorts(views, given.get(), differences);
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

  /// With edges their half-life is fixed.
  private static void addEdges(
      Schema current, Schema given, int edges, List<SchemaDifference> differences) {
    var before = current.coEngagement().halfLife();
    var after = given.coEngagement().halfLife();
    if (edges > 0 && !before.equals(after)) {
      differences.add(
          new SchemaDifference(
              "coEngagement.halfLife",
              before.toString(),
              after.toString(),
              "keep it: the store has " + edges + " edges"));
    }
  }

  /// What a cohort names stays.
  private static void addCohorts(Views views, Schema given, List<SchemaDifference> differences) {
    for (var cohort : views.cohorts().definitions().all()) {
      var predicate = cohort.definition().predicate();
      try {
        PredicateRules.check(predicate, given);
      } catch (InvalidRequestException | NotFoundException missing) {
        differences.add(
            new SchemaDifference(
                "cohort." + cohort.name(),
                predicate.toString(),
                String.valueOf(missing.getMessage()),
                "keep what it names, or drop the cohort first"));
      }
    }
  }
}
