import static io.tidaldb.schema.Filter.inCollection;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Window;

/// Everything around a feed: a crowd, what goes together, a list, and a talk with an assistant.
void main(String... directory) {
  var builder = new SchemaBuilder();
  for (var name : List.of("view", "like", "share", "skip")) {
    var signal = builder.signal(name, EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)));
    signal.windows(Window.values()).velocity(true).add();
  }
  try (var db =
      TidalDb.open(Path.of(directory.length == 0 ? "data" : directory[0]), builder.build())) {
    var titles = List.of("Blue Train", "Kind of Blue", "So What", "Swing Time", "Polka Party");
    for (int i = 0; i < titles.size(); i++) {
      db.writeItem(
          EntityId.of(i + 1), Map.of("title", titles.get(i), "tags", i < 4 ? "jazz" : "polka"));
    }

    // Nobody joins a cohort: users are in it while they are what it says.
    db.defineCohort("germans", "country = \"de\"");
    for (long user = 1; user <= 20; user++) {
      db.writeUser(EntityId.of(user), Map.of("country", user <= 10 ? "de" : "fr"));
      long favorite = user <= 10 ? 1 : 5;
      for (long item : new long[] {favorite, user % 5 + 1}) {
        db.signal("like", EntityId.of(item), Signal.by(user));
        db.signal("share", EntityId.of(item), Signal.by(user));
      }
    }
    IO.println("germans: " + db.cohortSize("germans"));
    print(db, "trending among them", Retrieve.items().forCohort("germans"));

    // Who likes one thing likes another.
    print(db, "related to Blue Train", Retrieve.items().relatedTo(EntityId.of(1)));

    // A list is owned, named, ordered.
    var list = db.createCollection(1, "evening", Visibility.PUBLIC);
    db.addAllToCollection(list, List.of(EntityId.of(3), EntityId.of(2)));
    print(db, "trending in the list", Retrieve.items().filter(inCollection(list)));

    // What is hidden stays hidden, in every query.
    db.hide(1, 5);
    print(db, "trending for user 1", Retrieve.items().forUser(1));

    // A session is a memory of its own: it changes the very next query, and survives crashes.
    var session = db.startSession(1, "assistant", "default");
    session.signal("skip", EntityId.of(1), Signal.anonymous());
    session.annotate("something with blue in the name");
    print(db, "in the session", Retrieve.items().forUser(1).forSession(session.sessionId()));
    IO.println("hints: " + session.snapshot().hints());
  }
}

void print(TidalDb db, String what, Retrieve request) {
  IO.println(what + ":");
  for (var hit : db.retrieve(request.limit(3))) {
    var title = db.getItemMetadata(hit.id()).orElseThrow().asStrings().get("title");
    IO.println("  %-14s %.3f".formatted(title, hit.score()));
  }
}
