package io.tidaldb.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of text in columns of even width; numbers stand to the right.
public final class Table {

  private static final int CELL_MAX = 60;

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /// @param header the columns' names; one that begins with `>` stands to the right
  public Table(String... header) {
    this.header = List.of(header);
  }

  /// Adds a row.
  public void row(Object... cells) {
    rows.add(Arrays.stream(cells).map(cell -> shortened(String.valueOf(cell))).toList());
  }

  /// The lines, the header first.
  public List<String> lines() {
    var widths = new int[header.size()];
    var names = header.stream().map(Table::name).toList();
    for (var column = 0; column < widths.length; column++) {
      widths[column] = width(names.get(column));
      for (var row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    var lines = new ArrayList<String>();
    lines.add(line(names, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  /// Prints the lines.
  public void print(Output output) {
    var lines = lines();
    output.line(output.dim(lines.getFirst()));
    lines.subList(1, lines.size()).forEach(output::line);
  }

  private String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (var column = 0; column < widths.length; column++) {
      var gap = " ".repeat(widths[column] - width(cells.get(column)));
      var right = header.get(column).startsWith(">");
      line.append(right ? gap : "").append(cells.get(column)).append(right ? "" : gap).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private static String name(String header) {
    return header.startsWith(">") ? header.substring(1) : header;
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String shortened(String cell) {
    var plain = cell.replaceAll("\\p{Cntrl}+", " ");
    return width(plain) <= CELL_MAX
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, CELL_MAX - 1)) + "…";
  }
}
