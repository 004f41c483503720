package io.tidaldb.tidalql;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import io.tidaldb.tidalql.Token.Kind;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads the clauses of one request, in any order, each at most once.
final class ClauseParser {

  private static final String FOR = "FOR";

  private static final List<String> CLAUSES =
      List.of(
          FOR,
          "USING",
          "FILTER",
          "LIMIT",
          "SORT",
          "WINDOW",
          "EXCLUDE",
          "SIMILAR",
          "CURSOR",
          "SEED",
          "AT",
          "SURFACE",
          "DEADLINE",
          "WITHIN",
          "FROM",
          "DIVERSITY",
          "EXPLORE",
          "CAPS",
          "FACETS",
          "NEWER");

  private static final List<String> DIVERSITY =
      List.of(
          "category_min",
          "format_mix",
          "max_per_creator",
          "min_gap",
          "mmr",
          "per",
          "topic_diversity");

  private static final List<String> CAPS = List.of("per_creator", "total");

  private static final List<String> SORTS =
      Arrays.stream(Sort.values()).map(Sort::label).sorted().toList();

  private static final Set<String> SORTS_LATER = Set.of("relevance");

  private final Tokens tokens;
  private final Values values;
  private final StatementParser statement;
  private final Set<String> given = new HashSet<>();
  private Retrieve request;

  ClauseParser(Retrieve kind, Tokens tokens, Values values, StatementParser statement) {
    this.request = kind;
    this.tokens = tokens;
    this.values = values;
    this.statement = statement;
  }

  /// What the clauses say.
  Retrieve request() {
    return request;
  }

  /// Reads a clause if one stands here that was not given yet.
  boolean take() {
    var word = tokens.peek();
    if (word.kind() == Kind.WORD) {
      for (var clause : CLAUSES) {
        if (isNew(clause)) {
          read(clause, word);
          return true;
        }
      }
    }
    return false;
  }

  /// Whether a clause stands here that was not given yet, and goes behind its first word.
  boolean isNew(String clause) {
    if (given.contains(clause) || !tokens.takeWord(clause)) {
      return false;
    }
    if (!clause.equals(FOR)) {
      given.add(clause);
    }
    return true;
  }

  /// What stands here is no clause, or one that was given.
  QuerySyntaxException wrong() {
    var word = tokens.peek().text().toUpperCase(Locale.ROOT);
    if (tokens.peek().kind() != Kind.WORD) {
      CLAUSES.stream().filter(clause -> !given.contains(clause)).forEach(tokens::tried);
    }
    return tokens.wrong(Optional.empty(), given.contains(word) ? ": it is given twice" : "");
  }

  private void read(String clause, Token word) {
    switch (clause) {
      case FOR -> whom();
      case "USING" -> using();
      case "FILTER" -> request = request.filter(statement.expression());
      case "LIMIT" -> request = request.limit(values.count());
      case "SORT" -> sort();
      case "WINDOW" -> request = request.window(values.window());
      case "EXCLUDE" -> request = request.exclude(values.ids());
      case "SIMILAR" -> similar();
      case "CURSOR" -> request = request.after(values.string());
      case "NEWER" -> {
        tokens.expectWord("THAN");
        request = request.newerThan(values.string());
      }
      case "SEED" -> request = request.seed(values.whole());
      case "AT" -> at();
      case "SURFACE" -> request = request.surface(label());
      case "DEADLINE" -> request = request.deadline(values.span());
      case "DIVERSITY" -> diversity();
      case "CAPS" -> caps();
      case "EXPLORE" ->
          request = request.explore(tokens.takeWord("NONE") ? 0 : values.decimal("a number"));
      case "WITHIN" -> within(word);
      case "FROM" -> request = request.from(new SourceParser(tokens, values).sources());
      default -> later(clause, word);
    }
  }

  private void within(Token word) {
    if (statement.isNested()) {
      throw tokens.refused("WITHIN_NESTED", word, "WITHIN stands inside WITHIN: depth=2 limit=1");
    }
    var inner = statement.inner(word);
    request = inner.map(request::within).orElse(request);
  }

