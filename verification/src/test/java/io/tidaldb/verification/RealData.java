package io.tidaldb.verification;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A data set beside the checkout, and what its mapping says it means, read and said once more.
enum RealData {
  /// Questions and answers with their votes.
  SE_CARDANO("se-cardano", "2021-07-31"),
  /// Films and their ratings.
  ML_LATEST_SMALL("ml-latest-small", "2008-12-31");

  private final String folder;
  private final String earlierDay;

  RealData(String folder, String earlierDay) {
    this.folder = folder;
    this.earlierDay = earlierDay;
  }

  /// Where the data are, if they are there.
  Optional<Path> directory() {
    var path = Path.of(System.getProperty("tidal.shared", ""), folder);
    return Files.isDirectory(path)
        ? Optional.of(path.toAbsolutePath().normalize())
        : Optional.empty();
  }

  /// The mapping that ships with the product.
  Path mapping() {
    return Path.of(System.getProperty("tidal.root"), "examples", "mappings", folder + ".json");
  }

  /// A day in the middle of the data.
  String earlierDay() {
    return earlierDay;
  }

  /// The last nanosecond of [#earlierDay()].
  Timestamp earlierEnd() {
    return Timestamp.ofNanos(
        Timestamp.of(Instant.parse(earlierDay + "T23:59:59.999999999Z")).nanos());
  }

  /// The items' writes, in the order of the file: ids, titles, times of creation.
  List<Write> items() {
    return this == SE_CARDANO ? posts() : films();
  }

  /// The signals' writes, in the order of the file.
  List<Write.SignalWrite> signals() {
    return this == SE_CARDANO ? votes() : ratings();
  }

  private Path file(String name) {
    return directory().orElseThrow().resolve(name);
  }

  private List<Write> posts() {
    List<Write> items = new ArrayList<>();
    for (var post : DataFiles.json(file("items.jsonl.gz"))) {
      Map<String, Object> metadata = new HashMap<>();
      metadata.put("created_at", Instant.parse(post.get("created_at").asString()));
      metadata.put("format", post.get("kind").asString());
      if (!post.get("title").isNull()) {
        metadata.put("title", post.get("title").asString());
      }
      List<String> tags = new ArrayList<>();
      post.get("tags").forEach(tag -> tags.add(tag.asString()));
      if (!tags.isEmpty()) {
        metadata.put("tags", tags);
      }
      items.add(Write.item(EntityId.of(post.get("id").asLong()), metadata));
    }
    return items;
  }

  private List<Write.SignalWrite> votes() {
    List<Write.SignalWrite> signals = new ArrayList<>();
    for (var row : DataFiles.csv(file("signals.csv.gz"))) {
      var user = row.get("user");
      signals.add(
          signal(
              row.get("kind"),
              row.get("item"),
              user.equals("-1") ? "" : user,
              Double.parseDouble(row.get("weight")),
              Timestamp.of(Instant.parse(row.get("ts")))));
    }
    return signals;
  }

  private List<Write> films() {
    List<Write> items = new ArrayList<>();
    for (var film : DataFiles.csv(file("movies.csv.gz"))) {
      items.add(
          Write.item(
              EntityId.parse(film.get("movieId")),
              Map.of(
                  "title", film.get("title"),
                  "created_at", Instant.parse("1996-03-29T00:00:00Z"))));
    }
    return items;
  }

  private List<Write.SignalWrite> ratings() {
    List<Write.SignalWrite> signals = new ArrayList<>();
    for (var row : DataFiles.csv(file("ratings.csv.gz"))) {
      double rating = Double.parseDouble(row.get("rating"));
      signals.add(
          signal(
              rating >= 4 ? "like" : rating >= 3 ? "view" : "dislike",
              row.get("movieId"),
              row.get("userId"),
              1,
              Timestamp.ofNanos(Long.parseLong(row.get("timestamp")) * 1_000_000_000L)));
    }
    return signals;
  }

  private static Write.SignalWrite signal(
      String name, String item, String user, double weight, Timestamp at) {
    var signal = user.isEmpty() ? Signal.anonymous() : Signal.by(EntityId.parse(user));
    return new Write.SignalWrite(name, EntityId.parse(item), signal.weight(weight).at(at));
  }
}
