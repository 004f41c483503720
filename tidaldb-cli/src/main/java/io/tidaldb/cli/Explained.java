package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Explanation;
import io.tidaldb.schema.ItemVerdict;
import io.tidaldb.schema.QueryAnalysis;
import io.tidaldb.schema.QueryPlan;
import io.tidaldb.schema.QueryStats;
import io.tidaldb.schema.Results.Warning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Prints explanations of queries: tables and trees, or JSON.
public final class Explained {

  private final TidalDb db;
  private final Output output;

  /// @param db knows the titles
  public Explained(TidalDb db, Output output) {
    this.db = db;
    this.output = output;
  }

  /// Prints an explanation.
  public void print(Explanation explanation) {
    if (output.isJson()) {
      output.json(shape(explanation));
      return;
    }
    switch (explanation) {
      case QueryPlan plan -> print(plan);
      case QueryAnalysis analysis -> print(analysis);
      case ItemVerdict verdict -> print(verdict);
    }
  }

  private void print(QueryPlan plan) {
    var table = new Table("plan", "");
    table.row("query", plan.query());
    table.row("profile", plan.profile());
    table.row("order", plan.order());
    table.row("at", plan.at());
    table.row("position", plan.position());
    table.row("strategy", plan.strategy());
    plan.sources().forEach(source -> table.row("source", source));
    table.row("entities", "%,d".formatted(plan.universe()));
    table.print(output);
    if (!plan.filter().isEmpty()) {
      output.line("");
      var filter = new Table("filter", ">fits");
      plan.filter().forEach(leaf -> filter.row(leaf.text(), percent(leaf.selectivity())));
      filter.print(output);
    }
    plan.warnings().forEach(this::warn);
  }

  private void print(QueryAnalysis analysis) {
    print(analysis.plan());
    output.line("");
    new Feed(db, output).print(analysis.results(), true);
    stages(analysis.results().stats());
    if (!analysis.dropped().isEmpty()) {
      output.line("");
      var table = new Table("dropped by", ">score", "id", "title", "why");
      for (var dropped : analysis.dropped()) {
        table.row(
            dropped.stage(),
            "%.4f".formatted(dropped.score()),
            dropped.item(),
            title(dropped.item()),
            dropped.reason());
      }
      table.print(output);
    }
  }

  private void stages(QueryStats stats) {
    output.line("");
    var stages = new Table("stage", ">µs");
    stats.stageMicros().forEach(stages::row);
    stages.print(output);
    if (!stats.sources().isEmpty()) {
      output.line("");
      var sources = new Table("source", ">asked", ">gave", ">new", ">returned", ">µs");
      for (var source : stats.sources()) {
        sources.row(
            source.source(),
            source.asked() == Integer.MAX_VALUE ? "all" : source.asked(),
            source.produced(),
            source.fresh(),
            source.returned(),
            source.micros());
      }
      sources.print(output);
    }
  }

  private void print(ItemVerdict verdict) {
    output.line(
        output.bold(verdict.verdict() + (verdict.facts().isEmpty() ? "" : " " + verdict.facts()))
            + output.dim("  id " + verdict.item() + "  " + title(verdict.item())));
    verdict
        .score()
        .ifPresent(part -> part.toString().lines().forEach(line -> output.line("   " + line)));
  }

  private void warn(Warning warning) {
    output.note("warning: " + warning.code() + " " + warning.facts());
  }

  private String title(EntityId id) {
    return db.readItem(id).map(Feed::title).orElse("–");
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }

  /* --- JSON --- */

  private Map<String, Object> shape(Explanation explanation) {
    return switch (explanation) {
      case QueryPlan plan -> plan(plan);
      case QueryAnalysis analysis -> {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("plan", plan(analysis.plan()));
        shape.put("results", Shapes.results(analysis.results(), hit -> db.readItem(hit.id())));
        shape.put("dropped", analysis.dropped().stream().map(Explained::dropped).toList());
        yield shape;
      }
      case ItemVerdict verdict -> {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("item", verdict.item().toString());
        shape.put("verdict", verdict.verdict().name());
        shape.put("facts", verdict.facts());
        shape.put("score", verdict.score().map(Shapes::part).orElse(null));
        yield shape;
      }
    };
  }

  private static Map<String, Object> plan(QueryPlan plan) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("query", plan.query());
    shape.put("profile", plan.profile());
    shape.put("order", plan.order());
    shape.put("at", plan.at().toString());
    shape.put("position", plan.position());
    shape.put("strategy", plan.strategy());
    shape.put("sources", plan.sources());
    shape.put(
        "filter",
        plan.filter().stream()
            .map(leaf -> Map.of("text", leaf.text(), "selectivity", leaf.selectivity()))
            .toList());
    shape.put("universe", plan.universe());
    shape.put("warnings", warnings(plan.warnings()));
    return shape;
  }

  private static List<Map<String, String>> warnings(List<Warning> warnings) {
    return warnings.stream()
        .map(warning -> Map.of("code", warning.code(), "facts", warning.facts()))
        .toList();
  }

  private static Map<String, Object> dropped(QueryAnalysis.Dropped dropped) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("stage", dropped.stage());
    shape.put("item", dropped.item().toString());
    shape.put("score", dropped.score());
    shape.put("reason", dropped.reason());
    return shape;
  }
}
