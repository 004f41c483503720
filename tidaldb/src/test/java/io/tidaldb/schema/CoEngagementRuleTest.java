package io.tidaldb.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.SchemaViolation.Code;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CoEngagementRuleTest {

  private static Schema with(UnaryOperator<CoEngagementRule> change) {
    return SchemaBuilder.from(Schemas.withEntities()).coEngagement(change).build();
  }

  private static void assertRefused(UnaryOperator<CoEngagementRule> change, Code code) {
    assertThatThrownBy(() -> with(change))
        .isInstanceOfSatisfying(
            SchemaException.class,
            e ->
                assertThat(e.violations()).extracting(SchemaViolation::code).containsExactly(code));
  }

  @Test
  void itIsAMillionEdgesWindowsOfFiftyAndThirtyDays() {
    assertThat(Schemas.withEntities().coEngagement())
        .isEqualTo(new CoEngagementRule(1_000_000, 50, Duration.ofDays(30)));
    assertThat(with(rule -> rule)).isEqualTo(Schemas.withEntities());
    assertThat(with(rule -> rule).canonical()).doesNotContain("coengagement");
  }

  @Test
  void itsTextIsReadBackAndMakesSchemasDiffer() {
    var schema = with(c -> c.capacity(200).window(30).halfLife(Duration.ofHours(36)));
    assertThat(schema.canonical())
        .contains("\ncoengagement capacity=200 window=30 halfLife=PT36H\n");
    assertThat(Schema.parse(schema.canonical())).isEqualTo(schema);
    assertThat(SchemaBuilder.from(schema).build()).isEqualTo(schema);
    assertThat(schema).isNotEqualTo(Schemas.withEntities());
    assertThat(SchemaBuilder.from(schema).coEngagement(c -> c.window(20)).build().coEngagement())
        .isEqualTo(new CoEngagementRule(200, 20, Duration.ofHours(36)));
    assertThat(schema.withRetired(Set.of("x")).coEngagement()).isEqualTo(schema.coEngagement());
  }

  @Test
  void everyNumberHasItsRange() {
    with(c -> c.capacity(1).window(2).halfLife(Duration.ofHours(1)));
    with(c -> c.capacity(16_777_216).window(200).halfLife(Duration.ofDays(3_650)));
    assertRefused(c -> c.capacity(0), Code.CAPACITY_OUT_OF_RANGE);
    assertRefused(c -> c.capacity(16_777_217), Code.CAPACITY_OUT_OF_RANGE);
    assertRefused(c -> c.window(1), Code.WINDOW_OUT_OF_RANGE);
    assertRefused(c -> c.window(201), Code.WINDOW_OUT_OF_RANGE);
    assertRefused(c -> c.halfLife(Duration.ofHours(1).minusNanos(1)), Code.HALF_LIFE_OUT_OF_RANGE);
    assertRefused(
        c -> c.halfLife(Duration.ofDays(3_650).plusNanos(1)), Code.HALF_LIFE_OUT_OF_RANGE);
  }

  @Test
  void aChangeIsLogged() {
    var stored = Schemas.withEntities();
    var ids = new TreeMap<String, Integer>();
    stored.signals().forEach(type -> ids.put(type.name(), type.id().value()));
    var evolution = SchemaEvolution.compare(stored, ids, with(c -> c.capacity(7)));
    assertThat(evolution)
        .isInstanceOfSatisfying(
            SchemaEvolution.Accepted.class,
            accepted -> assertThat(accepted.schema().coEngagement().capacity()).isEqualTo(7));
  }
}
