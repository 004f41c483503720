package io.tidaldb.cli.load;

import java.util.Locale;
import java.util.Optional;

/// How a file is divided into records.
public enum RowFormat {
  /// One JSON object a line.
  JSONL,
  /// RFC 4180: commas, double quotes, a line of column names.
  CSV,
  /// Tabs, no quotes, a line of column names.
  TSV;

  /// The name in mapping files.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The format with this name.
  static Optional<RowFormat> ofLabel(String label) {
    for (var format : values()) {
      if (format.label().equals(label)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /// The format that a file name suggests.
  static Optional<RowFormat> ofFile(String file) {
    var name = file.toLowerCase(Locale.ROOT);
    var plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    return ofLabel(plain.substring(plain.lastIndexOf('.') + 1));
  }
}
