package io.tidaldb.schema;

import static io.tidaldb.schema.EntityKind.CREATOR;
import static io.tidaldb.schema.EntityKind.ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.SchemaEvolution.Accepted;
import io.tidaldb.schema.SchemaEvolution.Refused;
import io.tidaldb.schema.SchemaEvolution.Unchanged;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SchemaEvolutionTest {

  private static final Decay WEEK = Decay.exponential(Duration.ofDays(7));
  private static final SortedMap<String, Integer> IDS =
      new TreeMap<>(Map.of("like", 0, "view", 1, "rating", 2));

  private static final Schema STORED =
      Schema.parse(builder(WEEK, Window.ONE_HOUR, Window.SEVEN_DAYS).build().canonical());

  private static SchemaBuilder builder(Decay decay, Window... windows) {
    return rest().signal("view", ITEM, decay).windows(windows).add();
  }

  /// All but `view`.
  private static SchemaBuilder rest() {
    return new SchemaBuilder()
        .signal("like", ITEM, Decay.permanent())
        .add()
        .field(ITEM, "price", FieldType.NUMBER)
        .textField("body", TextType.TEXT)
        .textField("genre", TextType.KEYWORD)
        .retire("rating");
  }

  private static SchemaBuilder same() {
    return SchemaBuilder.from(STORED);
  }

  private static Accepted accepted(SchemaBuilder given) {
    var result = SchemaEvolution.compare(STORED, IDS, given.build());
    assertThat(result).isInstanceOf(Accepted.class);
    return (Accepted) result;
  }

  private static List<String> refused(SchemaBuilder given) {
    var result = SchemaEvolution.compare(STORED, IDS, given.build());
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused) result).differences().stream().map(SchemaDifference::path).toList();
  }

  @Test
  void theSameDeclarationsInAnotherOrderChangeNothing() {
    var result = SchemaEvolution.compare(STORED, IDS, same().build());
    assertThat(result).isEqualTo(new Unchanged(STORED.withIds(IDS)));
  }

  @Test
  void aNewStoreGivesIdsInAlphabeticalOrder() {
    var given = same().build();
    var result = SchemaEvolution.compare(Schema.empty(), new TreeMap<>(), given);
    var ids = new TreeMap<>(Map.of("like", 0, "view", 1));
    assertThat(result).isEqualTo(new Accepted(given.withIds(ids), given.canonical(), ids));
    assertThat(SchemaEvolution.compare(Schema.empty(), new TreeMap<>(), Schema.empty()))
        .isEqualTo(new Unchanged(Schema.empty()));
  }

  @Test
  void newNamesGetTheNextFreeIds() {
    var given =
        same()
            .signal("zap", ITEM, Decay.permanent())
            .add()
            .signal("bookmark", ITEM, Decay.permanent())
            .add();
    var accepted = accepted(given);
    assertThat(accepted.ids())
        .isEqualTo(Map.of("like", 0, "view", 1, "rating", 2, "bookmark", 3, "zap", 4));
    assertThat(accepted.schema().signal("zap").orElseThrow().id().value()).isEqualTo(4);
    assertThat(accepted.canonical()).isEqualTo(accepted.schema().canonical());
  }

  @Test
  void newFieldsAreAccepted() {
    accepted(same().field(CREATOR, "score", FieldType.NUMBER));
    accepted(same().textField("subtitle", TextType.TEXT));
    accepted(same().textField("title", TextType.TEXT));
    accepted(same().textField("category", TextType.KEYWORD));
  }

  @Test
  void velocityMeaningAndFewerOrShorterWindowsAreAccepted() {
    accepted(
        rest()
            .signal("view", ITEM, WEEK)
            .windows(Window.ONE_HOUR, Window.SEVEN_DAYS)
            .velocity(true)
            .add());
    accepted(builder(WEEK, Window.ONE_HOUR));
    accepted(builder(WEEK, Window.ONE_HOUR, Window.TWENTY_FOUR_HOURS, Window.SEVEN_DAYS));
    accepted(
        rest()
            .signal("view", ITEM, WEEK)
            .windows(Window.ONE_HOUR, Window.SEVEN_DAYS)
            .means(Meaning.SAVE)
            .add());
  }

  @Test
  void aSignalOrFieldMayBeRetired() {
    var accepted =
        accepted(rest().textField("title", TextType.TEXT).retire("view").retire("other"));
    assertThat(accepted.schema().signal("view")).isEmpty();
    assertThat(accepted.schema().retired()).containsExactly("other", "rating", "view");
    assertThat(accepted.ids()).containsEntry("view", 1);
    var withoutPrice =
        new SchemaBuilder()
            .signal("like", ITEM, Decay.permanent())
            .add()
            .textField("body", TextType.TEXT)
            .textField("genre", TextType.KEYWORD)
            .signal("view", ITEM, WEEK)
            .windows(Window.ONE_HOUR, Window.SEVEN_DAYS)
            .add()
            .retire("price");
    assertThat(accepted(withoutPrice).schema().field(ITEM, "price")).isEmpty();
  }

  @Test
  void whatWasRetiredNeedNotBeSaidAgain() {
    var given =
        new SchemaBuilder()
            .signal("like", ITEM, Decay.permanent())
            .add()
            .field(ITEM, "price", FieldType.NUMBER)
            .textField("body", TextType.TEXT)
            .textField("genre", TextType.KEYWORD)
            .signal("view", ITEM, WEEK)
            .windows(Window.ONE_HOUR, Window.SEVEN_DAYS)
            .add();
    assertThat(SchemaEvolution.compare(STORED, IDS, given.build()))
        .isEqualTo(new Unchanged(STORED.withIds(IDS)));
  }

  @Test
  void aMissingSignalOrFieldIsRefused() {
    assertThat(refused(rest())).containsExactly("signal.view");
    assertThat(refused(new SchemaBuilder()))
        .containsExactly(
            "field.item.body",
            "field.item.genre",
            "field.item.price",
            "signal.like",
            "signal.view");
  }

  @Test
  void changedDecayTargetOrSignIsRefused() {
    var windows = new Window[] {Window.ONE_HOUR, Window.SEVEN_DAYS};
    assertThat(refused(builder(Decay.exponential(Duration.ofDays(8)), windows)))
        .containsExactly("signal.view.decay");
    assertThat(refused(builder(Decay.linear(Duration.ofDays(7)), windows)))
        .containsExactly("signal.view.decay");
    assertThat(refused(rest().signal("view", CREATOR, WEEK).windows(windows).add()))
        .containsExactly("signal.view.target");
    assertThat(
            refused(rest().signal("view", ITEM, WEEK).windows(windows).signedWeights(true).add()))
        .containsExactly("signal.view.signedWeights");
  }

  @Test
  void longerWindowsAreRefused() {
    assertThat(refused(builder(WEEK, Window.ONE_HOUR, Window.SEVEN_DAYS, Window.THIRTY_DAYS)))
        .containsExactly("signal.view.windows");
    assertThat(refused(builder(WEEK, Window.ONE_HOUR, Window.SEVEN_DAYS, Window.ALL_TIME)))
        .containsExactly("signal.view.windows");
  }

  @Test
  void aChangedFieldTypeIsRefused() {
    var view = builder(WEEK, Window.ONE_HOUR, Window.SEVEN_DAYS).build();
    var given = new SchemaBuilder().retire("rating");
    for (var type : view.signals()) {
      given
          .signal(type.name(), type.target(), type.decay())
          .windows(type.windows().toArray(Window[]::new))
          .add();
    }
    given
        .field(ITEM, "price", FieldType.INTEGER)
        .textField("body", TextType.KEYWORD)
        .field(ITEM, "genre", FieldType.KEYWORD);
    assertThat(refused(given))
        .containsExactly(
            "field.item.body.type", "field.item.genre.searched", "field.item.price.type");
  }

  @Test
  void aRetiredNameStaysRetired() {
    var given =
        new SchemaBuilder()
            .signal("like", ITEM, Decay.permanent())
            .add()
            .field(ITEM, "price", FieldType.NUMBER)
            .textField("body", TextType.TEXT)
            .textField("genre", TextType.KEYWORD)
            .signal("view", ITEM, WEEK)
            .windows(Window.ONE_HOUR)
            .add()
            .signal("rating", ITEM, Decay.permanent())
            .add();
    assertThat(refused(given)).containsExactly("signal.rating");
  }

  @Test
  void idsRunOut() {
    SortedMap<String, Integer> full = new TreeMap<>(IDS);
    full.put("last", 4_095);
    var given = same().signal("more", ITEM, Decay.permanent()).add().build();
    assertThat(SchemaEvolution.compare(STORED, full, given)).isInstanceOf(Refused.class);
  }
}
