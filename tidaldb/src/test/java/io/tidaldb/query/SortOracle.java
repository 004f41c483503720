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
record SortOracle(FakeWorld world, long seed) {

  /// Whether the sort mode shows the item at all.
  boolean shows(Sort sort, FakeItem item) {
    return switch (sort) {
      case TOP_YEAR -> NOW - item.created < 365 * 24 * HOUR;
      case LIVE_VIEWER_COUNT -> item.fields.get("live_viewer_count") instanceof Double x && x > 0;
      default -> true;
    };
  }

  /// The number that orders; not a number where it is absent.
  double key(Sort sort, FakeItem item) {
    double ageHours = Math.max(0, NOW - item.created) / 3.6e12;
    return switch (sort) {
      case NEW, OLD -> item.created / 1e9;
      case ALPHABETICAL_ASC, ALPHABETICAL_DESC -> 0;
      case SHORTEST, LONGEST -> (double) item.fields.getOrDefault("duration", Double.NaN);
      case LIVE_VIEWER_COUNT -> (double) item.fields.get("live_viewer_count");
      case HOT -> {
        double s = all(item, "like") - all(item, "dislike");
        double size = Math.log10(Math.max(Math.abs(s), 1)) / Math.pow(ageHours + 2, 1.8);
        yield s < 0 ? -size : size;
      }
      case TRENDING ->
          0.5 * velocity(item, "share")
              + 0.3 * velocity(item, "view")
              + 0.2 * velocity(item, "reach");
      case RISING -> {
        double hour = item.count("view", Window.ONE_HOUR);
        double base = (item.count("view", Window.TWENTY_FOUR_HOURS) - hour) / 23;
        yield hour < 3 ? 0 : Math.max(0, hour - base) / Math.sqrt(base + 1) / (1 + ageHours / 24);
      }
      case CONTROVERSIAL -> {
        double likes = all(item, "like");
        double dislikes = all(item, "dislike");
        double n = likes + dislikes;
        yield n == 0 ? 0 : likes * dislikes / n / n * n / (n + 10);
      }
      case HIDDEN_GEMS -> quality(item) / Math.log10(all(item, "view") + 10);
      case TOP_HOUR -> engagement(item, Window.ONE_HOUR);
      case TOP_TODAY -> engagement(item, Window.TWENTY_FOUR_HOURS);
      case TOP_WEEK -> engagement(item, Window.SEVEN_DAYS);
      case TOP_MONTH -> engagement(item, Window.THIRTY_DAYS);
      case TOP_YEAR, TOP_ALL_TIME -> engagement(item, Window.ALL_TIME);
      case MOST_VIEWED -> all(item, "view");
      case MOST_LIKED -> all(item, "like");
      case MOST_COMMENTED -> all(item, "comment");
      case MOST_SHARED -> all(item, "share");
      case SHUFFLE -> Mix.unit(seed, item.id) * Math.sqrt(completionRate(item));
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
    double whole = world.items.stream().mapToDouble(i -> i.velocity(signal, window)).sum();
    double root =
        whole == 0
            ? 0
            : Math.sqrt(
                item.velocity(signal, window) / whole * Math.sqrt((double) world.liveItems()));
    return root / (1 + root);
  }

  double completionRate(FakeItem item) {
    double views = world.items.stream().mapToDouble(i -> all(i, "view")).sum();
    double finished = world.items.stream().mapToDouble(i -> i.weightSum("completion")).sum();
    double prior = views == 0 ? 0.5 : Math.min(1, finished / views);
    double own = all(item, "view");
    return (Math.min(own, item.weightSum("completion")) + 20 * prior) / (own + 20);
  }

  static double quality(FakeItem item) {
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