  private void diversity() {
    if (tokens.takeWord("NONE")) {
      request = request.diversity(Diversity.NONE);
      return;
    }
    @Var var diversity = Diversity.NONE;
    for (var pair : values.pairs(DIVERSITY).entrySet()) {
      var limits = new TreeMap<String, Number>(diversity.values());
      limits.put(pair.getKey(), values.of(pair.getValue(), "a number", Values::asNumber));
      try {
        diversity = Diversity.of(limits);
      } catch (InvalidRequestException e) {
        throw tokens.refused(pair.getValue().token(), e);
      }
    }
    request = request.diversity(diversity);
  }

  private void caps() {
    if (tokens.takeWord("NONE")) {
      request = request.caps(NotificationCaps.NONE);
      return;
    }
    var given = new TreeMap<String, Number>();
    for (var pair : values.pairs(CAPS).entrySet()) {
      given.put(pair.getKey(), values.of(pair.getValue(), "a number", Values::asNumber));
      try {
        request = request.caps(NotificationCaps.of(given));
      } catch (InvalidRequestException e) {
        throw tokens.refused(pair.getValue().token(), e);
      }
    }
  }

  private void whom() {
    if (isNewOf("USER")) {
      request = request.forUser(values.id());
    } else if (isNewOf("SESSION")) {
      request = request.forSession(SessionId.of(values.id().value()));
    } else if (isNewOf("CREATOR")) {
      request = request.forCreator(values.id());
    } else if (isNewOf("COHORT")) {
      request = request.forCohort(tokens.name(Tokens.A_NAME).text());
    } else {
      throw tokens.wrong();
    }
  }

  private boolean isNewOf(String word) {
    return !given.contains("FOR " + word) && tokens.takeWord(word) && given.add("FOR " + word);
  }

  private void using() {
    if (tokens.takeWord("EXPERIMENT")) {
      request = request.experiment(tokens.name(Tokens.A_NAME).text());
      return;
    }
    tokens.expectWord("PROFILE");
    var name = tokens.name(Tokens.A_NAME).text();
    request =
        tokens.takeSymbol("@") ? request.profile(name, values.count()) : request.profile(name);
  }

  private void sort() {
    tokens.expectWord("BY");
    var token = tokens.peek();
    if (SORTS_LATER.contains(token.text()) && !SORTS.contains(token.text())) {
      statement.later().note(tokens.take(), "SORT BY " + token.text());
      return;
    }
    var label = tokens.oneOf(SORTS).text();
    for (var sort : Sort.values()) {
      if (sort.label().equals(label)) {
        request = request.sortBy(sort);
      }
    }
  }

  private void similar() {
    tokens.expectWord("TO");
    if (tokens.takeWord("VECTOR")) {
      var numbers = values.vector();
      float[] vector = new float[numbers.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = numbers.get(i);
      }
      request =
          tokens.takeWord("IN")
              ? request.similarTo(vector, tokens.name(Tokens.A_NAME).text())
              : request.similarTo(vector);
      return;
    }
    request = request.similarTo(values.ids().toArray(EntityId[]::new));
  }

  private void at() {
    var when = values.when();
    request =
        when.time().isPresent()
            ? request.at(when.time().get())
            : request.ago(when.offset().negated());
  }

  /// A name; a label that is none stands in quotes.
  private String label() {
    var token = tokens.peek();
    return token.kind() == Kind.STRING || token.kind() == Kind.PARAMETER
        ? values.string()
        : tokens.name(Tokens.A_NAME).text();
  }

  /* --- what comes later --- */

  private void later(String clause, Token word) {
    statement.later().note(word, clause);
    switch (clause) {
      case "FACETS" -> {
        var _ = values.pairs(List.of());
      }
      default -> throw new IllegalStateException("a clause without a reader: " + clause);
    }
  }
}
