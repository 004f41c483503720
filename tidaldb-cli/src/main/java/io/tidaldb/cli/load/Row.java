package io.tidaldb.cli.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One record of a file: where it begins, its text, and its values by column.
///
/// A value is a `String`, a `List<String>`, or null where there is none; an empty string is none.
interface Row {

  /// The line on which the record begins, from 1.
  long line();

  /// The record as it stands in the file.
  String text();

  /// The value of a column.
  ///
  /// @throws BadRowException if what stands there is neither a scalar nor a list of scalars
  @Nullable Object value(String column) throws BadRowException;

  /// The value of a column as one text; a list is joined by commas.
  default @Nullable String scalar(String column) throws BadRowException {
    var value = value(column);
    if (value instanceof List<?> list) {
      return String.join(",", list.stream().map(String::valueOf).toList());
    }
    return value == null ? null : value.toString();
  }
}
