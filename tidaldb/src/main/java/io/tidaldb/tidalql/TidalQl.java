package io.tidaldb.tidalql;

import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.QuerySyntaxException.Problem;
import io.tidaldb.schema.TidalException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// TidalQL: the other way to write a request.
///
/// ```
/// RETRIEVE items FOR USER $me FILTER unseen AND category IN ("jazz", "folk") LIMIT 20
/// ```
///
/// Keywords are read in any case, clauses in any order. A parameter stands for a whole value of a
/// type; it is never made into text, so no value can change what a text means.
public final class TidalQl {

  /// The most that is read, in bytes of UTF-8.
  public static final int BYTES_MAX = 64 << 10;

  private TidalQl() {}

  /// Reads a statement without parameters.
  ///
  /// @throws QuerySyntaxException with the place where it goes wrong
  public static Query parse(String text) {
    return parse(text, Map.of());
  }

  /// Reads a statement.
  ///
  /// @param parameters values by name, without `$`; each must be named in the text
  /// @throws QuerySyntaxException with the place where it goes wrong
  public static Query parse(String text, Map<String, ?> parameters) {
    checkSize(text);
    var arguments = new Arguments(parameters);
    return new StatementParser(new Tokens(text), arguments).statement(arguments);
  }

  /// Reads a filter alone: what stands behind `FILTER`.
  ///
  /// @throws QuerySyntaxException with the place where it goes wrong
  public static Filter filter(String text) {
    checkSize(text);
    var arguments = new Arguments(Map.of());
    return new StatementParser(new Tokens(text), arguments).filter(arguments);
  }

  /// What whoever ran a text refused, with the place of it in the text: an error of meaning.
  ///
  /// @param text a text that was read
  /// @param refusal an invalid request, or a name that does not exist
  public static QuerySyntaxException located(String text, TidalException refusal) {
    return new Places(text).located(refusal);
  }

  /// Fits in the bound, or the place of the first character that does not.
  private static void checkSize(String text) {
    if (text.length() <= BYTES_MAX / 3) {
      return;
    }
    int bytes = 0;
    for (int at = 0; at < text.length(); ) {
      int code = text.codePointAt(at);
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
      if (bytes > BYTES_MAX) {
        var sentence = "text is longer than " + BYTES_MAX + " bytes";
        var problem = new Problem(sentence, Character.toString(code), List.of(), Optional.empty());
        throw new QuerySyntaxException(QuerySyntaxException.SYNTAX, text, at, problem, null);
      }
      at += Character.charCount(code);
    }
  }
}
