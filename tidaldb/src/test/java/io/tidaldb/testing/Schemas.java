package io.tidaldb.testing;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.TextType;
import io.tidaldb.schema.Window;
import java.time.Duration;

/// The schemas that tests share.
public final class Schemas {

  private Schemas() {}

  /// `view` on items, half-life 7 days, all-time counts, no velocity.
  public static Schema testSchema() {
    return views().build();
  }

  /// [#testSchema()] and a title.
  public static Schema withCollections() {
    return views().textField("title", TextType.TEXT).build();
  }

  /// [#withCollections()] and likes.
  public static Schema withEntities() {
    return viewsAndLikes().build();
  }

  /// [#testSchema()]: the session policy `default` is built in.
  public static Schema withSessions() {
    return testSchema();
  }

  /// All of these, and `hide`.
  public static Schema full() {
    return viewsAndLikes().signal("hide", EntityKind.ITEM, Decay.permanent()).add().build();
  }

  /// A video platform: what examples use, with every window and every kind of field.
  public static Schema video() {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.values())
        .velocity(true)
        .add()
        .signal("like", EntityKind.ITEM, Decay.exponential(Duration.ofDays(14)))
        .windows(Window.values())
        .velocity(true)
        .add()
        .signal("dislike", EntityKind.ITEM, Decay.exponential(Duration.ofDays(14)))
        .windows(Window.values())
        .add()
        .signal("share", EntityKind.ITEM, Decay.exponential(Duration.ofDays(3)))
        .windows(Window.values())
        .velocity(true)
        .add()
        .signal("comment", EntityKind.ITEM, Decay.exponential(Duration.ofDays(3)))
        .windows(Window.values())
        .add()
        .signal("completion", EntityKind.ITEM, Decay.exponential(Duration.ofDays(30)))
        .windows(Window.values())
        .add()
        .signal("hide", EntityKind.ITEM, Decay.permanent())
        .add()
        .field(EntityKind.ITEM, "price", FieldType.NUMBER)
        .field(EntityKind.ITEM, "episode", FieldType.INTEGER)
        .field(EntityKind.ITEM, "subtitled", FieldType.BOOLEAN)
        .field(EntityKind.ITEM, "sequel_of", FieldType.ID)
        .field(EntityKind.CREATOR, "prizes", FieldType.INTEGER)
        .field(EntityKind.CREATOR, "genres", FieldType.TAGS)
        .field(EntityKind.CREATOR, "joined", FieldType.TIME)
        .field(EntityKind.CREATOR, "label_id", FieldType.ID)
        .textField("title", TextType.TEXT)
        .build();
  }

  /// What scripts over all surfaces write to: signals of every effect, three windows, users with
  /// language and age.
  public static SchemaBuilder surfaces() {
    var builder =
        new SchemaBuilder()
            .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
            .windows(Window.TWENTY_FOUR_HOURS, Window.SEVEN_DAYS, Window.ALL_TIME)
            .velocity(true)
            .add();
    for (var name : new String[] {"like", "save", "share"}) {
      builder =
          builder
              .signal(name, EntityKind.ITEM, Decay.exponential(Duration.ofDays(14)))
              .windows(Window.TWENTY_FOUR_HOURS, Window.ALL_TIME)
              .add();
    }
    for (var name : new String[] {"unlike", "unsave", "hide"}) {
      builder =
          builder.signal(name, EntityKind.ITEM, Decay.permanent()).windows(Window.ALL_TIME).add();
    }
    return builder.textField("title", TextType.TEXT);
  }

  private static SchemaBuilder views() {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.ALL_TIME)
        .add();
  }

  private static SchemaBuilder viewsAndLikes() {
    return views()
        .textField("title", TextType.TEXT)
        .signal("like", EntityKind.ITEM, Decay.exponential(Duration.ofDays(14)))
        .windows(Window.TWENTY_FOUR_HOURS, Window.ALL_TIME)
        .add();
  }
}
