package io.tidaldb.ranking;

import static io.tidaldb.ranking.Binder.words;
import static io.tidaldb.ranking.Inputs.value;

import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.List;

/// Binds sort modes to one query. A meaning that no signal has counts 0.
final class SortBinder {

  private static final double YEAR_NANOS = Duration.ofDays(365).toNanos();

  private final Binder binder;
  private final Profile profile;
  private final Gates gates;
  private final SortBounds bounds;

  SortBinder(Binder binder, Profile profile, List<Profile.Gate> gates) {
    this.binder = binder;
    this.profile = profile;
    this.gates = new Gates(gates, new FeatureBinder(binder));
    this.bounds = new SortBounds(binder);
  }

  /// The sort mode `trending` as a profile of terms: 24 h, unless the profile says another window.
  static Profile trending(Profile profile, List<Profile.Gate> gates) {
    var terms = BuiltInProfiles.trending(profile.window().orElse(Window.TWENTY_FOUR_HOURS));
    var gated = Profile.named(terms.name()).window(terms.window().orElseThrow());
    for (var term : terms.score()) {
      var _ = gated.term(term.feature(), term.weight());
    }
    for (var gate : gates) {
      var _ = gated.gate(gate);
    }
    return gated.build().withVersion(1);
  }

  FormulaRanking bind(Sort sort) {
    return switch (sort) {
      case NEW -> ranking(sort, Order.CREATED_DESCENDING, created());
      case OLD -> ranking(sort, Order.CREATED_ASCENDING, created());
      case ALPHABETICAL_ASC -> ranking(sort, Order.TITLE_ASCENDING, FormulaRanking.Key.none());
      case ALPHABETICAL_DESC -> ranking(sort, Order.TITLE_DESCENDING, FormulaRanking.Key.none());
      case SHORTEST -> ranking(sort, Order.NUMBER_ASCENDING, field("duration", " s"));
      case LONGEST -> ranking(sort, Order.NUMBER_DESCENDING, field("duration", " s"));
      case LIVE_VIEWER_COUNT -> ranking(sort, Order.SCORE, liveViewers());
      case HOT -> ranking(sort, Order.SCORE, hot());
      case TRENDING, PERSONALIZED ->
          throw new IllegalStateException("a profile of terms: sort=" + sort.label());
      case DATE_SAVED -> ranking(sort, Order.SAVED_DESCENDING, saved());
      case RISING -> ranking(sort, Order.SCORE, rising());
      case CONTROVERSIAL -> ranking(sort, Order.SCORE, controversial());
      case HIDDEN_GEMS -> ranking(sort, Order.SCORE, hiddenGems());
      case SHUFFLE -> ranking(sort, Order.SCORE, shuffle());
      case TOP_HOUR -> ranking(sort, Order.SCORE, engagement(Window.ONE_HOUR));
      case TOP_TODAY -> ranking(sort, Order.SCORE, engagement(Window.TWENTY_FOUR_HOURS));
      case TOP_WEEK -> ranking(sort, Order.SCORE, engagement(Window.SEVEN_DAYS));
      case TOP_MONTH -> ranking(sort, Order.SCORE, engagement(Window.THIRTY_DAYS));
      case TOP_YEAR -> ranking(sort, Order.SCORE, lastYear(engagement(Window.ALL_TIME)));
      case TOP_ALL_TIME -> ranking(sort, Order.SCORE, engagement(Window.ALL_TIME));
      case MOST_VIEWED -> ranking(sort, Order.SCORE, most(Meaning.VIEW));
      case MOST_LIKED -> ranking(sort, Order.SCORE, most(Meaning.LIKE));
      case MOST_COMMENTED -> ranking(sort, Order.SCORE, most(Meaning.COMMENT));
      case MOST_SHARED -> ranking(sort, Order.SCORE, most(Meaning.SHARE));
    };
  }

