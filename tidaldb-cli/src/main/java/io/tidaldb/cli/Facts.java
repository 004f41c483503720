package io.tidaldb.cli;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/// Prints named facts: one a line, lists and maps indented below their name; or as JSON.
final class Facts {

  private Facts() {}

  /// Prints the facts.
  static void print(Output output, Map<String, ?> facts) {
    if (output.isJson()) {
      output.json(facts);
      return;
    }
    facts.forEach((name, value) -> print(output, name.replace('_', ' '), value));
  }

  private static void print(Output output, String name, Object value) {
    switch (value) {
      case null -> output.line(name + ": unavailable");
      case Collection<?> list when list.isEmpty() -> output.line(name + ": none");
      case Map<?, ?> map when map.isEmpty() -> output.line(name + ": none");
      case Collection<?> list -> {
        output.line(name + ":");
        list.forEach(element -> output.line("  " + words(element)));
      }
      case Map<?, ?> map -> {
        output.line(name + ":");
        map.forEach((key, element) -> output.line("  " + key + ": " + words(element)));
      }
      case Long number -> output.line(name + ": " + "%,d".formatted(number));
      default -> output.line(name + ": " + value);
    }
  }

  private static String words(Object element) {
    return element instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining("  "))
        : String.valueOf(element);
  }
}
