package io.tidaldb.ranking;

import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Random valid profiles, some of them naming what no schema has.
public final class RandomProfiles {

  private RandomProfiles() {}

  /// One profile.
  public static Profile draw(SplittableRandom random) {
    var builder = Profile.named("p" + random.nextInt(1_000));
    if (random.nextBoolean()) {
      builder.description("why \"" + random.nextInt() + "\" \u00E9\n");
    }
    if (random.nextBoolean()) {
      builder.window(RandomProfiles.pick(random, Window.values()));
    }
    if (random.nextInt(10) == 0) {
      builder.sort(RandomProfiles.pick(random, Sort.values()));
      if (random.nextBoolean()) {
        builder.window(Window.SEVEN_DAYS);
      }
    } else {
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        builder.term(
            feature(random),
            random.nextInt(4) == 0 ? random.nextInt(21) - 10 : random.nextDouble() * 20 - 10);
      }
      if (random.nextInt(3) == 0) {
        builder.cold(
            List.of(new Source.NewItems(1 + random.nextInt(4_096), Duration.ofHours(7))),
            List.of(new Profile.Term(feature(random), random.nextDouble())));
      }
    }
    for (int n = random.nextInt(6) / 4; n > 0; n--) {
      builder.atLeast(feature(random), random.nextDouble() * 0.2).atMost(feature(random), 0.9);
    }
    if (random.nextInt(3) == 0) {
      builder.explore(random.nextDouble(0.5));
    }
    if (random.nextInt(4) == 0) {
      builder.filter(condition(random));
    }
    var draft = builder.build();
    if (draft.sort().isEmpty() && draft.cold().flatMap(Profile.Cold::sort).isEmpty()) {
      for (int n = random.nextInt(4); n > 0; n--) {
        builder.boost(condition(random), random.nextInt(3) == 0 ? 0 : random.nextDouble() * 10);
      }
    }
    var profile = builder.build();
    return profile.sort().equals(java.util.Optional.of(Sort.TRENDING))
            && profile.window().equals(java.util.Optional.of(Window.ALL_TIME))
        ? draw(random)
        : profile;
  }

  /// Any of these.
  public static <T> T pick(SplittableRandom random, T[] values) {
    return pick(random, values, values.length);
  }

  /// An order that needs no user.
  public static Sort sort(SplittableRandom random) {
    var sort = pick(random, Sort.values());
    return sort == Sort.DATE_SAVED ? Sort.NEW : sort;
  }

  /// One of the first `count`.
  public static <T> T pick(SplittableRandom random, T[] values, int count) {
    return values[random.nextInt(count)];
  }

  /// What needs no user.
  private static Filter condition(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> Filter.field("category").is("jazz").negate();
      case 1 -> Filter.field("price").atLeast(random.nextInt(5));
      case 2 -> Filter.field("nowhere").exists();
      case 3 -> Filter.signal("view").count(Window.TWENTY_FOUR_HOURS).atLeast(random.nextInt(9));
      case 4 ->
          Filter.field("created")
              .within(Duration.ofDays(random.nextInt(99)))
              .or(Filter.field("tags").hasAll("live"));
      default -> Filter.signal("nothing").decayed().atLeast(1).negate();
    };
  }

  private static Feature feature(SplittableRandom random) {
    var window = RandomProfiles.pick(random, Window.values());
    var finite = RandomProfiles.pick(random, Window.values(), 4);
    String[] signals = {"view", "like", "share", "dislike", "nowhere"};
    var signal = signals[random.nextInt(signals.length)];
    return switch (random.nextInt(14)) {
      case 0 -> new Feature.Decayed(signal);
      case 1 -> new Feature.Count(signal, window);
      case 2 -> new Feature.Velocity(signal, finite);
      case 3 -> new Feature.Trending(finite);
      case 4 -> new Feature.Recency(Duration.ofSeconds(1 + random.nextInt(10_000_000)));
      case 5 -> new Feature.CompletionRate();
      case 6 -> new Feature.Quality();
      case 7 ->
          new Feature.FieldValue(
              random.nextBoolean() ? "price" : "title", random.nextDouble() * 1e9 + 1e-9);
      case 8 -> new Feature.Follows();
      case 9 -> new Feature.InterestMatch();
      case 10 -> new Feature.Fatigue();
      case 11 -> new Feature.SocialProof();
      case 12 ->
          new Feature.CreatorField(
              pick(random, new String[] {"prizes", "followers", "joined", "name"}),
              random.nextDouble() * 10 + 1e-9);
      default -> new Feature.Random();
    };
  }
}
