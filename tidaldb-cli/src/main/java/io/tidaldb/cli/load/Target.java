package io.tidaldb.cli.load;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Visibility;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the rows of a source become.
public sealed interface Target {

  /// The name in mapping files: `items`, `users`, `creators`, `signals`, `relations` or
  /// `collections`.
  String label();

  /// Which rows are loaded.
  Condition when();

  /// When a row happened; empty if rows have no time.
  Optional<Column> time();

  /// The columns that are read.
  Set<String> columns();

  /// Rows are entities.
  ///
  /// @param fields what their metadata is made of
  record Entities(
      EntityKind kind, Column id, Map<String, Column> fields, Optional<Column> time, Condition when)
      implements Target {

    @Override
    public String label() {
      return kind.name().toLowerCase(java.util.Locale.ROOT) + "s";
    }

    @Override
    public Set<String> columns() {
      var columns = new ArrayList<>(fields.values());
      columns.add(id);
      time.ifPresent(columns::add);
      return names(columns, when);
    }
  }

  /// Rows are signals.
  ///
  /// @param rules which signal; the first that fits decides
  record Signals(
      List<Rule> rules,
      Column entity,
      Optional<Column> user,
      Optional<Column> weight,
      Column at,
      Condition when)
      implements Target {

    @Override
    public String label() {
      return "signals";
    }

    @Override
    public Optional<Column> time() {
      return Optional.of(at);
    }

    /// The signal that a row is, or null if no rule fits.
    @Nullable String signal(Row row) throws BadRowException {
      for (var rule : rules) {
        if (rule.when.passes(row)) {
          return rule.signal.text(row);
        }
      }
      return null;
    }

    @Override
    public Set<String> columns() {
      var columns = new ArrayList<>(List.of(entity, at));
      user.ifPresent(columns::add);
      weight.ifPresent(columns::add);
      rules.forEach(rule -> columns.add(rule.signal));
      var names = names(columns, when);
      rules.forEach(rule -> names.addAll(rule.when.columns()));
      return names;
    }
  }

  /// Rows say how a user stands to others.
  ///
  /// @param type which relation
  /// @param kind what the targets are
  /// @param weight 1 if empty
  /// @param at when the load comes to the row, if empty
  record Relations(
      Column user,
      RelationType type,
      EntityKind kind,
      Column target,
      Optional<Column> weight,
      Optional<Column> at,
      Condition when)
      implements Target {

    @Override
    public String label() {
      return "relations";
    }

    @Override
    public Optional<Column> time() {
      return at;
    }

    @Override
    public Set<String> columns() {
      var columns = new ArrayList<>(List.of(user, target));
      weight.ifPresent(columns::add);
      at.ifPresent(columns::add);
      return names(columns, when);
    }
  }

  /// Rows are items in collections, which are made as they come.
  ///
  /// @param name what the owner calls the collection
  /// @param at the order in which items enter; that of the file if empty
  record Collections(
      Column owner,
      Column name,
      Visibility visibility,
      Column item,
      Optional<Column> at,
      Condition when)
      implements Target {

    @Override
    public String label() {
      return "collections";
    }

    @Override
    public Optional<Column> time() {
      return at;
    }

    @Override
    public Set<String> columns() {
      var columns = new ArrayList<>(List.of(owner, name, item));
      at.ifPresent(columns::add);
      return names(columns, when);
    }
  }

  /// A signal for the rows that pass.
  record Rule(Condition when, Column signal) {}

  /// Reads what stands under one of the labels.
  static Target of(String label, Node node) {
    return switch (label) {
      case "signals" -> signals(node);
      case "relations" -> relations(node);
      case "collections" -> collections(node);
      default -> entities(label, node);
    };
  }

  private static Target relations(Node node) {
    node.allow("user", "type", "on", "target", "weight", "at", "when");
    var type = one(node.require("type"), RelationType.values(), RelationType::label);
    var on = node.get("on").map(kind -> one(kind, EntityKind.values(), Target::label));
    var kind =
        on.or(() -> Arrays.stream(EntityKind.values()).filter(type::takes).findFirst())
            .orElseThrow();
    if (!type.takes(kind)) {
      throw node.wrong("a target that " + type.label() + " takes");
    }
    return new Relations(
        Column.of(node.require("user")),
        type,
        kind,
        Column.of(node.require("target")),
        node.get("weight").map(Column::of),
        node.get("at").map(Column::of),
        when(node));
  }

  private static Target collections(Node node) {
    node.allow("owner", "name", "visibility", "item", "at", "when");
    return new Collections(
        Column.of(node.require("owner")),
        Column.of(node.require("name")),
        node.get("visibility")
            .map(level -> one(level, Visibility.values(), Visibility::label))
            .orElse(Visibility.PRIVATE),
        Column.of(node.require("item")),
        node.get("at").map(Column::of),
        when(node));
  }

  private static String label(EntityKind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static <E> E one(Node node, E[] values, Function<E, String> label) {
    return Arrays.stream(values)
        .filter(value -> label.apply(value).equals(node.string()))
        .findFirst()
        .orElseThrow(
            () -> node.wrong(Arrays.stream(values).map(label).collect(Collectors.joining(", "))));
  }

  private static Target entities(String label, Node node) {
    node.allow("id", "fields", "time", "when");
    var fields = new java.util.LinkedHashMap<String, Column>();
    node.get("fields")
        .map(Node::members)
        .orElse(Map.of())
        .forEach((name, column) -> fields.put(name, Column.of(column)));
    var created = Optional.ofNullable(fields.get("created_at"));
    return new Entities(
        EntityKind.valueOf(
            label.substring(0, label.length() - 1).toUpperCase(java.util.Locale.ROOT)),
        Column.of(node.require("id")),
        fields,
        node.get("time").map(Column::of).or(() -> created),
        when(node));
  }

  private static Target signals(Node node) {
    node.allow("signal", "rules", "entity", "user", "weight", "at", "when");
    var single = node.get("signal");
    var many = node.get("rules");
    if (single.isPresent() == many.isPresent()) {
      throw node.wrong("either \"signal\" or \"rules\"");
    }
    var rules = new ArrayList<Rule>();
    single.ifPresent(signal -> rules.add(new Rule(Condition.ALWAYS, signal(signal))));
    for (var rule : many.map(Node::elements).orElse(List.of())) {
      rule.allow("when", "signal");
      rules.add(new Rule(when(rule), signal(rule.require("signal"))));
    }
    return new Signals(
        List.copyOf(rules),
        Column.of(node.require("entity")),
        node.get("user").map(Column::of),
        node.get("weight").map(Column::of),
        Column.of(node.require("at")),
        when(node));
  }

  /// A signal's name, or the column where it stands.
  private static Column signal(Node node) {
    if (!node.isString()) {
      return Column.of(node);
    }
    return new Column(
        Optional.empty(),
        Optional.of(node.string()),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of(),
        Optional.empty());
  }

  private static Condition when(Node node) {
    return node.get("when").map(Condition::of).orElse(Condition.ALWAYS);
  }

  private static Set<String> names(List<Column> columns, Condition when) {
    var names = new TreeSet<>(when.columns());
    columns.forEach(column -> column.from().ifPresent(names::add));
    return names;
  }
}
