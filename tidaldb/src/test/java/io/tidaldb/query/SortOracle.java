package io.tidaldb.query;

import static io.tidaldb.query.FakeWorld.HOUR;
import static io.tidaldb.query.FakeWorld.NOW;

import io.tidaldb.ranking.Mix;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Window;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Sort keys computed straight from their definitions, one item at a time.
///
/// @param signals the world whose signals count: a cohort's, or the same
record SortOracle(FakeWorld world, FakeWorld signals, FakeViewer viewer, long seed) {

  /// Of nobody.
  SortOracle(FakeWorld world, long seed) {
    this(world, world, new FakeViewer(), seed);
  }

  private FakeItem counted(FakeItem item) {
    return signals.items.get(item.slot);
  }

  /// Whether the sort mode shows the item at all.
  boolean shows(Sort sort, FakeItem item) {
    return switch (sort) {
      case TOP_YEAR -> NOW - item.created < 365 * 24 * HOUR;
      case LIVE_VIEWER_COUNT -> item.fields.get("live_viewer_count") instanceof Double x && x > 0;
      case DATE_SAVED -> viewer.saved.containsKey(item.slot);
      default -> true;
    };
  }

  /// The number that orders; not a number where it is absent.
  double key(Sort sort, FakeItem item) {
    return key(sort, item, counted(item));
  }

  private double key(Sort sort, FakeItem item, FakeItem counted) {
    double ageHours = Math.max(0, NOW - item.created) / 3.6e12;
    return switch (sort) {
      case NEW, OLD -> item.created / 1e9;
      case ALPHABETICAL_ASC, ALPHABETICAL_DESC -> 0;
      case SHORTEST, LONGEST -> (double) item.fields.getOrDefault("duration", Double.NaN);
      case LIVE_VIEWER_COUNT -> (double) item.fields.get("live_viewer_count");
      case HOT -> {
        double s = all(counted, "like") - all(counted, "dislike");
        double size = Math.log10(Math.max(Math.abs(s), 1)) / Math.pow(ageHours + 2, 1.8);
        yield s < 0 ? -size : size;
      }
      case TRENDING ->
          0.5 * velocity(counted, "share")
              + 0.3 * velocity(counted, "view")
              + 0.2 * velocity(counted, "reach");
      case DATE_SAVED -> viewer.saved.get(item.slot) / 1e9;
      // Of a user of whom nothing is known.
      case PERSONALIZED ->
          0.3 * Math.pow(2, -ageHours / 48)
              + 0.4 * key(Sort.TRENDING, item, counted)
              + 0.3 * rate(counted);
      case RISING -> {
        double hour = counted.count("view", Window.ONE_HOUR);
        double base = (counted.count("view", Window.TWENTY_FOUR_HOURS) - hour) / 23;
        yield hour < 3 ? 0 : Math.max(0, hour - base) / Math.sqrt(base + 1) / (1 + ageHours / 24);
      }
      case CONTROVERSIAL -> {
        double likes = all(counted, "like");
        double dislikes = all(counted, "dislike");
        double n = likes + dislikes;
        yield n == 0 ? 0 : likes * dislikes / n / n * n / (n + 10);
      }
      case HIDDEN_GEMS -> quality(counted) / Math.log10(all(counted, "view") + 10);
      case TOP_HOUR -> engagement(counted, Window.ONE_HOUR);
      case TOP_TODAY -> engagement(counted, Window.TWENTY_FOUR_HOURS);
      case TOP_WEEK -> engagement(counted, Window.SEVEN_DAYS);
      case TOP_MONTH -> engagement(counted, Window.THIRTY_DAYS);
      case TOP_YEAR, TOP_ALL_TIME -> engagement(counted, Window.ALL_TIME);
      case MOST_VIEWED -> all(counted, "view");
      case MOST_LIKED -> all(counted, "like");
      case MOST_COMMENTED -> all(counted, "comment");
      case MOST_SHARED -> all(counted, "share");
      case SHUFFLE -> Mix.unit(seed, item.id) * Math.sqrt(rate(counted));
    };
  }