  private FormulaRanking ranking(Sort sort, Order order, FormulaRanking.Key key) {
    return new FormulaRanking(binder, sort.label(), order, key, gates);
  }

  private FormulaRanking.Key created() {
    int age = binder.age();
    return FormulaRanking.Key.of((in, i) -> 0, (in, i) -> "age " + hours(in[age][i]));
  }

  /// Only what is saved has a place.
  private FormulaRanking.Key saved() {
    int saved = binder.column(new Input.Saved());
    Formula isSaved = (in, i) -> in[saved][i];
    return FormulaRanking.Key.of((in, i) -> 0, (in, i) -> "saved by the user")
        .keeping(saved, isSaved);
  }

  private FormulaRanking.Key field(String name, String unit) {
    int column = binder.number(name);
    return FormulaRanking.Key.of(
        (in, i) -> in[column][i],
        (in, i) ->
            Double.isNaN(in[column][i])
                ? name + " absent"
                : name + " " + words(in, column, i) + unit);
  }

  private FormulaRanking.Key liveViewers() {
    var viewers = field("live_viewer_count", "");
    int column = binder.number("live_viewer_count");
    return viewers.keeping(column, viewers.formula());
  }

  private FormulaRanking.Key hot() {
    int likes = binder.count(Meaning.LIKE, Window.ALL_TIME);
    int age = binder.age();
    if (likes == Inputs.NONE) {
      int views = binder.count(Meaning.VIEW, Window.ALL_TIME);
      return FormulaRanking.Key.of(
          (in, i) -> Formulas.hot(value(in, views, i), in[age][i]),
          (in, i) -> "views " + words(in, views, i) + ", age " + hours(in[age][i]),
          bounds.overOne(views, Inputs.NONE),
          bounds.hot(views, Inputs.NONE, age));
    }
    int dislikes = binder.count(Meaning.DISLIKE, Window.ALL_TIME);
    return FormulaRanking.Key.of(
        (in, i) -> Formulas.hot(in[likes][i] - value(in, dislikes, i), in[age][i]),
        (in, i) -> votes(in, likes, dislikes, i) + ", age " + hours(in[age][i]),
        bounds.overOne(likes, dislikes),
        bounds.hot(likes, dislikes, age));
  }

  private FormulaRanking.Key rising() {
    int hour = binder.count(Meaning.VIEW, Window.ONE_HOUR);
    int day = binder.count(Meaning.VIEW, Window.TWENTY_FOUR_HOURS);
    int age = binder.age();
    var key =
        FormulaRanking.Key.of(
            (in, i) -> Formulas.rising(value(in, hour, i), value(in, day, i), in[age][i]),
            (in, i) ->
                "views 1h "
                    + words(in, hour, i)
                    + ", 24h "
                    + words(in, day, i)
                    + ", age "
                    + hours(in[age][i]),
            bounds.atLeastThree(List.of(bounds.widest(hour))),
            bounds.atLeastThree(List.of(bounds.exact(hour))));
    return key.within(bounds.atLeastThree(bounds.exact(hour)));
  }

  private FormulaRanking.Key controversial() {
    int likes = binder.count(Meaning.LIKE, Window.ALL_TIME);
    int dislikes = binder.count(Meaning.DISLIKE, Window.ALL_TIME);
    return FormulaRanking.Key.of(
        (in, i) -> Formulas.controversial(value(in, likes, i), value(in, dislikes, i)),
        (in, i) -> votes(in, likes, dislikes, i),
        bounds.controversial(likes, dislikes));
  }

  private FormulaRanking.Key hiddenGems() {
    var quality = binder.quality();
    int views = binder.count(Meaning.VIEW, Window.ALL_TIME);
    return FormulaRanking.Key.of(
        (in, i) -> Formulas.hiddenGem(quality.u(in, i), value(in, views, i)),
        (in, i) ->
            "quality "
                + BoundFeature.number(quality.u(in, i))
                + " ("
                + quality.detail(in, i)
                + "), views "
                + words(in, views, i),
        bounds.hiddenGem(quality, views));
  }

