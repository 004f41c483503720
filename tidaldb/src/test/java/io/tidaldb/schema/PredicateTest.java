package io.tidaldb.schema;

import static io.tidaldb.schema.Predicate.and;
import static io.tidaldb.schema.Predicate.between;
import static io.tidaldb.schema.Predicate.did;
import static io.tidaldb.schema.Predicate.eq;
import static io.tidaldb.schema.Predicate.exists;
import static io.tidaldb.schema.Predicate.hasAll;
import static io.tidaldb.schema.Predicate.in;
import static io.tidaldb.schema.Predicate.interest;
import static io.tidaldb.schema.Predicate.not;
import static io.tidaldb.schema.Predicate.or;
import static io.tidaldb.schema.Predicate.segment;
import static io.tidaldb.schema.Predicate.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredicateTest {

  private static final Timestamp NEW_YEAR = Timestamp.ofNanos(1_767_225_600_000_000_000L);

  @Test
  void textAndJavaGiveEqualRecords() {
    Map.of(
            "language = \"en\"", eq("language", "en"),
            "language != 'EN'", not(eq("language", "en")),
            "country IN (\"de\", \"at\")", in("country", "at", "de"),
            "country NOT IN (\"de\", \"at\")", not(in("country", "at", "de")),
            "interests HAS \"jazz\"", eq("interests", "jazz"),
            "interests has all (\"jazz\", \"folk\")", hasAll("interests", "folk", "jazz"),
            "age BETWEEN 18 AND 29", between("age", 18, 29),
            "joined AFTER \"2026-01-01T00:00:00Z\"", Predicate.after("joined", NEW_YEAR),
            "EXISTS interests", exists("interests"),
            "did(signal:view, window:7d) >= 10", did("view", Window.SEVEN_DAYS).atLeast(10))
        .forEach((text, predicate) -> assertThat(Predicate.parse(text)).isEqualTo(predicate));
    assertThat(Predicate.parse("interest(field:category, value:horror) >= 0.3"))
        .isEqualTo(interest("category", "horror").atLeast(0.3));
    assertThat(Predicate.parse("segment(name:power)")).isEqualTo(segment(Predicate.Activity.POWER));
    assertThat(Predicate.parse("verified = true")).isEqualTo(eq("verified", true));
    assertThat(Predicate.parse("session BETWEEN 5m AND 1h30m"))
        .isEqualTo(between("session", 300, 5_400));
    assertThat(Predicate.parse("joined WITHIN 1w")).isEqualTo(within("joined", Duration.ofDays(7)));
    assertThat(Predicate.parse("age IN (1, 2)")).isEqualTo(or(eq("age", 1), eq("age", 2)));
    assertThat(Predicate.parse("`in` = \"x\" -- a field called in")).isEqualTo(eq("in", "x"));
  }

  @Test
  void notBindsBeforeAndBeforeOrAndACommaIsAnd() {
    var a = eq("language", "a");
    var b = eq("language", "b");
    var c = eq("language", "c");
    assertThat(Predicate.parse("NOT language='a' AND language='b' OR language='c'"))
        .isEqualTo(or(and(not(a), b), c));
    assertThat(Predicate.parse("language='a', language='b'")).isEqualTo(and(a, b));
    assertThat(Predicate.parse("language='a' AND (language='b' OR language='c')"))
        .isEqualTo(a.and(b.or(c)));
    assertThat(a.and(b).and(c)).isEqualTo(and(a, b, c));
  }

  @Test
  void theCanonicalTextIsReadBack() {
    var predicate =
        and(
            or(in("country", "de", "AT"), not(exists("age"))),
            not(and(eq("language", "a\"b\\c\n"), Predicate.atLeast("age", 0.1))),
            new Predicate.TimeRange(
                "joined", java.util.Optional.of(NEW_YEAR), java.util.Optional.of(NEW_YEAR)),
            within("joined", Duration.ofMillis(1_500)));
    var text = predicate.toString();
    assertThat(text).startsWith("(country IN (\"at\", \"de\") OR NOT EXISTS age) AND NOT (");
    assertThat(Predicate.parse(text).toString()).isEqualTo(text);
  }

  @Test
  void aMistakeIsShownWithItsPlaceAndWhatWasExpected() {
    refused("language \"en\"", "line 1, column 10: expected", "a comparison", "found \"en\"");
    refused("language = \"en\"\nAND age >", "line 2, column 10", "a number", "found the end");
    refused("", "line 1, column 1");
    refused("(age > 1", "line 1, column 9", "\")\"");
    refused("age > 1 age", "line 1, column 9", "AND", "OR");
    refused("age BETWEEN 1", "AND");
    refused("language = \"en", "a closing \"");
    refused("did(signal:view) > 1", "did(window:…)");
    refused("did(signal:view, window:3d) > 1", "window:7d");
    refused("segment(name:best)", "name:power");
    refused("top(signal:like) < 1", "did, interest, segment");
    refused("joined AFTER \"soon\"", "a time like");
    refused("joined WITHIN 7", "a duration like 7d");
    refused("Language = 'a'", "a name like");
    refused("language = 'ä\\x'", "\\x");
    refused("ä = 1", "found \"ä\"");
  }

  private static void refused(String text, String... said) {
    assertThatThrownBy(() -> Predicate.parse(text))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            error -> {
              assertThat(error.code()).isEqualTo("PREDICATE_SYNTAX");
              assertThat(error.getMessage()).contains(said);
            });
  }

  @Test
  void everyBoundIsReachedAndNotPassed() {
    assertThatCode(() -> Predicate.parse(leaves(64))).doesNotThrowAnyException();
    limited("predicateLeaves", leaves(65));
    assertThatCode(() -> Predicate.parse("NOT ".repeat(7) + "EXISTS age"))
        .doesNotThrowAnyException();
    limited("predicateDepth", "NOT ".repeat(8) + "EXISTS age");
    limited("predicateDepth", "(".repeat(100_0) + "EXISTS age" + ")".repeat(100_0));
    assertThatCode(() -> Predicate.parse(values(1_000))).doesNotThrowAnyException();
    limited("predicateValues", values(1_001));
    assertThatCode(() -> Predicate.parse(bytes(16 << 10))).doesNotThrowAnyException();
    limited("predicateBytes", bytes((16 << 10) + 1));
    var many = in("language", IntStream.range(0, 1_001).mapToObj(i -> "v" + i).toList());
    assertThatThrownBy(() -> CohortDefinition.of("a", many))
        .isInstanceOf(LimitExceededException.class);
    for (var name : new String[] {"", "A", "9a", "a".repeat(65)}) {
      assertThatThrownBy(() -> CohortDefinition.of(name, exists("age")))
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatCode(() -> CohortDefinition.of("a".repeat(64), exists("age")))
        .doesNotThrowAnyException();
  }

  private static void limited(String name, String text) {
    assertThatThrownBy(() -> Predicate.parse(text))
        .isInstanceOfSatisfying(
            LimitExceededException.class, error -> assertThat(error.limitName()).isEqualTo(name));
  }

  private static String leaves(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "age = " + i)
        .collect(Collectors.joining(" OR "));
  }

  private static String values(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(", ", "language IN (", ")"));
  }

  private static String bytes(int count) {
    return "language = \"" + "x".repeat(count - 13) + "\"";
  }

  @Test
  void whatTheSchemaDoesNotDeclareIsRefused() {
    var schema =
        new SchemaBuilder()
            .signal("view", EntityKind.ITEM, Decay.permanent())
            .windows(Window.SEVEN_DAYS)
            .add()
            .field(EntityKind.USER, "vip", FieldType.BOOLEAN)
            .build();
    PredicateRules.check(
        Predicate.parse(
            "language = 'en' AND age < 3 AND vip = true AND interests HAS ALL ('a')"
                + " AND did(signal:view, window:7d) > 1"
                + " AND interest(field:category, value:x) > 0.5"),
        schema);
    wrong(schema, "shoe_size = 3", "FIELD_UNDECLARED");
    wrong(schema, "interest(field:language, value:x) > 0.5", "FIELD_UNDECLARED");
    wrong(schema, "age = 'x'", "FIELD_TYPE");
    wrong(schema, "language HAS ALL ('x')", "FIELD_TYPE");
    wrong(schema, "language > 3", "FIELD_TYPE");
    wrong(schema, "language WITHIN 7d", "FIELD_TYPE");
    wrong(schema, "age = true", "FIELD_TYPE");
    wrong(schema, "did(signal:view, window:1h) > 1", "WINDOW_NOT_DECLARED");
    assertThatThrownBy(
            () -> PredicateRules.check(Predicate.parse("did(signal:like, window:7d) > 1"), schema))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void interestsAreKeywordsOfItemsFourAtMost() {
    var schema = new SchemaBuilder().interestField("tags").interestField("format").build();
    assertThat(schema.interestFields()).containsExactly("format", "tags");
    assertThat(Schema.parse(schema.canonical())).isEqualTo(schema);
    assertThat(SchemaBuilder.from(schema).build()).isEqualTo(schema);
    assertThat(Schema.empty().interestFields()).containsExactly("category");
    PredicateRules.check(Predicate.parse("interest(field:tags, value:x) > 0.5"), schema);
    wrong(schema, "interest(field:category, value:x) > 0.5", "FIELD_UNDECLARED");
    assertThatThrownBy(() -> new SchemaBuilder().interestField("created_at").build())
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("INTEREST_UNKNOWN");
    var many = new SchemaBuilder();
    for (var field : new String[] {"category", "format", "language", "region", "tags"}) {
      many.interestField(field);
    }
    assertThatThrownBy(many::build)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("TOO_MANY_INTERESTS");
  }

  private static void wrong(Schema schema, String text, String code) {
    assertThatThrownBy(() -> PredicateRules.check(Predicate.parse(text), schema))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, error -> assertThat(error.code()).isEqualTo(code));
  }
}
