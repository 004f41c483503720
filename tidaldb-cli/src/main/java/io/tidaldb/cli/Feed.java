package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Entity;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.Results;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Prints a page of hits: as a table, with trees of parts, or as JSON.
public final class Feed {

  private static final String NO_TITLE = "–";

  private final TidalDb db;
  private final Output output;

  /// @param db knows the titles
  public Feed(TidalDb db, Output output) {
    this.db = db;
    this.output = output;
  }

  /// Prints a page.
  ///
  /// @param explain whether with the parts of every score and what the query did
  public void print(Results results, boolean explain) {
    if (output.isJson()) {
      output.json(Shapes.results(results, this::entity));
      return;
    }
    if (results.hits().isEmpty()) {
      output.line("nothing fits");
    } else if (explain) {
      results.hits().forEach(this::printTree);
    } else {
      printTable(results);
    }
    results
        .warnings()
        .forEach(warning -> output.note("warning: " + warning.code() + " " + warning.facts()));
    if (explain) {
      printStats(results);
    }
    results.next().ifPresent(next -> output.line(output.dim("next page: --cursor " + next)));
  }

  /// What the query did, in two lines.
  public void printStats(Results results) {
    var stats = results.stats();
    output.line(
        output.dim(
            "%s at %s, position %d: %s, %s"
                .formatted(
                    stats.profile(),
                    stats.at(),
                    stats.position(),
                    stats.strategy(),
                    stats.exact() ? "exact" : "approximate")));
    output.line(
        output.dim(
            "%,d items, %,d allowed, %,d scored%s, %d returned; µs: %s"
                .formatted(
                    stats.universe(),
                    stats.allowed(),
                    stats.scored(),
                    stats.removed().isEmpty() ? "" : ", removed " + stats.removed(),
                    stats.returned(),
                    joined(stats.stageMicros()))));
  }

  /// Prints the hits as a table.
  public void printTable(Results results) {
    var table = new Table(">", ">score", "id", "title", "created");
    for (var hit : results) {
      table.row(hit.rank(), number(hit.score()), hit.id(), title(hit), created(hit));
    }
    table.print(output);
  }

  private void printTree(Hit hit) {
    output.line(
        output.bold("%d. %s".formatted(hit.rank(), title(hit))) + output.dim("  id " + hit.id()));
    hit.explanation().toString().lines().forEach(line -> output.line("   " + line));
  }

  private Optional<Entity> entity(Hit hit) {
    return db.readItem(hit.id());
  }

  private String created(Hit hit) {
    return entity(hit).map(found -> found.created().toString().substring(0, 10)).orElse("");
  }

  private String title(Hit hit) {
    return entity(hit).map(Feed::title).orElse(NO_TITLE);
  }

  /// What an entity is called: its title, its name, or the begin of its text.
  public static String title(Entity entity) {
    var key = entity.kind() == EntityKind.ITEM ? "title" : "name";
    return entity
        .metadata()
        .value(key)
        .or(() -> entity.metadata().value("text"))
        .map(MetadataValue::text)
        .orElse(NO_TITLE);
  }

  private static String number(double score) {
    var size = Math.abs(score);
    if (size >= 0.1 || score == 0) {
      return size >= 1e6 ? "%.0f".formatted(score) : "%.4f".formatted(score);
    }
    return new BigDecimal(score).round(new MathContext(4)).toPlainString();
  }

  private static String joined(Map<String, Long> byName) {
    return byName.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
