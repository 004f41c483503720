package io.tidaldb.tidalql;

import io.tidaldb.schema.QuerySyntaxException;
import org.jspecify.annotations.Nullable;

/// What a text says in good order, but this version cannot do yet: refused when the whole text has
/// been read, never ignored.
final class Later {

  private @Nullable Token token;
  private String what = "";

  /// Notes something; the first is told.
  void note(Token at, String clause) {
    if (token == null) {
      token = at;
      what = clause;
    }
  }

  /// @throws QuerySyntaxException naming what was noted
  void check(Tokens tokens) {
    if (token != null) {
      throw tokens.refused(
          "CLAUSE_LATER", token, "cannot be done yet, a later version will: clause=" + what);
    }
  }
}
