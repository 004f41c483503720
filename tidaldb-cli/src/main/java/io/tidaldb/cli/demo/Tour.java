package io.tidaldb.cli.demo;

import static io.tidaldb.schema.Filter.inCollection;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Visibility;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What surrounds the feeds: crowds, what goes together, a list, what somebody never wants to see,
/// a talk with an assistant.
final class Tour {

  /// Users of the demonstration's own, whom the crowd does not have.
  private static final long VIEWER = 1_000_001;

  private static final String CROWD = "music_lovers";
  private static final int LISTED = 3;

  private final BiConsumer<String, Retrieve> feed;
  private final Consumer<String> heading;
  private final Consumer<String> say;
  private final Map<String, Object> figures;

  /// What was there before the process was killed.
  private @Nullable Map<String, Object> before;

  /// @param feed shows the page of a request under a title
  Tour(
      BiConsumer<String, Retrieve> feed,
      Consumer<String> heading,
      Consumer<String> say,
      Map<String, Object> figures) {
    this.feed = feed;
    this.heading = heading;
    this.say = say;
    this.figures = figures;
  }

  /// Defines the crowd before anybody acts: signals count for those who are in it then.
  void begin(TidalDb db) {
    db.defineCohort(CROWD, "interest(field:category, value:music) >= 0.4");
  }

  /// Shows each thing on what the crowd has done.
  void show(TidalDb db) {
    feed.accept(
        "Trending among the %,d users of the cohort %s".formatted(db.cohortSize(CROWD), CROWD),
        Retrieve.items().forCohort(CROWD));
    var first = db.retrieve(Retrieve.items()).hits().getFirst();
    feed.accept(
        "Related to %s, by %,d edges between items that the same users liked"
            .formatted(title(db, first), db.coEngagement().edgeCount()),
        Retrieve.items().relatedTo(first.id()));
    list(db);
    talk(db);
    before = state(db);
    figures.put("cohort_users", db.cohortSize(CROWD));
    figures.put("edges", db.coEngagement().edgeCount());
  }

  private void list(TidalDb db) {
    var hits = db.retrieve(Retrieve.items().limit(LISTED + 1)).hits();
    var id = db.createCollection(VIEWER, "for the weekend", Visibility.PRIVATE);
    db.addAllToCollection(id, hits.subList(0, LISTED).stream().map(Hit::id).toList());
    var hidden = hits.getFirst();
    db.hide(EntityId.of(VIEWER), hidden.id());
    feed.accept(
        "The list \"for the weekend\" of user %d, who has hidden %s"
            .formatted(VIEWER, title(db, hidden)),
        Retrieve.items().forUser(VIEWER).filter(inCollection(id)));
  }

  private void talk(TidalDb db) {
    var session = db.startSession(VIEWER, "assistant", "default");
    var request = Retrieve.items().forUser(VIEWER);
    var skipped = db.retrieve(request.limit(1)).hits().getFirst();
    session.signal("dislike", skipped.id(), Signal.anonymous());
    session.annotate("something quiet, piano or trumpet, but no games");
    feed.accept(
        "Trending in a session whose user asked for \"something quiet, piano or trumpet, but no"
            + " games\"",
        request.forSession(session.sessionId()));
    say.accept("words that count: " + String.join(", ", session.snapshot().hints()));
  }

  /// Whether everything is as it was.
  boolean isUnchanged(TidalDb db) {
    var now = state(db);
    var same = now.equals(Objects.requireNonNull(before));
    heading.accept("What else the killed process found and left");
    now.forEach((what, value) -> say.accept("%s: %s".formatted(what, value)));
    say.accept(same ? "all as before" : "CHANGED, it was " + before);
    figures.put("surfaces_unchanged", same);
    return same;
  }

  private static Map<String, Object> state(TidalDb db) {
    var state = new LinkedHashMap<String, Object>();
    state.put("users of " + CROWD, db.cohortSize(CROWD, db.newestEventTime().orElseThrow()));
    state.put("edges", db.coEngagement().edgeCount());
    state.put(
        "collections of the viewer", db.listCollections(VIEWER).stream().map(Tour::text).toList());
    state.put(
        "running sessions of the viewer",
        db.activeSessions(VIEWER).stream()
            .map(
                session -> {
                  var snapshot = session.snapshot();
                  return snapshot.agent()
                      + ", signals "
                      + snapshot.signalCount()
                      + ", annotations "
                      + snapshot.annotations().size();
                })
            .toList());
    return state;
  }

  private static String text(CollectionInfo info) {
    return info.name() + " (" + info.itemCount() + ")";
  }

  private static String title(TidalDb db, Hit hit) {
    return db.getItemMetadata(hit.id())
        .map(metadata -> metadata.asStrings().getOrDefault("title", hit.id().toString()))
        .orElse(hit.id().toString());
  }
}