  /// Where no signal means completion, nobody can know and every item has the rate of no evidence,
  /// 0.5.
  private FormulaRanking.Key shuffle() {
    int chance = binder.chance();
    var rate = binder.completionRate();
    boolean known = !(rate instanceof BoundFeature.Missing);
    return FormulaRanking.Key.of(
        (in, i) -> in[chance][i] * Math.sqrt(known ? rate.u(in, i) : 0.5),
        (in, i) ->
            "random "
                + words(in, chance, i)
                + ", completion_rate "
                + (known ? BoundFeature.number(rate.u(in, i)) : "0.5")
                + " ("
                + rate.detail(in, i)
                + ")",
        bounds.column(chance));
  }

  private FormulaRanking.Key most(Meaning meaning) {
    var window = binder.scope().window().or(profile::window).orElse(Window.ALL_TIME);
    int column = binder.count(meaning, window);
    return FormulaRanking.Key.of(
            (in, i) -> value(in, column, i),
            (in, i) -> meaning.label() + " " + window.label() + " " + words(in, column, i),
            bounds.sum(List.of(bounds.widest(column))))
        .within(bounds.windowSum(List.of(bounds.exact(column))));
  }

  /// like + 2·share + comment + save + 3·purchase − dislike; views where none of them is declared.
  private FormulaRanking.Key engagement(Window window) {
    int like = binder.count(Meaning.LIKE, window);
    int share = binder.count(Meaning.SHARE, window);
    int comment = binder.count(Meaning.COMMENT, window);
    int save = binder.count(Meaning.SAVE, window);
    int purchase = binder.count(Meaning.PURCHASE, window);
    int dislike = binder.count(Meaning.DISLIKE, window);
    if (Math.max(
            Math.max(Math.max(like, share), Math.max(comment, save)), Math.max(purchase, dislike))
        == Inputs.NONE) {
      int view = binder.count(Meaning.VIEW, window);
      return FormulaRanking.Key.of(
              (in, i) -> value(in, view, i),
              (in, i) -> "views " + window.label() + " " + words(in, view, i),
              bounds.sum(List.of(bounds.widest(view))))
          .within(bounds.windowSum(List.of(bounds.exact(view))));
    }
    return FormulaRanking.Key.of(
            (in, i) ->
                value(in, like, i)
                    + 2 * value(in, share, i)
                    + value(in, comment, i)
                    + value(in, save, i)
                    + 3 * value(in, purchase, i)
                    - value(in, dislike, i),
            (in, i) ->
                window.label()
                    + ": like "
                    + words(in, like, i)
                    + ", share "
                    + words(in, share, i)
                    + ", comment "
                    + words(in, comment, i)
                    + ", save "
                    + words(in, save, i)
                    + ", purchase "
                    + words(in, purchase, i)
                    + ", dislike "
                    + words(in, dislike, i),
            bounds.sum(
                List.of(
                    bounds.widest(like),
                    bounds.widest(share).times(2),
                    bounds.widest(comment),
                    bounds.widest(save),
                    bounds.widest(purchase).times(3))))
        .within(
            bounds.windowSum(
                List.of(
                    bounds.exact(like),
                    bounds.exact(share).times(2),
                    bounds.exact(comment),
                    bounds.exact(save),
                    bounds.exact(purchase).times(3))));
  }

  private FormulaRanking.Key lastYear(FormulaRanking.Key key) {
    int age = binder.age();
    return key.keeping(age, (in, i) -> YEAR_NANOS - in[age][i]);
  }

  private static String votes(double[][] in, int likes, int dislikes, int i) {
    return "likes " + words(in, likes, i) + ", dislikes " + words(in, dislikes, i);
  }

  private static String hours(double ageNanos) {
    return BoundFeature.number(ageNanos / Formulas.HOUR_NANOS) + " h";
  }
}
