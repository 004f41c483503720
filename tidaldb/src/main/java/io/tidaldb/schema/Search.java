package io.tidaldb.schema;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A request for what fits a text, a vector or both, ranked. Immutable with value equality.
///
/// It can be written and read; answering it comes with text search, until then it is refused.
///
/// @param request everything that a request without text can say
/// @param text what is searched for
/// @param relevance how text and vector find and weigh
/// @param languages of these languages; none for the user's
/// @param snippets the fields to show fragments of; present and empty for all of them
public record Search(
    Retrieve request,
    Text text,
    Relevance relevance,
    List<String> languages,
    Optional<List<String>> snippets)
    implements Query {

  public Search {
    languages = List.copyOf(languages);
    snippets = snippets.map(List::copyOf);
  }

  /// What is searched for.
  ///
  /// @param query the words; empty without
  /// @param fields where; none for everywhere
  /// @param vector the numbers; none without
  /// @param slot the vectors that they are compared with; empty for the first
  public record Text(
      Optional<String> query, List<String> fields, List<Float> vector, Optional<String> slot) {

    private static final Text NOTHING =
        new Text(Optional.empty(), List.of(), List.of(), Optional.empty());

    public Text {
      fields = List.copyOf(fields);
      vector = List.copyOf(vector);
    }
  }

  /// How text and vector find and weigh; empty where the default stands.
  ///
  /// @param mode which of the two is asked
  /// @param match how many terms must match
  /// @param typos whether misspelt terms match
  /// @param syntax what becomes of a text that cannot be understood
  /// @param fusion how two lists become one
  public record Relevance(
      Optional<Mode> mode,
      Optional<Match> match,
      Optional<Typos> typos,
      Optional<Syntax> syntax,
      Optional<Fusion> fusion) {

    private static final Relevance DEFAULT =
        new Relevance(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /// Which retrievers are asked.
    public Relevance mode(Mode newMode) {
      return new Relevance(Optional.of(newMode), match, typos, syntax, fusion);
    }

    /// How many terms must match.
    public Relevance match(Match newMatch) {
      return new Relevance(mode, Optional.of(newMatch), typos, syntax, fusion);
    }

    /// Whether misspelt terms match.
    public Relevance typos(Typos newTypos) {
      return new Relevance(mode, match, Optional.of(newTypos), syntax, fusion);
    }

    /// What becomes of a text that cannot be understood.
    public Relevance syntax(Syntax newSyntax) {
      return new Relevance(mode, match, typos, Optional.of(newSyntax), fusion);
    }

    /// How two lists become one.
    public Relevance fusion(Fusion newFusion) {
      return new Relevance(mode, match, typos, syntax, Optional.of(newFusion));
    }
  }

  /// A choice with a name in queries.
  public sealed interface Choice permits Mode, Match, Typos, Syntax {

    /// The constant's name.
    String name();

    /// The name in queries: lower case.
    default String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which retrievers are asked.
  public enum Mode implements Choice {
    AUTO,
    TEXT_ONLY,
    VECTOR_ONLY,
    HYBRID
  }

  /// How many terms must match.
  public enum Match implements Choice {
    ANY,
    MOST,
    ALL
  }

  /// Whether misspelt terms match.
  public enum Typos implements Choice {
    AUTO,
    OFF,
    ALWAYS
  }

  /// What becomes of a text that cannot be understood.
  public enum Syntax implements Choice {
    LENIENT,
    STRICT
  }

  /// How two lists become one.
  public sealed interface Fusion {

    /// By rank: Σ 1/(k + rank).
    ///
    /// @param k 1 … 1,000
    record ByRank(int k) implements Fusion {}

    /// By score: alpha of the vector's, the rest of the text's.
    ///
    /// @param alpha 0 … 1
    record Convex(double alpha) implements Fusion {
      public Convex {
        alpha = alpha == 0 ? 0.0 : alpha;
      }
    }
  }

  /// A search for items.
  public static Search items() {
    return of(Retrieve.items());
  }

  /// A search for creators.
  public static Search creators() {
    return of(Retrieve.creators());
  }

  /// A search within what a request asks for.
  public static Search of(Retrieve request) {
    return new Search(request, Text.NOTHING, Relevance.DEFAULT, List.of(), Optional.empty());
  }

  /// With another request around the text.
  public Search with(UnaryOperator<Retrieve> change) {
    return new Search(change.apply(request), text, relevance, languages, snippets);
  }

  /// For this text, in these fields or everywhere.
  public Search query(String words, String... fields) {
    var found = new Text(Optional.of(words), List.of(fields), text.vector, text.slot);
    return new Search(request, found, relevance, languages, snippets);
  }

  /// Near this vector.
  public Search vector(List<Float> numbers) {
    var near = new Text(text.query, text.fields, numbers, Optional.empty());
    return new Search(request, near, relevance, languages, snippets);
  }

  /// Near this vector, in this slot.
  public Search vector(List<Float> numbers, String slot) {
    var near = new Text(text.query, text.fields, numbers, Optional.of(slot));
    return new Search(request, near, relevance, languages, snippets);
  }

  /// With these choices.
  public Search relevance(UnaryOperator<Relevance> change) {
    return new Search(request, text, change.apply(relevance), languages, snippets);
  }

  /// Of these languages.
  public Search languages(String... newLanguages) {
    return new Search(request, text, relevance, List.of(newLanguages), snippets);
  }

  /// With fragments of these fields, or of all.
  public Search snippets(List<String> fields) {
    return new Search(request, text, relevance, languages, Optional.of(fields));
  }

  @Override
  public String toString() {
    return QueryText.write(this);
  }
}
