package io.tidaldb.query;

import io.tidaldb.schema.Diversity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Turns candidates in the order of their scores into one order that keeps the limits of a
/// [Diversity]: position after position, the best remaining candidate that breaks none, given what
/// is placed before it. Where there is none, limits give way for that position, in this order:
/// category_min, topic_diversity, format_mix, min_gap, then max_per_creator by one after the other.
///
/// The order continues over pages and over rounds of candidates: what was delivered is placed
/// first. Placing one costs what is passed over for it; nothing is allocated for it.
///
/// Some positions may be filled by another line of candidates, drawn in an order of their own,
/// under the same limits.
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

  /// What chooses among those that fit, or null for the rank alone.
  private @Nullable Marginal marginal;

  /// Candidates that are placed.
  private final boolean[] gone;

  /// Candidates that were drawn.
  private final boolean[] drawn;

  /// How many more of each creator may be placed; null for any.
  private int @Nullable [] creatorAllowed;

  /// How many more may be placed.
  private int allowed = Integer.MAX_VALUE;

  private boolean capped;
  private IntPredicate isDraw = at -> false;
  private Line draws = new Line(new int[0]);

  /// Candidates first … end − 1 are those of the round that are ranked.
  private int first;

  private int end;
  private int left;
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
    gone = new boolean[traits.creator().length];
    drawn = new boolean[traits.creator().length];
    creatorCount = new int[traits.creators()];
    creatorLast = new int[traits.creators()];
    Arrays.fill(creatorLast, Integer.MIN_VALUE / 2);
    formatCount = new int[traits.formats()];
    categoryCount = new int[traits.categories()];
    categoryLeft = new int[traits.categories()];
  }

  /// Chooses by what a candidate adds among those that fit. Before anything is placed.
  void choosing(Marginal by) {
    marginal = by;
  }

  /// A candidate stands at the next position, whatever it breaks: a page before placed it.
  void placed(int candidate) {
    beginBlock();
    if (marginal != null) {
      marginal.placed(candidate);
    }
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
    gone[candidate] = true;
    allowed -= allowed == Integer.MAX_VALUE ? 0 : 1;
    if (creatorAllowed != null) {
      creatorAllowed[creator]--;
    }
  }

  /// Places no more than this, whatever is left then.
  ///
  /// @param total how many, with those that were placed before
  /// @param ofCreator how many of each creator; taken over; null for any
  void cap(int total, int @Nullable [] ofCreator) {
    allowed = total;
    creatorAllowed = ofCreator;
  }

  /// Whether something was left out because no more may be placed.
  boolean isCapped() {
    return capped;
  }

  /// Lets other candidates fill some positions.
  ///
  /// @param candidates in the order in which they are drawn; some may stand in the round too
  /// @param positions which ones, from 1 over all pages
  void draw(int[] candidates, IntPredicate positions) {
    draws = new Line(candidates);
    isDraw = positions;
  }

  /// Places up to `wanted` of the candidates first … count − 1, which are in the order of scores,
  /// and of those to be drawn; ends with the former.
  ///
  /// @return the candidates, in order
  int[] place(int firstOfRound, int count, int wanted) {
    first = firstOfRound;
    end = count;
    left = count - first;
    Arrays.fill(categoryLeft, 0);
    categoriesNew = 0;
    for (int i = first; i < count; i++) {
      int category = traits.category()[i];
      if (categoryLeft[category]++ == 0 && categoryCount[category] == 0) {
        categoriesNew++;
      }
    }
    for (int i = first; i < gone.length; i++) {
      if (isCapped(traits.creator()[i])) {
        drop(i);
      }
    }
    var ranked = new Line(IntStream.range(first, count).toArray());
    int[] placed = new int[Math.min(wanted, gone.length - first)];
    int size = 0;
    while (size < wanted && left > 0 && allowed > 0) {
      beginBlock();
      int candidate = isDraw.test(position + 1) ? choose(draws) : NONE;
      if (candidate == NONE) {
        candidate = choose(ranked);
      } else {
        drawn[candidate] = true;
      }
      placed(candidate);
      leave(candidate);
      dropCapped(traits.creator()[candidate]);
      placed[size++] = candidate;
    }
    capped |= left > 0 && allowed <= 0;
    return Arrays.copyOf(placed, size);
  }

  private boolean isCapped(int creator) {
    return creatorAllowed != null && creatorAllowed[creator] <= 0;
  }

  /// Takes out what is left of a creator of whom no more may be placed, so that no limit counts on
  /// it.
  private void dropCapped(int creator) {
    if (!isCapped(creator)) {
      return;
    }
    for (int i = first; i < gone.length; i++) {
      if (traits.creator()[i] == creator) {
        drop(i);
      }
    }
  }

  private void drop(int candidate) {
    if (!gone[candidate]) {
      gone[candidate] = true;
      capped = true;
      leave(candidate);
    }
  }

  private void leave(int candidate) {
    if (candidate >= first && candidate < end) {
      left--;
      int category = traits.category()[candidate];
      if (--categoryLeft[category] == 0 && categoryCount[category] == 0) {
        categoriesNew--;
      }
    }
  }

  /// Takes the best that fits out of a line; limits give way until there is one.
  private int choose(Line line) {
    int best = find(line, NONE, 0);
    if (best >= 0 || line.isEmpty()) {
      return best;
    }
    for (var limit : Limit.values()) {
      int more = limit == Limit.MAX_PER_CREATOR ? 1 : 0;
      int candidate = find(line, limit.turn(), more);
      while (candidate < 0 && limit == Limit.MAX_PER_CREATOR) {
        candidate = find(line, limit.turn(), ++more);
      }
      if (candidate >= 0) {
        report(candidate);
        return candidate;
      }
    }
    throw new IllegalStateException("nothing is left to place: position=" + position);
  }

  private int find(Line line, int given, int more) {
    int before = Line.start();
    int best = NONE;
    double most = Double.NEGATIVE_INFINITY;
    int behind = NONE;
    while (line.hasNext(before)) {
      int candidate = line.candidate(before);
      if (gone[candidate]) {
        line.removeNext(before);
        continue;
      }
      if (fits(candidate, given, more)) {
        if (marginal == null || line == draws) {
          line.removeNext(before);
          return candidate;
        }
        double value = marginal.of(candidate);
        if (value > most) {
          most = value;
          best = candidate;
          behind = before;
        }
      } else if (line != draws && waited[candidate] == null) {
        waited[candidate] = broken(candidate);
      }
      before = line.next(before);
    }
    if (best != NONE) {
      line.removeNext(behind);
    }
    return best;
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

  /// Whether a candidate that was placed was drawn.
  boolean isDrawn(int candidate) {
    return drawn[candidate];
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
