package io.tidaldb.cli.load;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Tests that a row must pass, all of them; a test of an absent value fails.
///
/// `{"rating": {">=": 4, "<": 5}, "kind": "answer", "lang": ["en", "de"], "closed_at": {"exists":
/// false}}`: a number is compared as a number, anything else as text.
record Condition(List<Test> tests) {

  /// Every row passes.
  static final Condition ALWAYS = new Condition(List.of());

  private enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    private boolean holds(int comparison) {
      return switch (this) {
        case EQUAL -> comparison == 0;
        case NOT_EQUAL -> comparison != 0;
        case LESS -> comparison < 0;
        case AT_MOST -> comparison <= 0;
        case GREATER -> comparison > 0;
        case AT_LEAST -> comparison >= 0;
      };
    }
  }

  /// One test of one column.
  sealed interface Test {
    String column();

    boolean passes(Row row) throws BadRowException;
  }

  private record Compares(String column, Operator operator, String operand, boolean numeric)
      implements Test {
    @Override
    public boolean passes(Row row) throws BadRowException {
      var value = row.scalar(column);
      if (value == null) {
        return false;
      }
      return operator.holds(
          numeric ? number(column, value).compareTo(new BigDecimal(operand)) : text(value));
    }

    private int text(String value) {
      return value.compareTo(operand);
    }
  }

  private record OneOf(String column, Set<String> operands) implements Test {
    @Override
    public boolean passes(Row row) throws BadRowException {
      var value = row.value(column);
      return value instanceof List<?> list
          ? list.stream().anyMatch(operands::contains)
          : value != null && operands.contains(value.toString());
    }
  }

  private record Exists(String column, boolean wanted) implements Test {
    @Override
    public boolean passes(Row row) throws BadRowException {
      return (row.value(column) != null) == wanted;
    }
  }

  static Condition of(Node node) {
    var tests = new ArrayList<Test>();
    node.members()
        .forEach(
            (column, test) -> {
              if (test.isObject()) {
                test.members().forEach((name, operand) -> tests.add(test(column, name, operand)));
              } else if (test.isArray()) {
                tests.add(oneOf(column, test));
              } else {
                tests.add(compares(column, Operator.EQUAL, test));
              }
            });
    return new Condition(List.copyOf(tests));
  }

  /// Whether the row passes every test.
  boolean passes(Row row) throws BadRowException {
    for (var test : tests) {
      if (!test.passes(row)) {
        return false;
      }
    }
    return true;
  }

  /// The columns that are looked at.
  Set<String> columns() {
    return tests.stream().map(Test::column).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Test test(String column, String name, Node operand) {
    if (name.equals("in")) {
      return oneOf(column, operand);
    }
    if (name.equals("exists")) {
      return new Exists(column, operand.flag());
    }
    for (var operator : Operator.values()) {
      if (operator.symbol.equals(name)) {
        return compares(column, operator, operand);
      }
    }
    throw operand.wrong("one of = != < <= > >= in exists");
  }

  private static Test compares(String column, Operator operator, Node operand) {
    return new Compares(column, operator, operand.scalar(), operand.isNumber());
  }

  private static Test oneOf(String column, Node operands) {
    return new OneOf(
        column, operands.elements().stream().map(Node::scalar).collect(Collectors.toSet()));
  }

  private static BigDecimal number(String column, String value) throws BadRowException {
    try {
      return new BigDecimal(value);
    } catch (NumberFormatException e) {
      throw new BadRowException("not a number: column=" + column + " given=" + value);
    }
  }
}
