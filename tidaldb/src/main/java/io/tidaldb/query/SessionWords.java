package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ranking.SessionMatch;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;

/// Looks for a session's hint words in what describes an item, and for what is preferred in it.
///
/// @param hints the words
/// @param preferred how near an item is to what is preferred; empty if nothing says so
record SessionWords(List<String> hints, EntityReader items, Optional<IntToDoubleFunction> preferred)
    implements SessionMatch {

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{Nd}]+");

  SessionWords {
    hints = List.copyOf(hints);
  }

  @Override
  public int words() {
    return hints.size();
  }

  @Override
  public boolean hasTaste() {
    return preferred.isPresent();
  }

  @Override
  public double taste(int slot) {
    return preferred.isPresent() ? preferred.get().applyAsDouble(slot) : 0;
  }

  @Override
  public double hints(int slot) {
    var found = new HashSet<String>();
    items.words(slot).forEach(text -> found.addAll(split(text)));
    long hits = hints.stream().filter(found::contains).count();
    return (double) hits / hints.size();
  }

  /// The words of a text as hints are written: compatible forms joined, lower case.
  private static Set<String> split(String text) {
    var plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return Set.copyOf(List.of(BETWEEN_WORDS.split(plain)));
  }
}
