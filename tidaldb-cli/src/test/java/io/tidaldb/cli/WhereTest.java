package io.tidaldb.cli;

import static io.tidaldb.schema.Filter.field;
import static io.tidaldb.schema.Filter.signal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.TextType;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereTest {

  private static final Timestamp JUNE = Timestamp.of(Instant.parse("2021-06-01T00:00:00Z"));

  private final Schema schema =
      new SchemaBuilder()
          .field(EntityKind.ITEM, "price", FieldType.NUMBER)
          .field(EntityKind.ITEM, "verified", FieldType.BOOLEAN)
          .field(EntityKind.ITEM, "parent", FieldType.ID)
          .field(EntityKind.ITEM, "closed_at", FieldType.TIME)
          .textField("text", TextType.TEXT)
          .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
          .windows(Window.TWENTY_FOUR_HOURS)
          .velocity(true)
          .add()
          .build();

  @Test
  void keywordsAndTagsAreOneOrOneOfMany() {
    assertThat(parse("category=jazz")).isEqualTo(field("category").is("jazz"));
    assertThat(parse("tags = live | new")).isEqualTo(field("tags").in("live", "new"));
    assertThat(parse("category!=jazz")).isEqualTo(field("category").is("jazz").negate());
    assertThat(parse("category=a=b")).isEqualTo(field("category").is("a=b"));
  }

  @Test
  void numbersAndDurationsHaveRanges() {
    assertThat(parse("price<9.5")).isEqualTo(field("price").lessThan(9.5));
    assertThat(parse("price<=9.5")).isEqualTo(field("price").atMost(9.5));
    assertThat(parse("price>1")).isEqualTo(field("price").greaterThan(1));
    assertThat(parse("price>=1")).isEqualTo(field("price").atLeast(1));
    assertThat(parse("price=1")).isEqualTo(field("price").is(1.0));
    assertThat(parse("duration<10m")).isEqualTo(field("duration").lessThan(600));
    assertThat(parse("duration>=90")).isEqualTo(field("duration").atLeast(90));
  }

  @Test
  void timesAreDaysOrMoments() {
    assertThat(parse("created>=2021-06-01")).isEqualTo(field("created").after(JUNE));
    assertThat(parse("created_at<2021-06-01T00:00:00Z")).isEqualTo(field("created").before(JUNE));
    assertThat(parse("closed_at>2021-06-01"))
        .isEqualTo(field("closed_at").after(Timestamp.ofNanos(JUNE.nanos() + 1)));
    assertThat(parse("closed_at<=2021-06-01"))
        .isEqualTo(field("closed_at").before(Timestamp.ofNanos(JUNE.nanos() + 1)));
  }

  @Test
  void idsAndBooleansAreEqualOrNot() {
    assertThat(parse("id=1|2")).isEqualTo(Filter.ids(EntityId.of(1), EntityId.of(2)));
    assertThat(parse("creator=17")).isEqualTo(field("creator").is(EntityId.of(17)));
    assertThat(parse("parent!=4")).isEqualTo(field("parent").is(EntityId.of(4)).negate());
    assertThat(parse("verified=true")).isEqualTo(field("verified").is(true));
    assertThat(parse("creator.verified=true")).isEqualTo(field("creator.verified").is(true));
    assertThat(parse("creator.followers>=5")).isEqualTo(field("creator.followers").atLeast(5));
    assertThat(parse("creator.created<2021-06-01"))
        .isEqualTo(field("creator.created").before(JUNE));
    assertThat(parse("quality>=0.5")).isEqualTo(Filter.quality().atLeast(0.5));
    assertThat(parse("completion_rate<0.5")).isEqualTo(Filter.completionRate().lessThan(0.5));
  }

  @Test
  void signalsAreMeasured() {
    assertThat(parse("view.count(24h)>=100"))
        .isEqualTo(signal("view").count(Window.TWENTY_FOUR_HOURS).atLeast(100));
    assertThat(parse("view.velocity(24h)>0.5"))
        .isEqualTo(signal("view").velocity(Window.TWENTY_FOUR_HOURS).greaterThan(0.5));
    assertThat(parse("view.decayed<3")).isEqualTo(signal("view").decayed().lessThan(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "category              # condition cannot be read",
        "colour=red            # no such field: name=colour",
        "like.count(24h)>1     # no such signal, known=[view]",
        "view.count>1          # take a window",
        "view.decayed(24h)>1   # decayed takes none",
        "view.count(2h)>1      # windows are 1h 24h 7d 30d all",
        "view.count(24h)>many  # not a number",
        "price=cheap           # not a number",
        "duration<short        # not a span",
        "verified=yes          # not true or false",
        "category<b            # only = and !=",
        "created>June          # not a day or moment",
        "text=word             # is no filter",
      })
  void whatCannotBeReadIsSaid(String text, String complaint) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("given=" + text)
        .hasMessageContaining(complaint);
  }

  private Filter parse(String text) {
    return Where.parse(text, schema);
  }
}
