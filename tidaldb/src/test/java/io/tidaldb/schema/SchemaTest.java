package io.tidaldb.schema;

import static io.tidaldb.schema.EntityKind.ITEM;
import static io.tidaldb.schema.EntityKind.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaTest {

  @Test
  void theCanonicalTextIsReadable() {
    var schema =
        SchemaBuilder.from(Schemas.full())
            .field(USER, "plan", FieldType.KEYWORD)
            .retire("rating")
            .build();
    assertThat(schema.canonical())
        .isEqualTo(
            """
            tidaldb schema 1
            field item title text searched
            field user plan keyword
            retired rating
            signal hide item permanent - windows= velocity=false signed=false meaning=hide
            signal like item exponential PT336H windows=24h,all velocity=false signed=false meaning=like
            signal view item exponential PT168H windows=all velocity=false signed=false meaning=view
            """);
  }

  @Test
  void theOrderOfDeclarationDoesNotMatter() {
    var one =
        new SchemaBuilder()
            .signal("b", ITEM, Decay.permanent())
            .add()
            .signal("a", ITEM, Decay.linear(Duration.ofMinutes(1)))
            .windows(Window.ALL_TIME, Window.ONE_HOUR)
            .add()
            .field(ITEM, "y", FieldType.ID)
            .field(ITEM, "x", FieldType.TAGS)
            .build();
    var other =
        new SchemaBuilder()
            .field(ITEM, "x", FieldType.TAGS)
            .field(ITEM, "category", FieldType.KEYWORD)
            .signal("a", ITEM, Decay.linear(Duration.ofMinutes(1)))
            .windows(Window.ONE_HOUR, Window.ALL_TIME)
            .add()
            .field(ITEM, "y", FieldType.ID)
            .signal("b", ITEM, Decay.permanent())
            .add()
            .build();
    assertThat(other).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(other.canonical()).isEqualTo(one.canonical());
  }

  @Test
  void parsingIsTheInverseOfWriting() {
    for (var schema :
        List.of(
            Schema.empty(),
            Schemas.testSchema(),
            Schemas.full(),
            Schemas.video(),
            SchemaBuilder.from(Schemas.video())
                .retire("gone")
                .textField("category", TextType.KEYWORD)
                .signal("rating", USER, Decay.permanent())
                .signedWeights(true)
                .means(Meaning.PURCHASE)
                .add()
                .build())) {
      assertThat(Schema.parse(schema.canonical())).isEqualTo(schema);
      assertThat(SchemaBuilder.from(schema).build()).isEqualTo(schema);
    }
  }

  @Test
  void anyChangeOfTheTextIsRefusedOrGivesAnotherSchema() {
    var text = Schemas.full().canonical();
    for (int i = 0; i < text.length(); i++) {
      for (var changed :
          List.of(
              text.substring(0, i),
              text.substring(0, i) + text.substring(i + 1),
              text.substring(0, i) + "X" + text.substring(i + 1),
              text.substring(0, i) + " " + text.substring(i))) {
        try {
          assertThat(Schema.parse(changed).canonical()).isEqualTo(changed).isNotEqualTo(text);
        } catch (IllegalArgumentException expected) {
          assertThat(expected).hasMessageContaining("not the canonical text of a schema");
        }
      }
    }
  }

  @Test
  void nonsenseIsRefused() {
    for (var text :
        List.of(
            "",
            "tidaldb schema 2\n",
            "tidaldb schema 1",
            "tidaldb schema 1\n\n",
            "tidaldb schema 1\nretired b\nretired a\n",
            "tidaldb schema 1\nfield item category keyword\n",
            "tidaldb schema 1\nsignal a item permanent - windows= velocity=yes signed=false"
                + " meaning=\n",
            "tidaldb schema 1\nsignal a item exponential PT1H windows= velocity=false"
                + " signed=false meaning=\n")) {
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> Schema.parse(text));
    }
  }

  @Test
  void aStoreDecidesTheIds() {
    var schema = Schemas.full().withIds(Map.of("view", 0, "hide", 7, "like", 3, "old", 1));
    assertThat(schema.signals().stream().map(t -> t.id().value())).containsExactly(7, 3, 0);
    assertThat(schema.canonical()).isEqualTo(Schemas.full().canonical());
    assertThat(schema).isNotEqualTo(Schemas.full());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schemas.full().withIds(Map.of("view", 0)))
        .withMessageContaining("name=hide");
  }
}
