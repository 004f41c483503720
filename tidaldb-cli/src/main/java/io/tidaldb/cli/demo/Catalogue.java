package io.tidaldb.cli.demo;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Made-up items: titles that read like titles, categories, tags, creators, lengths, dates.
final class Catalogue {

  /// Items are up to so old.
  static final Duration AGE = Duration.ofDays(90);

  private record Genre(String name, List<String> things, List<String> tags) {}

  private static final List<Genre> GENRES =
      List.of(
          new Genre(
              "music",
              List.of("Piano Nights", "Basement Session", "Choir of Rain", "Slow Trumpet"),
              List.of("jazz", "live", "acoustic", "vinyl", "remix")),
          new Genre(
              "cooking",
              List.of("One-Pan Dinner", "Sourdough Basics", "Street Noodles", "Winter Soup"),
              List.of("vegan", "quick", "baking", "spicy", "family")),
          new Genre(
              "travel",
              List.of("Night Train", "Island Ferry", "Mountain Hut", "Old Harbour"),
              List.of("europe", "budget", "hiking", "city", "coast")),
          new Genre(
              "science",
              List.of("Deep Sea", "Quiet Sun", "Tiny Robots", "Ancient Ice"),
              List.of("space", "biology", "physics", "climate", "maths")),
          new Genre(
              "games",
              List.of("Speedrun", "Pixel Garden", "Co-op Chaos", "Chess Blunders"),
              List.of("retro", "indie", "strategy", "speedrun", "live")),
          new Genre(
              "sport",
              List.of("Last Minute", "Long Run", "Penalty", "Climbing Wall"),
              List.of("football", "running", "cycling", "training", "final")));

  private static final List<String> OPENINGS =
      List.of(
          "The Secret of %s",
          "%s, Explained",
          "A Week with %s",
          "%s for Beginners",
          "Why We Love %s",
          "%s: The Long Version",
          "Behind %s",
          "%s in Five Steps");
  private static final List<String> PLACES =
      List.of("Lisbon", "Oslo", "Kyoto", "Naples", "Tallinn", "Porto", "Ghent", "Split", "Bergen");
  private static final List<String> LANGUAGES = List.of("en", "en", "en", "es", "de", "fr", "pt");
  private static final int CREATORS_PER_ITEM = 25;
  private static final double MEDIAN_SECONDS = 420;

  private final SplittableRandom random;
  private final long endNanos;
  private final int creators;

  /// @param endNanos the newest an item can be
  /// @param items how many will be asked for
  Catalogue(long seed, long endNanos, int items) {
    this.random = new SplittableRandom(seed);
    this.endNanos = endNanos;
    this.creators = Math.max(1, items / CREATORS_PER_ITEM);
  }

  /// An item.
  ///
  /// @param createdNanos when it appeared
  record Item(EntityId id, long createdNanos, Map<String, Object> metadata) {}

  /// The next item.
  Item item(long id) {
    var genre = pick(GENRES);
    var age = (long) (Math.pow(random.nextDouble(), 1.5) * AGE.toNanos());
    var createdNanos = endNanos - age;
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("title", pick(OPENINGS).formatted(pick(genre.things) + " in " + pick(PLACES)));
    metadata.put("category", genre.name);
    metadata.put("tags", tags(genre));
    metadata.put("language", pick(LANGUAGES));
    metadata.put("creator_id", EntityId.of(1 + random.nextInt(creators)));
    metadata.put("duration", Duration.ofSeconds(seconds()));
    metadata.put("created_at", Timestamp.ofNanos(createdNanos));
    return new Item(EntityId.of(id), createdNanos, metadata);
  }

  private List<String> tags(Genre genre) {
    var tags = new ArrayList<String>();
    for (var tag : genre.tags) {
      if (random.nextInt(5) < 2) {
        tags.add(tag);
      }
    }
    return tags;
  }

  /// Lengths spread evenly over orders of magnitude around the median: from clips to films.
  private long seconds() {
    return Math.max(8, Math.round(MEDIAN_SECONDS * Math.exp((random.nextDouble() - 0.5) * 5)));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
