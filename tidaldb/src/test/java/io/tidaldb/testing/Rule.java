package io.tidaldb.testing;

import io.tidaldb.schema.Window;
import java.util.Locale;

/// Who is in a cohort, as plain as can be: what definitions in scripts are made of.
public sealed interface Rule {

  /// Speaks a language.
  record Speaks(String language) implements Rule {}

  /// Is of an age, both ends included.
  record Aged(int from, int to) implements Rule {}

  /// Did something so often within a window.
  record Did(String signal, Window window, int times) implements Rule {}

  /// What is asked about a user.
  interface Facts {
    /// Empty if unknown.
    String language();

    /// −1 if unknown.
    int age();

    /// Events of a signal within a window.
    long did(String signal, Window window);
  }

  /// Whether a user is in it.
  default boolean holds(Facts facts) {
    return switch (this) {
      case Speaks speaks -> facts.language().equals(speaks.language);
      case Aged aged -> facts.age() >= aged.from && facts.age() <= aged.to;
      case Did did -> facts.did(did.signal, did.window) >= did.times;
    };
  }

  /// The predicate as text.
  default String text() {
    return switch (this) {
      case Speaks speaks -> "language = \"" + speaks.language + "\"";
      case Aged aged -> "age BETWEEN " + aged.from + " AND " + aged.to;
      case Did did ->
          String.format(
              Locale.ROOT,
              "did(signal:%s, window:%s) >= %d",
              did.signal,
              did.window.label(),
              did.times);
    };
  }
}
