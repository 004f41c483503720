package io.tidaldb.cli.load;

/// A row that cannot be loaded, with the reason; the rows after it can.
final class BadRowException extends Exception {

  private static final long serialVersionUID = 1L;

  BadRowException(String reason) {
    super(reason, null, false, false);
  }

  /// Why the row cannot be loaded.
  String reason() {
    return String.valueOf(getMessage());
  }
}
