package io.tidaldb.tidalql;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.QuerySyntaxException.Problem;
import io.tidaldb.schema.QueryWords;
import io.tidaldb.schema.TidalException;
import io.tidaldb.tidalql.Token.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Finds the place in a text of what whoever ran it refused: the name that does not exist, or the
/// clause whose value cannot be.
final class Places {

  /// Facts of messages that name what stands in the text.
  private static final Pattern NAMED =
      Pattern.compile("\\b(?:field|signal|profile|experiment)=([a-z0-9_]+)");

  /// The clause, by how the code begins.
  private static final Map<String, String> CLAUSES =
      Map.ofEntries(
          Map.entry("LIMIT_", "LIMIT"),
          Map.entry("EXCLUDE_", "EXCLUDE"),
          Map.entry("VERSION_", "USING"),
          Map.entry("SEEDS_", "SIMILAR"),
          Map.entry("SOURCE", "FROM"),
          Map.entry("WITHIN_", "WITHIN"),
          Map.entry("SESSION_", "SESSION"),
          Map.entry("CURSOR_", "CURSOR"),
          Map.entry("KIND_", "CREATORS"),
          Map.entry("READ_TIME_", "AT"),
          Map.entry("SURFACE_", "SURFACE"),
          Map.entry("DEADLINE_", "DEADLINE"),
          Map.entry("WINDOW_", "WINDOW"),
          Map.entry("SORT_", "SORT"),
          Map.entry("FILTER_", "FILTER"),
          Map.entry("NEWER_", "NEWER"),
          Map.entry("USER_", "FILTER"));

  private final String text;

  Places(String text) {
    this.text = text;
  }

  /// The same refusal with its place; the begin of the text where no place can be named.
  QuerySyntaxException located(TidalException refusal) {
    if (refusal instanceof QuerySyntaxException known) {
      return known;
    }
    var code = refusal instanceof InvalidRequestException invalid ? invalid.code() : "NOT_FOUND";
    boolean inner = String.valueOf(refusal.getMessage()).startsWith(QueryWords.INNER);
    var place =
        name(refusal)
            .flatMap(name -> find(inner, token -> isNamed(token, name)))
            .or(() -> clause(code).flatMap(clause -> find(inner, token -> token.isWord(clause))))
            .or(() -> find(false, token -> inner && token.isWord("WITHIN")))
            .orElseGet(() -> new Lexer(text).next());
    var problem =
        new Problem(
            String.valueOf(refusal.getMessage()), place.shown(), List.of(), Optional.empty());
    return new QuerySyntaxException(code, text, place.from(), problem, refusal);
  }

  private static boolean isNamed(Token token, String name) {
    return switch (token.kind()) {
      case WORD, QUOTED, STRING, NUMBER -> token.text().equals(name);
      case SPAN, PARAMETER, SYMBOL, BROKEN, END -> false;
    };
  }

  private static Optional<String> name(TidalException refusal) {
    if (refusal instanceof NotFoundException missing) {
      return Optional.of(missing.name().replaceFirst("@.*", ""));
    }
    var named = NAMED.matcher(String.valueOf(refusal.getMessage()));
    return named.find() ? Optional.of(named.group(1)) : Optional.empty();
  }

  private static Optional<String> clause(String code) {
    return CLAUSES.entrySet().stream()
        .filter(entry -> code.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /// The first token of the outer query, or of the one inside it.
  private Optional<Token> find(boolean inner, Predicate<Token> wanted) {
    var lexer = new Lexer(text);
    boolean within = false;
    int depth = 0;
    for (var token = lexer.next(); token.kind() != Kind.END; token = lexer.next()) {
      if (token.kind() == Kind.BROKEN) {
        return Optional.empty();
      }
      if (depth > 0 || (within && token.isSymbol("("))) {
        depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
      }
      within = token.isWord("WITHIN");
      if (inner == depth > 0 && wanted.test(token)) {
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }
}
