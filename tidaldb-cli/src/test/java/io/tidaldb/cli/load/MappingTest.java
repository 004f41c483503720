package io.tidaldb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CoEngagementRule;
import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SchemaException;
import io.tidaldb.schema.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {

  private static final Path MAPPINGS =
      Path.of(System.getProperty("tidal.root"), "examples", "mappings");

  @Test
  void aSchemaIsReadWhole() {
    var schema =
        Mapping.parse(
                """
                {"schema": {
                  "fields": {"item": {"year": "integer"}, "creator": {"town": "keyword"}},
                  "signals": {
                    "play": {"decay": {"half_life": "36h"}, "windows": ["24h", "all"],
                             "velocity": true, "means": "view"},
                    "gift": {"on": "creator", "decay": {"lifetime": "30d"}, "windows": ["7d"]},
                    "block": {"decay": "permanent", "signed_weights": true}}},
                 "sources": []}
                """)
            .schema()
            .orElseThrow();
    var play = schema.signal("play").orElseThrow();
    assertThat(play.decay()).isEqualTo(Decay.exponential(Duration.ofHours(36)));
    assertThat(play.windows()).containsExactly(Window.TWENTY_FOUR_HOURS, Window.ALL_TIME);
    assertThat(play.velocity()).isTrue();
    assertThat(play.meaning()).contains(Meaning.VIEW);
    var gift = schema.signal("gift").orElseThrow();
    assertThat(gift.target()).isEqualTo(EntityKind.CREATOR);
    assertThat(gift.decay()).isEqualTo(Decay.linear(Duration.ofDays(30)));
    var block = schema.signal("block").orElseThrow();
    assertThat(block.decay()).isEqualTo(Decay.permanent());
    assertThat(block.signedWeights()).isTrue();
    assertThat(schema.field(EntityKind.ITEM, "year").orElseThrow().type())
        .isEqualTo(FieldType.INTEGER);
    assertThat(schema.field(EntityKind.CREATOR, "town").orElseThrow().type())
        .isEqualTo(FieldType.KEYWORD);
  }

  @Test
  void withoutSchemaTheStoredOneIsUsed() {
    assertThat(Mapping.parse("{\"sources\": []}").schema()).isEmpty();
  }

  @Test
  void aSourceSaysItsFormatOrItsNameDoes() {
    var sources =
        Mapping.parse(
                """
                {"sources": [
                  {"file": "a.CSV.gz", "items": {"id": "id"}},
                  {"file": "b.txt", "format": "tsv", "producer": "b/1", "items": {"id": "id"}}]}
                """)
            .sources();
    assertThat(sources).extracting(Source::format).containsExactly(RowFormat.CSV, RowFormat.TSV);
    assertThat(sources).extracting(Source::producer).containsExactly("a.CSV.gz#items", "b/1");
  }

  @Test
  void theTimeOfAnItemIsWhenItWasCreated() {
    var source =
        Mapping.parse(
                """
                {"sources": [{"file": "a.jsonl", "items":
                  {"id": "id", "fields": {"created_at": {"from": "ts", "format": "epoch_millis"}}}}]}
                """)
            .sources()
            .getFirst();
    assertThat(source.target().time().flatMap(Column::from)).isEqualTo(Optional.of("ts"));
    assertThat(source.target().columns()).containsExactly("id", "ts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{\"sourcez\": []}                                    # unknown key: at=the top"
            + " key=sourcez",
        "{}                                                   # missing: at=the top key=sources",
        "{\"sources\": [],}                                   # not JSON: line=1",
        "{\"sources\": [], \"sources\": []}                   # not JSON",
        "{\"sources\": [{\"file\": \"a.csv\"}]}               # at=sources[0]",
        "{\"sources\": [{\"file\": \"a\", \"items\": {\"id\": \"i\"}}]}  # \"format\"",
        "{\"sources\": [{\"file\": \"a.csv\", \"items\": {}}]}"
            + "                                               # at=sources[0].items key=id",
        "{\"sources\": [{\"file\": \"a.csv\", \"items\": {\"id\": 7}}]}"
            + "                                               # at=sources[0].items.id given=7",
        "{\"sources\": [{\"file\": \"a.csv\", \"items\": {\"id\": {\"from\": \"x\", \"spilt\":"
            + " 1}}}]}                                               # key=spilt",
        "{\"sources\": [{\"file\": \"a.csv\", \"items\": {\"id\": \"x\", \"when\": {\"a\": {\"=>\":"
            + " 1}}}}]}                                               #"
            + " at=sources[0].items.when.a.=>",
        "{\"sources\": [{\"file\": \"a.csv\", \"items\": {\"id\": {\"from\": \"x\", \"match\":"
            + " \"(a)(b)\"}}}]}                                               # one group",
        "{\"sources\": [{\"file\": \"a.csv\", \"signals\": {\"entity\": \"x\", \"at\": \"t\"}}]}"
            + "                                               # either \"signal\" or \"rules\"",
        "{\"schema\": {\"signals\": {\"a\": {\"decay\": \"never\"}}}, \"sources\": []}"
            + "                                               # at=schema.signals.a.decay",
        "{\"schema\": {\"signals\": {\"a\": {\"decay\": {\"half_life\": \"7 days\"}}}},"
            + " \"sources\": []}                                               # a span like",
        "{\"schema\": {\"co_engagement\": {\"window\": \"9\"}}, \"sources\": []}"
            + "                                               # a whole number",
        "{\"schema\": {\"fields\": {\"item\": {\"a\": \"int\"}}}, \"sources\": []}"
            + "                                               # at=schema.fields.item.a",
        "{\"sources\": [{\"file\": \"a.csv\", \"items\": {\"id\": \"x\"}}, {\"file\": \"a.csv\","
            + " \"items\": {\"id\": \"y\"}}]} # two sources have one producer",
      })
  void whatCannotBeRightIsSaidWithItsPlace(String text, String complaint) {
    assertThatThrownBy(() -> Mapping.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void theRulesOfSchemasHold() {
    assertThatThrownBy(
            () ->
                Mapping.parse(
                    "{\"schema\": {\"signals\": {\"a\": {\"decay\": {\"half_life\": \"7d\"}}}},"
                        + " \"sources\": []}"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("WINDOWS_EMPTY");
  }

  @Test
  void aMissingMappingIsSaid() {
    assertThatThrownBy(() -> Mapping.read(Path.of("no-such-mapping.json")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no-such-mapping.json");
  }

  @Test
  void theShippedMappingsAreRight() {
    var cardano = Mapping.read(MAPPINGS.resolve("se-cardano.json"));
    assertThat(cardano.schema().orElseThrow().signals()).hasSize(7);
    var films = Mapping.read(MAPPINGS.resolve("ml-latest-small.json"));
    assertThat(films.fileNames()).containsExactly("movies.csv.gz", "ratings.csv.gz", "tags.csv.gz");
    assertThat(films.sources().getLast().target().label()).isEqualTo("collections");
    assertThat(films.schema().orElseThrow().coEngagement())
        .isEqualTo(CoEngagementRule.STANDARD.halfLife(Duration.ofDays(2_000)));
  }
}
