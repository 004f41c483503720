package io.tidaldb.schema;

import java.util.List;
import java.util.Optional;

/// A request for completions of what somebody has begun to type. Immutable with value equality.
///
/// It can be written and read; answering it comes with text search, until then it is refused.
///
/// @param prefix what was typed
/// @param user for whom
/// @param sources where from: `titles`, `creators`, `tags`, `queries`; none for all
/// @param languages of these languages; none for the user's
/// @param limit at most so many, 1 … 50
public record Suggest(
    String prefix, Optional<EntityId> user, List<String> sources, List<String> languages, int limit)
    implements Query {

  /// The limit where none is given.
  public static final int LIMIT_DEFAULT = 10;

  public Suggest {
    sources = List.copyOf(sources);
    languages = List.copyOf(languages);
  }

  /// Completions of this.
  public static Suggest prefix(String prefix) {
    return new Suggest(prefix, Optional.empty(), List.of(), List.of(), LIMIT_DEFAULT);
  }

  /// For this user.
  public Suggest forUser(EntityId newUser) {
    return new Suggest(prefix, Optional.of(newUser), sources, languages, limit);
  }

  /// From these sources.
  public Suggest from(String... newSources) {
    return new Suggest(prefix, user, List.of(newSources), languages, limit);
  }

  /// Of these languages.
  public Suggest languages(String... newLanguages) {
    return new Suggest(prefix, user, sources, List.of(newLanguages), limit);
  }

  /// At most so many.
  public Suggest limit(int newLimit) {
    return new Suggest(prefix, user, sources, languages, newLimit);
  }

  @Override
  public String toString() {
    return QueryText.write(this);
  }
}
