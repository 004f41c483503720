package io.tidaldb.schema;

import static io.tidaldb.schema.EntityKind.CREATOR;
import static io.tidaldb.schema.EntityKind.ITEM;
import static io.tidaldb.schema.EntityKind.USER;
import static io.tidaldb.schema.SchemaViolation.Code.DECAY_MISSING;
import static io.tidaldb.schema.SchemaViolation.Code.DEFINITION_OPEN;
import static io.tidaldb.schema.SchemaViolation.Code.FIELD_REDECLARED;
import static io.tidaldb.schema.SchemaViolation.Code.HALF_LIFE_OUT_OF_RANGE;
import static io.tidaldb.schema.SchemaViolation.Code.KIND_MISSING;
import static io.tidaldb.schema.SchemaViolation.Code.LIFETIME_OUT_OF_RANGE;
import static io.tidaldb.schema.SchemaViolation.Code.MEANING_DUPLICATE;
import static io.tidaldb.schema.SchemaViolation.Code.NAME_DUPLICATE;
import static io.tidaldb.schema.SchemaViolation.Code.NAME_INVALID;
import static io.tidaldb.schema.SchemaViolation.Code.NAME_RETIRED;
import static io.tidaldb.schema.SchemaViolation.Code.SIGNED_LINEAR;
import static io.tidaldb.schema.SchemaViolation.Code.TOO_MANY_FIELDS;
import static io.tidaldb.schema.SchemaViolation.Code.TOO_MANY_SIGNALS;
import static io.tidaldb.schema.SchemaViolation.Code.VELOCITY_WITHOUT_WINDOW;
import static io.tidaldb.schema.SchemaViolation.Code.WINDOWS_EMPTY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidaldb.schema.SchemaViolation.Code;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaBuilderTest {

  private static final Decay WEEK = Decay.exponential(Duration.ofDays(7));

  private static List<Code> codes(SchemaBuilder builder) {
    var thrown = catchThrowableOfType(SchemaException.class, builder::build);
    return thrown == null
        ? List.of()
        : thrown.violations().stream().map(SchemaViolation::code).toList();
  }

  private static SchemaBuilder signal(String name, Decay decay) {
    return new SchemaBuilder().signal(name, ITEM, decay).windows(Window.ONE_HOUR).add();
  }

  @Test
  void aNameHasUpTo64Characters() {
    assertThat(codes(signal("a".repeat(64), WEEK))).isEmpty();
    assertThat(codes(signal("a".repeat(65), WEEK))).containsExactly(NAME_INVALID);
    for (var name : List.of("", "A", "1a", "_a", "a-b", "ä", "a b")) {
      assertThat(codes(signal(name, WEEK))).as(name).containsExactly(NAME_INVALID);
      assertThat(codes(new SchemaBuilder().field(ITEM, name, FieldType.NUMBER)))
          .as(name)
          .containsExactly(NAME_INVALID);
      assertThat(codes(new SchemaBuilder().retire(name))).as(name).containsExactly(NAME_INVALID);
    }
    assertThat(codes(new SchemaBuilder().signal(null, ITEM, Decay.permanent()).add()))
        .containsExactly(NAME_INVALID);
  }

  @Test
  void aNameIsDeclaredOnce() {
    assertThat(codes(signal("a", WEEK).signal("a", ITEM, Decay.permanent()).add()))
        .containsExactly(NAME_DUPLICATE);
    var fields =
        new SchemaBuilder()
            .field(ITEM, "a", FieldType.NUMBER)
            .field(USER, "a", FieldType.NUMBER)
            .textField("a", TextType.TEXT);
    assertThat(codes(fields)).containsExactly(NAME_DUPLICATE);
  }

  @Test
  void aRetiredNameIsNotDeclared() {
    assertThat(codes(signal("a", WEEK).retire("a"))).containsExactly(NAME_RETIRED);
    assertThat(codes(new SchemaBuilder().retire("a").field(ITEM, "a", FieldType.ID)))
        .containsExactly(NAME_RETIRED);
  }

  @Test
  void kindAndDecayAreNeeded() {
    assertThat(codes(new SchemaBuilder().signal("a", null, Decay.permanent()).add()))
        .containsExactly(KIND_MISSING);
    assertThat(codes(new SchemaBuilder().field(null, "a", FieldType.ID)))
        .containsExactly(KIND_MISSING);
    assertThat(codes(new SchemaBuilder().signal("a", ITEM, null).windows(Window.ALL_TIME).add()))
        .containsExactly(DECAY_MISSING);
  }

  @Test
  void aHalfLifeLiesBetweenOneSecondAndACentury() {
    for (var good : List.of(Duration.ofSeconds(1), Duration.ofDays(36_500))) {
      assertThat(codes(signal("a", Decay.exponential(good)))).isEmpty();
    }
    for (var bad :
        List.of(
            Duration.ZERO,
            Duration.ofSeconds(-1),
            Duration.ofNanos(999_999_999),
            Duration.ofDays(36_500).plusNanos(1))) {
      assertThat(codes(signal("a", Decay.exponential(bad))))
          .as("%s", bad)
          .containsExactly(HALF_LIFE_OUT_OF_RANGE);
    }
  }

  @Test
  void aLifetimeLiesBetweenOneMinuteAndACentury() {
    for (var good : List.of(Duration.ofSeconds(60), Duration.ofDays(36_500))) {
      assertThat(codes(signal("a", Decay.linear(good)))).isEmpty();
    }
    for (var bad : List.of(Duration.ofSeconds(60).minusNanos(1), Duration.ofDays(36_501))) {
      assertThat(codes(signal("a", Decay.linear(bad))))
          .as("%s", bad)
          .containsExactly(LIFETIME_OUT_OF_RANGE);
    }
  }

  @Test
  void whatFadesNeedsAWindow() {
    assertThat(codes(new SchemaBuilder().signal("a", ITEM, WEEK).add()))
        .containsExactly(WINDOWS_EMPTY);
    assertThat(codes(new SchemaBuilder().signal("a", ITEM, Decay.permanent()).add())).isEmpty();
  }

  @Test
  void velocityNeedsAWindowWithAnEnd() {
    var definition = new SchemaBuilder().signal("a", ITEM, WEEK).windows(Window.ALL_TIME);
    assertThat(codes(definition.velocity(true).add())).containsExactly(VELOCITY_WITHOUT_WINDOW);
  }

  @Test
  void linearDecayHasNoNegativeWeights() {
    var linear = Decay.linear(Duration.ofDays(1));
    var definition = new SchemaBuilder().signal("a", ITEM, linear).windows(Window.ONE_HOUR);
    assertThat(codes(definition.signedWeights(true).add())).containsExactly(SIGNED_LINEAR);
  }

  @Test
  void aDefinitionIsEnded() {
    var builder = new SchemaBuilder();
    builder.signal("a", ITEM, Decay.permanent());
    assertThat(codes(builder)).containsExactly(DEFINITION_OPEN);
  }

  @Test
  void signalsAndFieldsAreBounded() {
    var signals = new SchemaBuilder();
    var fields = new SchemaBuilder();
    var texts = new SchemaBuilder();
    for (int i = 0; i < 256; i++) {
      signals.signal("s" + i, ITEM, Decay.permanent()).add();
      fields.field(CREATOR, "f" + i, FieldType.NUMBER);
      if (i < 64) {
        texts.textField("t" + i, TextType.KEYWORD);
      }
    }
    assertThat(codes(signals)).isEmpty();
    assertThat(codes(fields)).isEmpty();
    assertThat(codes(texts)).isEmpty();
    assertThat(codes(signals.signal("more", ITEM, Decay.permanent()).add()))
        .containsExactly(TOO_MANY_SIGNALS);
    assertThat(codes(fields.field(CREATOR, "more", FieldType.NUMBER)))
        .containsExactly(TOO_MANY_FIELDS);
    assertThat(codes(texts.textField("more", TextType.TEXT))).containsExactly(TOO_MANY_FIELDS);

    var retired = new SchemaBuilder();
    for (int i = 0; i < 4_096; i++) {
      retired.retire("r" + i);
    }
    assertThat(codes(retired)).isEmpty();
    assertThat(codes(retired.retire("more"))).containsExactly(TOO_MANY_SIGNALS);
  }

  @Test
  void aMeaningBelongsToOneSignal() {
    var given = new SchemaBuilder().signal("play", ITEM, Decay.permanent()).means(Meaning.VIEW);
    assertThat(codes(given.add().signal("view", ITEM, Decay.permanent()).add()))
        .containsExactly(MEANING_DUPLICATE);
  }

  @Test
  void aBuiltInFieldKeepsItsType() {
    assertThat(codes(new SchemaBuilder().field(ITEM, "category", FieldType.KEYWORD))).isEmpty();
    assertThat(codes(new SchemaBuilder().textField("category", TextType.KEYWORD))).isEmpty();
    assertThat(codes(new SchemaBuilder().textField("title", TextType.TEXT))).isEmpty();
    assertThat(codes(new SchemaBuilder().field(ITEM, "category", FieldType.NUMBER)))
        .containsExactly(FIELD_REDECLARED);
    assertThat(codes(new SchemaBuilder().textField("title", TextType.KEYWORD)))
        .containsExactly(FIELD_REDECLARED);
    assertThat(codes(new SchemaBuilder().field(CREATOR, "followers", FieldType.INTEGER)))
        .containsExactly(FIELD_REDECLARED);
    assertThat(codes(new SchemaBuilder().field(ITEM, "a", FieldType.PLAIN)))
        .containsExactly(FIELD_REDECLARED);
  }

  @Test
  void everyViolationIsReportedInOrderOfDeclaration() {
    var builder =
        new SchemaBuilder()
            .field(ITEM, "Genre", FieldType.KEYWORD)
            .signal("view", null, Decay.exponential(Duration.ZERO))
            .velocity(true)
            .add()
            .textField("tags", TextType.TEXT);
    assertThat(codes(builder))
        .containsExactly(
            NAME_INVALID,
            KIND_MISSING,
            HALF_LIFE_OUT_OF_RANGE,
            WINDOWS_EMPTY,
            VELOCITY_WITHOUT_WINDOW,
            FIELD_REDECLARED);
    var thrown = catchThrowableOfType(SchemaException.class, builder::build);
    assertThat(thrown)
        .hasMessageContaining("HALF_LIFE_OUT_OF_RANGE at signal.view.halfLife: given=PT0S")
        .hasMessageContaining("allowed=PT1S…PT876000H");
  }

  @Test
  void aSchemaKnowsItsTypesByNameAndMeaning() {
    var schema =
        new SchemaBuilder()
            .signal("play", ITEM, WEEK)
            .windows(Window.ALL_TIME, Window.ONE_HOUR, Window.ONE_HOUR)
            .means(Meaning.VIEW)
            .add()
            .signal("like", CREATOR, Decay.permanent())
            .add()
            .build();
    var play = schema.signal("play").orElseThrow();
    assertThat(play.windows()).containsExactly(Window.ONE_HOUR, Window.ALL_TIME);
    assertThat(play.id()).isEqualTo(SignalTypeId.of(1));
    assertThat(schema.signal("like").orElseThrow().id()).isEqualTo(SignalTypeId.of(0));
    assertThat(schema.signal(Meaning.VIEW)).contains(play);
    assertThat(schema.signal(Meaning.LIKE)).isEqualTo(schema.signal("like"));
    assertThat(schema.signal(Meaning.SAVE)).isEmpty();
    assertThat(schema.signal("view")).isEmpty();
  }

  @Test
  void builtInFieldsNeedNoDeclaration() {
    var schema = Schema.empty();
    assertThat(schema.field(ITEM, "duration").orElseThrow().type()).isEqualTo(FieldType.DURATION);
    assertThat(schema.field(USER, "interests").orElseThrow().type()).isEqualTo(FieldType.TAGS);
    assertThat(schema.field(CREATOR, "verified").orElseThrow().type()).isEqualTo(FieldType.BOOLEAN);
    assertThat(schema.field(ITEM, "title").orElseThrow().type()).isEqualTo(FieldType.PLAIN);
    assertThat(Schemas.withCollections().field(ITEM, "title").orElseThrow().type())
        .isEqualTo(FieldType.TEXT);
  }

  @Test
  void buildMayBeCalledAgain() {
    var builder = signal("a", WEEK);
    var first = builder.build();
    assertThat(builder.build()).isEqualTo(first);
    assertThat(builder.signal("b", ITEM, Decay.permanent()).add().build()).isNotEqualTo(first);
    assertThat(first.signal("b")).isEmpty();
  }
}
