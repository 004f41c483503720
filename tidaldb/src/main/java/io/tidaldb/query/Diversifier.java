package io.tidaldb.query;

import io.tidaldb.schema.Diversity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Turns candidates in the order of their scores into one order that keeps the limits of a
/// [Diversity]: position after position, the best remaining candidate that breaks none, given what
/// is placed before it. Where there is none, limits give way for that position, in this order:
/// category_min, topic_diversity, format_mix, min_gap, then max_per_creator by one after the other.
///
/// The order continues over pages and over rounds of candidates: what was delivered is placed
/// first. Placing one costs what is passed over for it; nothing is allocated for it.
///
/// **Threads.** One query.
final class Diversifier {

  /// A limit, in the order in which they give way.
  enum Limit {
    CATEGORY_MIN(0),
    TOPIC_DIVERSITY(1),
    FORMAT_MIX(2),
    MIN_GAP(3),
    MAX_PER_CREATOR(4);

    /// How many give way before it.
    private final int turn;

    Limit(int turn) {
      this.turn = turn;
    }

    int turn() {
      return turn;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// That a limit gave way.
  ///
  /// @param from what it was, as text
  /// @param to what it became, `none` if it did not hold at all
  /// @param position from 1 over all pages
  record Relaxed(Limit limit, String from, String to, int position) {}

  /// What candidates are told apart by: numbers of creators, formats and categories, each from 0
  /// and dense; a candidate without one has a number of its own.
  static final class Traits {
    private final Numbers creator;
    private final Numbers format;
    private final Numbers category;

    Traits(Numbers creator, Numbers format, Numbers category) {
      this.creator = creator;
      this.format = format;
      this.category = category;
    }

    int[] creator() {
      return creator.of();
    }

    int[] format() {
      return format.of();
    }

    int[] category() {
      return category.of();
    }

    int creators() {
      return creator.count();
    }

    int formats() {
      return format.count();
    }

    int categories() {
      return category.count();
    }
  }

  private static final int NONE = -1;

  private final Diversity rules;
  private final int per;
  private final List<Relaxed> relaxed = new ArrayList<>();

  private int position;
  private final Traits traits;
  private final @Nullable Limit[] waited;
  private final int[] creatorCount;
  private final int[] creatorLast;
  private final int[] formatCount;
  private final int[] categoryCount;
  private final int[] categoryLeft;
  private int categoriesPlaced;

  /// Categories that are left and not in the block.
  private int categoriesNew;

  /// @param per results in a block
  /// @param traits of everything that is or will be placed, by candidate
  Diversifier(Diversity rules, int per, Traits traits) {
    this.rules = rules;
    this.per = per;
    this.traits = traits;
    waited = new @Nullable Limit[traits.creator().length];
    creatorCount = new int[traits.creators()];
    creatorLast = new int[traits.creators()];
    Arrays.fill(creatorLast, Integer.MIN_VALUE / 2);
    formatCount = new int[traits.formats()];
    categoryCount = new int[traits.categories()];
    categoryLeft = new int[traits.categories()];
  }

  /// A candidate stands at the next position, whatever it breaks: a page before placed it.
  void placed(int candidate) {
    beginBlock();
    int creator = traits.creator()[candidate];
    creatorCount[creator]++;
    creatorLast[creator] = position;
    formatCount[traits.format()[candidate]]++;
    int category = traits.category()[candidate];
    if (categoryCount[category]++ == 0) {
      categoriesPlaced++;
      categoriesNew -= categoryLeft[category] > 0 ? 1 : 0;
    }
    position++;
  }

  /// Places up to `wanted` of the candidates first … count − 1, which are in the order of scores.
  ///
  /// @return the candidates, in order
  int[] place(int first, int count, int wanted) {
    int left = count - first;
    int[] next = new int[left + 1];
    for (int i = 0; i <= left; i++) {
      next[i] = i + 1;
    }
    Arrays.fill(categoryLeft, 0);
    categoriesNew = 0;
    for (int i = first; i < count; i++) {
      int category = traits.category()[i];
      if (categoryLeft[category]++ == 0 && categoryCount[category] == 0) {
        categoriesNew++;
      }
    }
    int[] placed = new int[Math.min(wanted, left)];
    for (int i = 0; i < placed.length; i++) {
      beginBlock();
      // next[0] is the head of the list of those left; entry k + 1 is candidate first + k.
      int before = choose(first, left, next);
      int chosen = next[before];
      next[before] = next[chosen];
      placed[i] = first + chosen - 1;
      placed(placed[i]);
      categoryLeft[traits.category()[placed[i]]]--;
    }
    return placed;
  }

  /// The entry before the best that fits; limits give way until there is one.
  private int choose(int first, int left, int[] next) {
    int before = find(first, left, next, NONE, 0);
    if (before >= 0) {
      return before;
    }
    for (var limit : Limit.values()) {
      int more = limit == Limit.MAX_PER_CREATOR ? 1 : 0;
      before = find(first, left, next, limit.turn(), more);
      while (before < 0 && limit == Limit.MAX_PER_CREATOR) {
        before = find(first, left, next, limit.turn(), ++more);
      }
      if (before >= 0) {
        report(first + next[before] - 1);
        return before;
      }
    }
    throw new IllegalStateException("nothing is left to place: position=" + position);
  }

  private int find(int first, int left, int[] next, int given, int more) {
    int before = 0;
    for (int entry = next[0]; entry <= left; entry = next[entry]) {
      int candidate = first + entry - 1;
      if (fits(candidate, given, more)) {
        return before;
      }
      if (waited[candidate] == null) {
        waited[candidate] = broken(candidate);
      }
      before = entry;
    }
    return NONE;
  }

  /// @param given the last limit that gave way, or −1
  /// @param more so many of one creator beyond the limit
  private boolean fits(int candidate, int given, int more) {
    return (given >= Limit.CATEGORY_MIN.turn() || !breaks(Limit.CATEGORY_MIN, candidate, 0))
        && (given >= Limit.TOPIC_DIVERSITY.turn() || !breaks(Limit.TOPIC_DIVERSITY, candidate, 0))
        && (given >= Limit.FORMAT_MIX.turn() || !breaks(Limit.FORMAT_MIX, candidate, 0))
        && (given >= Limit.MIN_GAP.turn() || !breaks(Limit.MIN_GAP, candidate, 0))
        && !breaks(Limit.MAX_PER_CREATOR, candidate, more);
  }

  private boolean breaks(Limit limit, int candidate, int more) {
    int place = position % per;
    return switch (limit) {
      case CATEGORY_MIN -> {
        int missing = rules.categoryMin().orElse(0) - categoriesPlaced;
        yield missing > 0
            && per - place <= missing
            && categoriesNew > 0
            && categoryCount[traits.category()[candidate]] > 0;
      }
      case TOPIC_DIVERSITY ->
          rules.topicDiversity().isPresent()
              && categoryCount[traits.category()[candidate]]
                  >= most(rules.topicDiversity().getAsDouble(), place);
      case FORMAT_MIX ->
          rules.formatMix().isPresent()
              && formatCount[traits.format()[candidate]]
                  >= most(rules.formatMix().getAsDouble(), place);
      case MIN_GAP ->
          rules.minGap().isPresent()
              && position - creatorLast[traits.creator()[candidate]] < rules.minGap().getAsInt();
      case MAX_PER_CREATOR ->
          rules.maxPerCreator().isPresent()
              && creatorCount[traits.creator()[candidate]]
                  >= rules.maxPerCreator().getAsInt() + more;
    };
  }

  private static int most(double share, int place) {
    return Math.max(1, (int) Math.ceil(share * (place + 1)));
  }

  private void beginBlock() {
    if (position % per == 0 && position > 0) {
      Arrays.fill(creatorCount, 0);
      Arrays.fill(formatCount, 0);
      Arrays.fill(categoryCount, 0);
      categoriesPlaced = 0;
      categoriesNew = 0;
      for (int left : categoryLeft) {
        categoriesNew += left > 0 ? 1 : 0;
      }
    }
  }

  /// Only what the chosen one breaks gave way.
  private void report(int candidate) {
    for (var limit : Limit.values()) {
      if (breaks(limit, candidate, 0)) {
        relaxed.add(
            limit == Limit.MAX_PER_CREATOR
                ? new Relaxed(
                    limit,
                    Integer.toString(rules.maxPerCreator().orElseThrow()),
                    Integer.toString(creatorCount[traits.creator()[candidate]] + 1),
                    position + 1)
                : new Relaxed(limit, value(limit), "none", position + 1));
      }
    }
  }

  private String value(Limit limit) {
    return String.valueOf(rules.values().get(limit.label()));
  }

  /// The limit for which a candidate was first passed over, or null.
  @Nullable Limit waitedFor(int candidate) {
    return waited[candidate];
  }

  private @Nullable Limit broken(int candidate) {
    for (var limit : Limit.values()) {
      if (breaks(limit, candidate, 0)) {
        return limit;
      }
    }
    return null;
  }

  /// What gave way so far.
  List<Relaxed> relaxed() {
    return relaxed;
  }
}
