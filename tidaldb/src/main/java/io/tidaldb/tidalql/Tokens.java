package io.tidaldb.tidalql;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.schema.QuerySyntaxException.Problem;
import io.tidaldb.schema.QueryWords;
import io.tidaldb.tidalql.Token.Kind;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tokens of one text on their way through a parser: what stands here, what stands next, and
/// everything that was looked for here in vain, which is what an error says was expected.
final class Tokens {

  static final String A_NAME = "a name";

  private static final int EXPECTED_MAX = 12;
  private static final int EXPECTED_SHOWN = 3;
  private static final int NESTING_MAX = 64;
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final String source;
  private final Lexer lexer;
  private Token current;
  private Token next;
  private String[] tried = new String[32];
  private int triedCount;
  private int nesting;

  Tokens(String source) {
    this.source = source;
    this.lexer = new Lexer(source);
    this.current = lexer.next();
    this.next = current.kind() == Kind.BROKEN ? current : lexer.next();
  }

  /// What stands here.
  Token peek() {
    return current;
  }

  /// What stands behind it.
  Token peekNext() {
    return next;
  }

  /// Goes on to the next token.
  ///
  /// @return the one that stood here
  Token take() {
    var taken = current;
    if (taken.broken() != null) {
      throw broken(taken.broken());
    }
    current = next;
    next = current.kind() == Kind.BROKEN ? current : lexer.next();
    triedCount = 0;
    return taken;
  }

  /// Goes behind a keyword if it stands here.
  ///
  /// @param upper the word in capitals
  boolean takeWord(String upper) {
    if (current.isWord(upper)) {
      var _ = take();
      return true;
    }
    tried(upper);
    return false;
  }

  /// Goes behind a symbol if it stands here.
  boolean takeSymbol(String symbol) {
    if (current.isSymbol(symbol)) {
      var _ = take();
      return true;
    }
    tried(QueryWords.quoted(symbol));
    return false;
  }

  void expectWord(String upper) {
    if (!takeWord(upper)) {
      throw wrong();
    }
  }

  void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw wrong();
    }
  }

  /// A token of a kind.
  ///
  /// @param what what it is, for a message
  Token expect(Kind kind, String what) {
    if (current.kind() != kind) {
      tried(what);
      throw wrong();
    }
    return take();
  }

  /// A name; one that is a keyword stands in back quotes.
  Token name(String what) {
    if (current.kind() == Kind.QUOTED) {
      return take();
    }
    if (current.kind() != Kind.WORD || QueryWords.isReserved(current.text())) {
      tried(what);
      throw wrong();
    }
    return plainName(what);
  }

  /// A word that is a name, keyword or not.
  Token plainName(String what) {
    if (current.kind() == Kind.QUOTED) {
      return take();
    }
    if (current.kind() != Kind.WORD || !QueryWords.NAME.matcher(current.text()).matches()) {
      tried(what);
      throw wrong();
    }
    return take();
  }

  /// One of these names.
  Token oneOf(Collection<String> names) {
    if (current.kind() == Kind.WORD || current.kind() == Kind.QUOTED) {
      for (var name : names) {
        if (current.text().equals(name)) {
          return take();
        }
      }
    }
    names.forEach(this::tried);
    throw wrong();
  }

  /// Notes that something was looked for here in vain.
  void tried(String what) {
    if (triedCount == tried.length) {
      tried = Arrays.copyOf(tried, triedCount * 2);
    }
    tried[triedCount++] = what;
  }

  /// Forgets what was looked for here.
  void forgetTried() {
    triedCount = 0;
  }

  /// Goes one level deeper.
  void enter() {
    if (++nesting > NESTING_MAX) {
      throw refused(
          QuerySyntaxException.SYNTAX, current, "nested deeper than " + NESTING_MAX + " levels");
    }
  }

  /// Comes back from a level.
  void leave() {
    nesting--;
  }

  /* --- errors --- */

  /// What stands here is not what was looked for.
  QuerySyntaxException wrong() {
    return wrong(Optional.empty(), "");
  }

  /// What stands here is not what was looked for.
  ///
  /// @param hint what was perhaps meant by what stands before; empty for the nearest of what was
  ///   looked for
  /// @param note added to what is said
  QuerySyntaxException wrong(Optional<String> hint, String note) {
    if (current.broken() != null) {
      return broken(current.broken());
    }
    var names = List.copyOf(new TreeSet<>(Arrays.asList(tried).subList(0, triedCount)));
    return unexpected(current, names, hint, note);
  }

  /// A token that was taken is not one of these.
  QuerySyntaxException wrong(Token token, Collection<String> expected) {
    return unexpected(token, List.copyOf(new TreeSet<>(expected)), Optional.empty(), "");
  }

  private QuerySyntaxException unexpected(
      Token token, List<String> names, Optional<String> hint, String note) {
    var meant =
        hint.isPresent() || token.kind() != Kind.WORD
            ? hint
            : Hints.nearest(
                token.text(), names.stream().filter(name -> WORD.matcher(name).matches()).toList());
    var expected = bounded(names, hint.isPresent() ? Optional.empty() : meant);
    var sentence =
        "expected "
            + String.join(", ", expected.subList(0, Math.min(EXPECTED_SHOWN, expected.size())))
            + (expected.size() > EXPECTED_SHOWN ? " …" : "")
            + " but found "
            + token.quoted()
            + note;
    return new QuerySyntaxException(
        QuerySyntaxException.SYNTAX,
        source,
        token.from(),
        new Problem(sentence, token.shown(), expected, meant),
        null);
  }

  /// Not more than may be told: those from the one that was perhaps meant on.
  private static List<String> bounded(List<String> names, Optional<String> meant) {
    if (names.size() <= EXPECTED_MAX) {
      return names;
    }
    int from = Math.min(meant.map(names::indexOf).orElse(0), names.size() - EXPECTED_MAX);
    return names.subList(from, from + EXPECTED_MAX);
  }

  private QuerySyntaxException broken(Token.Broken broken) {
    var sentence =
        "expected "
            + broken.expected()
            + " but found "
            + (broken.found().equals(Token.THE_END)
                ? Token.THE_END
                : QueryWords.quoted(broken.found()));
    return new QuerySyntaxException(
        QuerySyntaxException.SYNTAX,
        source,
        broken.offset(),
        new Problem(sentence, broken.found(), List.of(broken.expected()), Optional.empty()),
        null);
  }

  /// What a token says is understood, but cannot be.
  QuerySyntaxException refused(String code, Token token, String sentence) {
    return refused(code, token, sentence, null);
  }

  /// What a token says is understood, but refused.
  QuerySyntaxException refused(Token token, InvalidRequestException cause) {
    return refused(cause.code(), token, String.valueOf(cause.getMessage()), cause);
  }

  private QuerySyntaxException refused(
      String code, Token token, String sentence, @Nullable Throwable cause) {
    return new QuerySyntaxException(
        code,
        source,
        token.from(),
        new Problem(sentence, token.shown(), List.of(), Optional.empty()),
        cause);
  }
}
