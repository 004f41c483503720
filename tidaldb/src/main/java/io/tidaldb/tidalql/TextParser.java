package io.tidaldb.tidalql;

import io.tidaldb.schema.QueryWords;
import io.tidaldb.schema.Search;
import io.tidaldb.schema.Search.Fusion;
import io.tidaldb.tidalql.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads what a search has beyond a request: text, vector, and how they find and weigh.
final class TextParser {

  private static final List<String> CLAUSES =
      List.of(
          "QUERY", "VECTOR", "MODE", "MATCH", "TYPOS", "SYNTAX", "FUSE", "LANGUAGE", "SNIPPETS");

  private final Tokens tokens;
  private final Values values;
  private final ClauseParser clauses;
  private Search search = Search.items();

  TextParser(Tokens tokens, Values values, ClauseParser clauses) {
    this.tokens = tokens;
    this.values = values;
    this.clauses = clauses;
  }

  /// The search, with the request of the other clauses.
  Search search() {
    return search.with(_ -> clauses.request());
  }

  /// Reads a clause if one stands here that was not given yet.
  boolean take() {
    for (var clause : CLAUSES) {
      if (clauses.isNew(clause)) {
        search = read(clause);
        return true;
      }
    }
    return false;
  }

  private Search read(String clause) {
    return switch (clause) {
      case "QUERY" -> {
        var words = values.string();
        yield search.query(words, tokens.takeWord("IN") ? names() : new String[0]);
      }
      case "VECTOR" -> {
        var numbers = values.vector();
        yield tokens.takeWord("IN")
            ? search.vector(numbers, tokens.name(Tokens.A_NAME).text())
            : search.vector(numbers);
      }
      case "MODE" -> {
        var mode = choice(Search.Mode.values());
        yield search.relevance(how -> how.mode(mode));
      }
      case "MATCH" -> {
        var match = choice(Search.Match.values());
        yield search.relevance(how -> how.match(match));
      }
      case "TYPOS" -> {
        var typos = choice(Search.Typos.values());
        yield search.relevance(how -> how.typos(typos));
      }
      case "SYNTAX" -> {
        var syntax = choice(Search.Syntax.values());
        yield search.relevance(how -> how.syntax(syntax));
      }
      case "FUSE" -> {
        var fusion = fusion();
        yield search.relevance(how -> how.fusion(fusion));
      }
      case "LANGUAGE" -> search.languages(several(values::string));
      case "SNIPPETS" -> search.snippets(isName() ? List.of(names()) : List.of());
      default -> throw new IllegalStateException("a clause without a reader: " + clause);
    };
  }

  private <T extends Search.Choice> T choice(T[] choices) {
    var label = tokens.oneOf(Arrays.stream(choices).map(Search.Choice::label).toList()).text();
    for (var choice : choices) {
      if (choice.label().equals(label)) {
        return choice;
      }
    }
    throw new IllegalStateException("a choice that is none: " + label);
  }

  private Fusion fusion() {
    var name = tokens.oneOf(List.of("convex", "rrf"));
    if (name.text().equals("rrf")) {
      var k = values.call(List.of("k")).get("k");
      return new Fusion.ByRank(
          k == null
              ? 60
              : values.of(
                  k,
                  "a whole number",
                  value ->
                      value instanceof Value.Numeral number
                          ? number.whole().filter(n -> n == n.intValue()).map(Long::intValue)
                          : Optional.empty()));
    }
    var alpha = values.call(List.of("alpha")).get("alpha");
    return new Fusion.Convex(alpha == null ? 0.5 : values.of(alpha, "a number", Values::asNumber));
  }

  private boolean isName() {
    var token = tokens.peek();
    return token.kind() == Kind.QUOTED
        || (token.kind() == Kind.WORD && !QueryWords.isReserved(token.text()));
  }

  private String[] names() {
    return several(() -> tokens.name(Tokens.A_NAME).text());
  }

  private String[] several(Supplier<String> one) {
    var found = new ArrayList<String>();
    do {
      found.add(one.get());
    } while (tokens.takeSymbol(","));
    return found.toArray(String[]::new);
  }
}
