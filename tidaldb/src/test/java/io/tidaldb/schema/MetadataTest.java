package io.tidaldb.schema;

import static io.tidaldb.schema.EntityKind.CREATOR;
import static io.tidaldb.schema.EntityKind.ITEM;
import static io.tidaldb.schema.EntityKind.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetadataTest {

  private static final EntityId ID = EntityId.of(-1);

  private static Metadata parse(Map<String, ?> given) {
    return Metadata.parse(Schemas.video(), ITEM, ID, given);
  }

  private static void refused(String field, Object value) {
    var thrown =
        catchThrowableOfType(
            InvalidRequestException.class, () -> parse(Collections.singletonMap(field, value)));
    assertThat(thrown).as("%s=%s", field, value).isNotNull();
    assertThat(thrown.code()).isEqualTo("VALUE_INVALID");
    assertThat(thrown)
        .hasMessageContaining("kind=ITEM entity=18446744073709551615 field=" + field + " value=");
  }

  private static void tooLong(String limit, Map<String, ?> given) {
    assertThatExceptionOfType(LimitExceededException.class)
        .isThrownBy(() -> parse(given))
        .satisfies(e -> assertThat(e.limitName()).isEqualTo(limit));
  }

  @Test
  void javaValuesAndStringsGiveTheSameValues() {
    var instant = Instant.parse("2026-03-01T12:00:00.000000007Z");
    Map<String, Object> values =
        Map.of(
            "title",
            "High water",
            "category",
            "Sea",
            "tags",
            List.of("live", "4k", "live"),
            "episode",
            7,
            "price",
            9.5f,
            "duration",
            Duration.ofMillis(90_500),
            "created_at",
            instant,
            "subtitled",
            true,
            "creator_id",
            EntityId.of(-2),
            "note",
            "kept as it is ");
    Map<String, String> strings =
        Map.of(
            "title", "High water",
            "category", "Sea",
            "tags", " live,4k,, live",
            "episode", "+7",
            "price", "9.50",
            "duration", "90.5",
            "created_at", Long.toString(Timestamp.of(instant).nanos()),
            "subtitled", "true",
            "creator_id", "18446744073709551614",
            "note", "kept as it is ");
    var metadata = parse(values);
    assertThat(parse(strings)).isEqualTo(metadata).hasSameHashCodeAs(metadata);
    assertThat(parse(metadata.asStrings())).isEqualTo(metadata);
    assertThat(metadata.asStrings())
        .containsEntry("duration", "PT1M30.5S")
        .containsEntry("tags", "live,4k")
        .containsEntry("created_at", "2026-03-01T12:00:00.000000007Z")
        .containsEntry("note", "kept as it is ");
  }

  @Test
  void accessorsAreTyped() {
    var metadata =
        parse(
            Map.of(
                "category",
                "sea",
                "tags",
                "a,b",
                "episode",
                "7",
                "price",
                "-0.0",
                "duration",
                "PT2M",
                "created_at",
                "5",
                "subtitled",
                "false",
                "creator_id",
                3L));
    assertThat(metadata.text("category")).contains("sea");
    assertThat(metadata.keywords("category")).containsExactly("sea");
    assertThat(metadata.keywords("tags")).containsExactly("a", "b");
    assertThat(metadata.whole("episode")).hasValue(7);
    assertThat(metadata.number("episode")).hasValue(7);
    assertThat(Double.doubleToRawLongBits(metadata.number("price").orElseThrow())).isZero();
    assertThat(metadata.number("duration")).hasValue(120);
    assertThat(metadata.duration("duration")).contains(Duration.ofMinutes(2));
    assertThat(metadata.time("created_at")).contains(Timestamp.ofNanos(5));
    assertThat(metadata.flag("subtitled")).contains(false);
    assertThat(metadata.id("creator_id")).contains(EntityId.of(3));
    assertThat(metadata.text("absent")).isEmpty();
    assertThat(metadata.keywords("absent")).isEmpty();
    assertThat(metadata.number("category")).isEmpty();
  }

  @Test
  void whatDoesNotFitIsRefusedWithEverythingNamed() {
    refused("category", 5);
    refused("category", null);
    refused("category", Metadata.REMOVE);
    refused("category", "\uD800");
    refused("note", 5);
    refused("tags", Arrays.asList("a", null));
    refused("tags", Map.of());
    for (var value : List.of("", "1.5", "abc", "9223372036854775808", 1.0)) {
      refused("episode", value);
    }
    for (var value : List.of("", "NaN", "Infinity", "0x1p3", "1d", "1e999", " 1", true)) {
      refused("price", value);
    }
    refused("price", Double.NaN);
    refused("price", Float.POSITIVE_INFINITY);
    for (var value : List.of("", "5m", "1e9", "0.0000000001", 5)) {
      refused("duration", value);
    }
    for (var value :
        List.of("", "-1", "1969-12-31T23:59:59Z", "2026-01-01", "2300-01-01T00:00:00Z")) {
      refused("created_at", value);
    }
    refused("duration", Duration.ofDays(106_752));
    refused("created_at", Instant.MIN);
    refused("subtitled", "TRUE");
    refused("subtitled", 1);
    refused("creator_id", "-1");
    refused("creator_id", 1);
    assertThat(
            catchThrowableOfType(InvalidRequestException.class, () -> parse(Map.of("price", "x"))))
        .hasMessageContaining("type=NUMBER")
        .hasMessageContaining("value=x");
  }

  @Test
  void sizesAreBounded() {
    parse(Map.of("category", "ä".repeat(128)));
    tooLong("keywordBytes", Map.of("category", "ä".repeat(128) + "a"));
    tooLong("keywordBytes", Map.of("tags", "a".repeat(257)));
    parse(Map.of("note", "a".repeat(4_096)));
    tooLong("plainBytes", Map.of("note", "a".repeat(4_097)));
    parse(Map.of("title", "😀".repeat(65_536)));
    tooLong("textBytes", Map.of("title", "😀".repeat(65_536) + "a"));
    parse(Map.of("k".repeat(64), ""));
    tooLong("metadataKeyBytes", Map.of("k".repeat(65), ""));
    tooLong("tags", Map.of("tags", numbered(65, "").keySet()));
    parse(numbered(128, ""));
    tooLong("metadataKeys", numbered(129, ""));
    tooLong("metadataBytes", numbered(128, "a".repeat(4_096)));
  }

  @Test
  void keysAreNamesAndComputedFieldsAreNotWritten() {
    var empty = catchThrowableOfType(InvalidRequestException.class, () -> parse(Map.of("", "")));
    assertThat(empty.code()).isEqualTo("KEY_INVALID");
    var computed =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> Metadata.parse(Schema.empty(), CREATOR, ID, Map.of("followers", "1")));
    assertThat(computed.code()).isEqualTo("FIELD_COMPUTED");
    assertThat(Metadata.parse(Schema.empty(), USER, ID, Map.of("followers", "1")).text("followers"))
        .contains("1");
  }

  @Test
  void anUpdateSetsRemovesAndKeeps() {
    var before = parse(Map.of("category", "sea", "price", "1", "note", "x"));
    Map<String, Object> given = new HashMap<>(Map.of("price", 2.0, "note", Metadata.REMOVE));
    given.put("absent", Metadata.REMOVE);
    var changes = MetadataChanges.parse(Schemas.video(), ITEM, ID, given);
    assertThat(Metadata.merge(ITEM, ID, before, changes))
        .isEqualTo(parse(Map.of("category", "sea", "price", "2")));
    var more = MetadataChanges.parse(Schemas.video(), ITEM, ID, Map.of("one", "more"));
    assertThatExceptionOfType(LimitExceededException.class)
        .isThrownBy(() -> Metadata.merge(ITEM, ID, parse(numbered(128, "")), more));
  }

  private static Map<String, String> numbered(int count, String value) {
    return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "k" + i, i -> value));
  }
}
