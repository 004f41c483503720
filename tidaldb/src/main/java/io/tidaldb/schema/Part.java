package io.tidaldb.schema;

import java.util.List;

/// A part of a score. The children of every part sum to it, left to right, bit for bit; the root is
/// the score.
///
/// @param name what it is
/// @param contribution what it adds
/// @param detail the inputs, for people
/// @param children the parts it is made of, or none
public record Part(String name, double contribution, String detail, List<Part> children) {

  public Part {
    children = List.copyOf(children);
  }

  /// A part without parts.
  public static Part leaf(String name, double contribution, String detail) {
    return new Part(name, contribution, detail, List.of());
  }

  /// The tree as text, one part a line.
  @Override
  public String toString() {
    var text = new StringBuilder();
    append(text, "", "");
    return text.toString();
  }

  private void append(StringBuilder text, String head, String tail) {
    text.append(head).append(String.format(java.util.Locale.ROOT, "%.4f %s", contribution, name));
    if (!detail.isEmpty()) {
      text.append("  ").append(detail);
    }
    for (int i = 0; i < children.size(); i++) {
      boolean last = i == children.size() - 1;
      text.append('\n');
      children.get(i).append(text, tail + (last ? "└ " : "├ "), tail + (last ? "  " : "│ "));
    }
  }
}