  private static double all(FakeItem item, String signal) {
    return item.count(signal, Window.ALL_TIME);
  }

  private static double engagement(FakeItem item, Window window) {
    return item.count("like", window)
        + 2.0 * item.count("share", window)
        + item.count("comment", window)
        - item.count("dislike", window);
  }

  private double velocity(FakeItem item, String signal) {
    var window = Window.TWENTY_FOUR_HOURS;
    double whole = signals.items.stream().mapToDouble(i -> i.velocity(signal, window)).sum();
    double root =
        whole == 0
            ? 0
            : Math.sqrt(
                item.velocity(signal, window) / whole * Math.sqrt((double) world.liveItems()));
    return root / (1 + root);
  }

  double completionRate(FakeItem item) {
    return rate(counted(item));
  }

  double qualityOf(FakeItem item) {
    return quality(counted(item));
  }

  private double rate(FakeItem item) {
    double views = signals.items.stream().mapToDouble(i -> all(i, "view")).sum();
    double finished = signals.items.stream().mapToDouble(i -> i.weightSum("completion")).sum();
    double prior = views == 0 ? 0.5 : Math.min(1, finished / views);
    double own = all(item, "view");
    return (Math.min(own, item.weightSum("completion")) + 20 * prior) / (own + 20);
  }

  private static double quality(FakeItem item) {
    double n = all(item, "view");
    if (n == 0) {
      return 0;
    }
    double p = Math.min(1, item.weightSum("completion") / n);
    double z = 1.96;
    return (p + z * z / 2 / n - z * Math.sqrt(p * (1 - p) / n + z * z / 4 / n / n))
        / (1 + z * z / n);
  }

  /// Items that the sort shows, in its order; `scores` break near ties the way the engine computed
  /// them.
  Comparator<FakeItem> order(Sort sort) {
    var ties =
        Comparator.comparingLong((FakeItem i) -> i.created)
            .reversed()
            .thenComparing((a, b) -> Long.compareUnsigned(a.id, b.id));
    Comparator<FakeItem> byKey =
        switch (sort) {
          case NEW -> Comparator.comparingLong((FakeItem i) -> i.created).reversed();
          case DATE_SAVED -> Comparator.comparingLong((FakeItem i) -> -viewer.saved.get(i.slot));
          case OLD -> Comparator.comparingLong((FakeItem i) -> i.created);
          case SHORTEST -> Comparator.comparingDouble((FakeItem i) -> key(sort, i));
          case ALPHABETICAL_ASC -> titles(false);
          case ALPHABETICAL_DESC -> titles(true);
          default ->
              Comparator.comparingDouble(
                  (FakeItem i) ->
                      Double.isNaN(key(sort, i)) ? Double.POSITIVE_INFINITY : -key(sort, i));
        };
    return byKey.thenComparing(ties);
  }

  private static Comparator<FakeItem> titles(boolean descending) {
    Comparator<FakeItem> byTitle =
        Comparator.comparing(SortOracle::titleKey, SortOracle::byCodePoints)
            .thenComparing(SortOracle::title, SortOracle::byCodePoints);
    return Comparator.comparing((FakeItem i) -> title(i).isEmpty())
        .thenComparing(descending ? byTitle.reversed() : byTitle);
  }

  private static String title(FakeItem item) {
    return (String) item.fields.getOrDefault("title", "");
  }

  private static String titleKey(FakeItem item) {
    return Normalizer.normalize(title(item), Normalizer.Form.NFKD)
        .replaceAll("\\p{M}", "")
        .toLowerCase(Locale.ROOT)
        .strip();
  }

  private static int byCodePoints(String a, String b) {
    List<Integer> x = a.codePoints().boxed().toList();
    List<Integer> y = b.codePoints().boxed().toList();
    for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
      if (!x.get(i).equals(y.get(i))) {
        return Integer.compare(x.get(i), y.get(i));
      }
    }
    return Integer.compare(x.size(), y.size());
  }
}
