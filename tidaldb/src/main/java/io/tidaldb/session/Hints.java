package io.tidaldb.session;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words that a session's latest annotations leave to its queries.
///
/// A word is made of letters and digits, 2 … 32 of them, after NFKC and in lower case. Stop words
/// are left out, and so is what follows *no, not, less, without, avoid* up to the end of the
/// clause: a mark of punctuation, the end of a line, or *but*.
///
/// **Threads.** Any; found on first use.
final class Hints {

  static final int NOTES = 32;
  static final int WORDS_MAX = 256;

  private static final int WORD_MIN = 2;
  private static final int WORD_MAX = 32;
  private static final Set<String> NEGATIONS = Set.of("no", "not", "less", "without", "avoid");
  private static final Set<String> STOP_WORDS =
      Set.of(
          ("about above after again against all also am an and any are aren as at be because been"
                  + " before being below between both but by can cannot could couldn did didn do"
                  + " does doesn doing don down during each few for from further get give had hadn"
                  + " has hasn have haven having he her here hers herself him himself his how if in"
                  + " into is isn it its itself just let ll me might more most must mustn my myself"
                  + " nor now of off on once only or other ought our ours ourselves out over own"
                  + " please re same shall she should shouldn so some such than that the their"
                  + " theirs them themselves then there these they this those through to too under"
                  + " until up us ve very want was wasn we were weren what when where which while"
                  + " who whom why will with won would wouldn you your yours yourself yourselves")
              .split(" "));

  private final Note[] notes;
  private final int count;
  private volatile @Nullable List<String> words;

  /// @param notes annotations in log order, of which the first `count` are said
  Hints(Note[] notes, int count) {
    this.notes = notes;
    this.count = count;
  }

  /// The words, those of the newest annotation first, each once.
  List<String> words() {
    var known = words;
    if (known == null) {
      known = find();
      words = known;
    }
    return known;
  }

  private List<String> find() {
    var found = new LinkedHashSet<String>();
    for (int i = count - 1; i >= Math.max(0, count - NOTES) && found.size() < WORDS_MAX; i--) {
      for (var word : of(notes[i].text())) {
        if (found.size() < WORDS_MAX) {
          found.add(word);
        }
      }
    }
    return Collections.unmodifiableList(new ArrayList<>(found));
  }

  /// The words of one text, in its order.
  static List<String> of(String text) {
    var plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    var words = new ArrayList<String>();
    boolean negated = false;
    int from = -1;
    for (int at = 0; at <= plain.length(); ) {
      int letter = at < plain.length() ? plain.codePointAt(at) : '\n';
      if (Character.isLetterOrDigit(letter)) {
        from = from < 0 ? at : from;
      } else {
        if (from >= 0) {
          var word = plain.substring(from, at);
          negated = (negated || NEGATIONS.contains(word)) && !word.equals("but");
          if (!negated && isHint(word)) {
            words.add(word);
          }
          from = -1;
        }
        negated &= !endsClause(letter);
      }
      at += Character.charCount(letter);
    }
    return words;
  }

  private static boolean isHint(String word) {
    int size = word.codePointCount(0, word.length());
    return size >= WORD_MIN && size <= WORD_MAX && !STOP_WORDS.contains(word);
  }

  private static boolean endsClause(int letter) {
    return switch (letter) {
      case '.', ',', ';', ':', '!', '?', '(', ')', '\n', '\r', '\u2013', '\u2014' -> true;
      default -> false;
    };
  }
}
