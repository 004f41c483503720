import static io.tidaldb.schema.Filter.field;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.Window;

void main(String... directory) {
  var week = Decay.exponential(Duration.ofDays(7));
  var view = new SchemaBuilder().signal("view", EntityKind.ITEM, week);
  var schema = view.windows(Window.TWENTY_FOUR_HOURS).velocity(true).add().build();
  try (var db = TidalDb.open(Path.of(directory.length == 0 ? "data" : directory[0]), schema)) {
    db.writeItem(EntityId.of(1), Map.of("title", "High water", "category", "sea"));
    db.writeItem(EntityId.of(2), Map.of("title", "Low tide", "category", "sea"));
    db.signal("view", EntityId.of(1), Signal.by(42));
    var feed = Retrieve.items().profile("trending").filter(field("category").is("sea")).limit(20);
    for (var hit : db.retrieve(feed)) {
      IO.println(hit.id() + "  " + hit.explanation());
    }
  }
}
