package io.tidaldb.cli.load;

import com.google.errorprone.annotations.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Cells of a line of CSV or TSV.
///
/// Not a library's parser, because a quote that is never closed must spoil one record and not the
/// rest of the file, and because a rejected record is shown as it was.
final class Delimited {

  private Delimited() {}

  /// Whether a quoted cell is still open at the end of this text.
  static boolean isOpen(String text) {
    @Var var open = false;
    for (var at = 0; at < text.length(); at++) {
      open ^= text.charAt(at) == '"';
    }
    return open;
  }

  /// The cells of a record of CSV.
  ///
  /// @throws BadRowException if a quoted cell is followed by anything but a comma
  static List<String> comma(String text) throws BadRowException {
    var cells = new ArrayList<String>();
    @Var var at = 0;
    while (true) {
      if (at < text.length() && text.charAt(at) == '"') {
        at = quoted(text, at + 1, cells);
      } else {
        @Var var end = text.indexOf(',', at);
        end = end < 0 ? text.length() : end;
        cells.add(text.substring(at, end));
        at = end;
      }
      if (at == text.length()) {
        return cells;
      }
      at++;
    }
  }

  /// The cells of a record of TSV.
  static List<String> tab(String text) {
    return List.of(text.split("\t", -1));
  }

  private static int quoted(String text, int begin, List<String> cells) throws BadRowException {
    var cell = new StringBuilder();
    @Var var at = begin;
    while (true) {
      var end = text.indexOf('"', at);
      if (end < 0) {
        throw new BadRowException("quote is not closed");
      }
      cell.append(text, at, end);
      at = end + 1;
      if (at < text.length() && text.charAt(at) == '"') {
        cell.append('"');
        at++;
      } else if (at == text.length() || text.charAt(at) == ',') {
        cells.add(cell.toString());
        return at;
      } else {
        throw new BadRowException("text after a closing quote: cell=" + (cells.size() + 1));
      }
    }
  }

  /// A record of cells.
  ///
  /// @param columns the place of each column
  record Cells(long line, String text, Map<String, Integer> columns, List<String> cells)
      implements Row {

    @Override
    public @Nullable Object value(String column) {
      var place = columns.get(column);
      if (place == null) {
        return null;
      }
      var cell = cells.get(place);
      return cell.isEmpty() ? null : cell;
    }
  }
}
