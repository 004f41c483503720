package io.tidaldb.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidaldb.schema.SchemaViolation.Code;
import io.tidaldb.schema.SessionPolicy.ReadScope;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SessionPolicyTest {

  private static SchemaBuilder with(Consumer<SessionPolicy.Builder> fields) {
    return SchemaBuilder.from(Schemas.full()).sessionPolicy("chat", fields);
  }

  private static SessionPolicy policy(Consumer<SessionPolicy.Builder> fields) {
    return with(fields).build().sessionPolicy("chat").orElseThrow();
  }

  private static List<SchemaViolation> violations(SchemaBuilder builder) {
    var thrown = catchThrowableOfType(SchemaException.class, builder::build);
    return thrown == null ? List.of() : thrown.violations();
  }

  private static <T> void range(
      BiConsumer<SessionPolicy.Builder, T> field, List<T> inside, List<T> outside) {
    for (var value : inside) {
      assertThat(violations(with(p -> field.accept(p, value)))).as("%s", value).isEmpty();
    }
    for (var value : outside) {
      assertThat(violations(with(p -> field.accept(p, value))))
          .as("%s", value)
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.code()).isEqualTo(Code.POLICY_OUT_OF_RANGE);
                assertThat(found.path()).startsWith("session.chat.");
                assertThat(found.given()).isEqualTo(value.toString());
              });
    }
  }

  @Test
  void whatIsNotSetHasItsDefault() {
    assertThat(policy(p -> {}))
        .isEqualTo(
            new SessionPolicy(
                "chat",
                Optional.empty(),
                java.util.Set.of(),
                Duration.ofHours(24),
                Optional.empty(),
                10_000,
                1_000,
                Optional.empty(),
                ReadScope.USER,
                Duration.ofMinutes(30),
                100,
                Duration.ofDays(90)));
  }

  @Test
  void everyFieldHasItsRange() {
    var second = Duration.ofSeconds(1);
    var year = Duration.ofDays(365);
    var spans = List.of(second, year);
    var wrongSpans = List.of(second.minusNanos(1), year.plusNanos(1));
    range(SessionPolicy.Builder::maxDuration, spans, wrongSpans);
    range(SessionPolicy.Builder::maxIdle, spans, wrongSpans);
    range(SessionPolicy.Builder::halfLife, spans, wrongSpans);
    range(
        SessionPolicy.Builder::archiveFor,
        List.of(Duration.ZERO, Duration.ofDays(3_650)),
        List.of(Duration.ofNanos(-1), Duration.ofDays(3_650).plusNanos(1)));
    range(SessionPolicy.Builder::maxSignals, List.of(0, 1_000_000), List.of(-1, 1_000_001));
    range(SessionPolicy.Builder::maxAnnotations, List.of(0, 100_000), List.of(-1, 100_001));
    range(SessionPolicy.Builder::auditEntries, List.of(0, 10_000), List.of(-1, 10_001));
    range((p, rate) -> p.rate(rate, 1), List.of(0.001, 1e6), List.of(0.00099, 1_000_001.0, 0.0));
    range((p, burst) -> p.rate(1, burst), List.of(1, 1_000_000), List.of(0, 1_000_001));
    assertThat(violations(with(p -> p.rate(Double.NaN, 1)))).hasSize(1);
  }

  @Test
  void denyBeatsAllow() {
    var all = policy(p -> p.deny("like"));
    assertThat(all.allows("view")).isTrue();
    assertThat(all.allows("like")).isFalse();
    var some = policy(p -> p.allow("view", "like").deny("like"));
    assertThat(some.allows("view")).isTrue();
    assertThat(some.allows("like")).isFalse();
    assertThat(some.allows("hide")).isFalse();
    assertThat(policy(p -> p.allow()).allows("view")).isFalse();
  }

  @Test
  void onlyDeclaredSignalsCanBeNamed() {
    assertThat(violations(with(p -> p.allow("view", "play").deny("stop"))))
        .extracting(SchemaViolation::code, SchemaViolation::path, SchemaViolation::given)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                Code.POLICY_SIGNAL_UNKNOWN, "session.chat.allow", "play"),
            org.assertj.core.groups.Tuple.tuple(
                Code.POLICY_SIGNAL_UNKNOWN, "session.chat.deny", "stop"));
    var before =
        new SchemaBuilder()
            .sessionPolicy("chat", p -> p.allow("later"))
            .signal("later", EntityKind.ITEM, Decay.permanent())
            .add();
    assertThat(violations(before)).as("order of declaration").isEmpty();
  }

  @Test
  void namesFollowTheRuleAndAreUnique() {
    assertThat(violations(with(p -> {}).sessionPolicy("chat", p -> {})))
        .extracting(SchemaViolation::code)
        .containsExactly(Code.NAME_DUPLICATE);
    assertThat(violations(new SchemaBuilder().sessionPolicy("Chat", p -> {})))
        .extracting(SchemaViolation::code)
        .containsExactly(Code.NAME_INVALID);
    var many = new SchemaBuilder();
    for (int i = 0; i < 64; i++) {
      many.sessionPolicy("p" + i, p -> {});
    }
    assertThat(many.build().sessionPolicies()).hasSize(65);
    assertThat(violations(many.sessionPolicy("more", p -> {})))
        .extracting(SchemaViolation::code)
        .containsExactly(Code.TOO_MANY_POLICIES);
  }

  @Test
  void theDefaultExistsUnlessDeclared() {
    assertThat(Schema.empty().sessionPolicy("default")).contains(SessionPolicy.DEFAULT);
    assertThat(Schema.empty().sessionPolicies()).containsExactly(SessionPolicy.DEFAULT);
    assertThat(Schema.empty().sessionPolicy("other")).isEmpty();
    var again = new SchemaBuilder().sessionPolicy("default", p -> {}).build();
    assertThat(again).isEqualTo(Schema.empty());
    var tighter = new SchemaBuilder().sessionPolicy("default", p -> p.maxSignals(5)).build();
    assertThat(tighter.sessionPolicies()).hasSize(1);
    assertThat(tighter.sessionPolicy("default").orElseThrow().maxSignals()).isEqualTo(5);
    assertThat(tighter).isNotEqualTo(Schema.empty());
  }

  @Test
  void theTextSaysEverything() {
    var schema =
        with(p ->
                p.allow("view", "like")
                    .deny("hide")
                    .maxDuration(Duration.ofHours(1))
                    .maxIdle(Duration.ofMinutes(5))
                    .maxSignals(7)
                    .maxAnnotations(8)
                    .rate(0.1, 50)
                    .readScope(ReadScope.SESSION)
                    .halfLife(Duration.ofMinutes(9))
                    .auditEntries(10)
                    .archiveFor(Duration.ofDays(1)))
            .sessionPolicy("nothing", p -> p.allow())
            .build();
    assertThat(schema.canonical())
        .contains(
            "session chat allow=like,view deny=hide duration=PT1H idle=PT5M signals=7"
                + " annotations=8 rate=0.1/50 scope=session half_life=PT9M audit=10 archive=PT24H\n"
                + "session nothing allow= deny= duration=PT24H idle= signals=10000"
                + " annotations=1000 rate= scope=user half_life=PT30M audit=100 archive=PT2160H\n");
    assertThat(Schema.parse(schema.canonical())).isEqualTo(schema);
    assertThat(SchemaBuilder.from(schema).build()).isEqualTo(schema);
  }

  @Test
  void anyChangeOfAPolicyIsAccepted() {
    var ids = new TreeMap<String, Integer>();
    Schemas.full().signals().forEach(type -> ids.put(type.name(), type.id().value()));
    var before = with(p -> p.maxSignals(5)).build();
    for (var after : List.of(with(p -> p.maxSignals(4)).build(), Schemas.full())) {
      assertThat(SchemaEvolution.compare(before, ids, after))
          .isInstanceOfSatisfying(
              SchemaEvolution.Accepted.class,
              accepted ->
                  assertThat(accepted.schema().sessionPolicies())
                      .isEqualTo(after.sessionPolicies()));
    }
    assertThat(SchemaEvolution.compare(before, ids, before))
        .isInstanceOf(SchemaEvolution.Unchanged.class);
  }
}
