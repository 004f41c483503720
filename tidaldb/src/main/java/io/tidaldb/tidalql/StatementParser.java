package io.tidaldb.tidalql;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Query;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Search;
import io.tidaldb.schema.Suggest;
import io.tidaldb.tidalql.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Reads statements.
///
/// ```ebnf
/// statement = [ "EXPLAIN" [ "ANALYZE" | "ITEM" id "IN" ] ] ( retrieve | search | suggest ) [ ";" ] ;
/// retrieve  = "RETRIEVE" kind { clause } ;     search = "SEARCH" kind { clause | text } ;
/// suggest   = "SUGGEST" string { hint } ;      kind   = "ITEMS" | "CREATORS" ;
/// ```
final class StatementParser {

  private static final List<String> SUGGEST_SOURCES =
      List.of("creators", "queries", "tags", "titles");

  private final Tokens tokens;
  private final Values values;
  private final Later later = new Later();
  private final FilterParser filters;
  private boolean nested;

  StatementParser(Tokens tokens, Arguments arguments) {
    this.tokens = tokens;
    this.values = new Values(tokens, arguments);
    this.filters = new FilterParser(tokens, values, later);
  }

  /// The whole text as a statement.
  Query statement(Arguments arguments) {
    var query = tokens.takeWord("EXPLAIN") ? explain() : query();
    var _ = tokens.takeSymbol(";");
    end(arguments);
    return query;
  }

  /// The whole text as a filter.
  Filter filter(Arguments arguments) {
    var filter = filters.expression();
    end(arguments);
    return filter.canonical();
  }

  private void end(Arguments arguments) {
    if (tokens.peek().kind() != Kind.END) {
      tokens.tried(Token.THE_END);
      throw tokens.wrong();
    }
    arguments.checkAllUsed(tokens.peek(), tokens);
    later.check(tokens);
  }

  private Query explain() {
    if (tokens.takeWord("ANALYZE")) {
      return Explain.analyze(query());
    }
    if (tokens.takeWord("ITEM")) {
      EntityId id = values.id();
      tokens.expectWord("IN");
      return Explain.item(id, query());
    }
    return Explain.plan(query());
  }

  private Query query() {
    if (tokens.takeWord("RETRIEVE")) {
      return retrieve();
    }
    if (tokens.takeWord("SEARCH")) {
      return search();
    }
    if (tokens.takeWord("SUGGEST")) {
      return suggest();
    }
    throw tokens.wrong();
  }

  private Retrieve kind() {
    if (tokens.takeWord("ITEMS")) {
      return Retrieve.items();
    }
    if (tokens.takeWord("CREATORS")) {
      return Retrieve.creators();
    }
    throw tokens.wrong();
  }

  private Retrieve retrieve() {
    var clauses = clauses();
    while (!atEnd()) {
      if (!clauses.take()) {
        throw clauses.wrong();
      }
    }
    return clauses.request();
  }

  private ClauseParser clauses() {
    return new ClauseParser(kind(), tokens, values, this);
  }

  private boolean atEnd() {
    return switch (tokens.peek().kind()) {
      case END -> true;
      case SYMBOL -> tokens.peek().isSymbol(";") || (nested && tokens.peek().isSymbol(")"));
      default -> false;
    };
  }

  /// What this version cannot do yet.
  Later later() {
    return later;
  }

  /// A filter that is part of the text.
  Filter expression() {
    return filters.expression();
  }

  /// `"(" ( retrieve | search ) ")"`, one level deep; a search comes later.
  Optional<Retrieve> inner(Token word) {
    tokens.expectSymbol("(");
    var outer = nested;
    nested = true;
    Optional<Retrieve> inner = Optional.empty();
    if (tokens.takeWord("RETRIEVE")) {
      inner = Optional.of(retrieve());
    } else if (tokens.takeWord("SEARCH")) {
      later.note(word, "WITHIN");
      var _ = search();
    } else {
      throw tokens.wrong();
    }
    nested = outer;
    tokens.expectSymbol(")");
    return inner;
  }

  boolean isNested() {
    return nested;
  }

  /* --- SEARCH --- */

  private Search search() {
    var clauses = clauses();
    var texts = new TextParser(tokens, values, clauses);
    while (!atEnd()) {
      if (!clauses.take() && !texts.take()) {
        throw clauses.wrong();
      }
    }
    return texts.search();
  }

  /* --- SUGGEST --- */

  private Suggest suggest() {
    var suggest = Suggest.prefix(values.string());
    var given = new HashSet<String>();
    while (!atEnd()) {
      if (isNew("FOR", given)) {
        tokens.expectWord("USER");
        suggest = suggest.forUser(values.id());
      } else if (isNew("FROM", given)) {
        suggest = suggest.from(names(() -> tokens.oneOf(SUGGEST_SOURCES).text()));
      } else if (isNew("LANGUAGE", given)) {
        suggest = suggest.languages(names(values::string));
      } else if (isNew("LIMIT", given)) {
        suggest = suggest.limit(values.count());
      } else {
        throw tokens.wrong();
      }
    }
    return suggest;
  }

  private boolean isNew(String clause, Set<String> given) {
    return !given.contains(clause) && tokens.takeWord(clause) && given.add(clause);
  }

  private String[] names(Supplier<String> name) {
    var names = new ArrayList<String>();
    do {
      names.add(name.get());
    } while (tokens.takeSymbol(","));
    return names.toArray(String[]::new);
  }
}
