package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.Feature;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import io.tidaldb.testing.Schemas;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Profiles as text and back, and the texts that are none.
class ProfileJsonProperties {

  @Test
  void aProfileComesBackFromItsJson() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(1_000)
        .check(
            seed -> {
              var profile = RandomProfiles.draw(new SplittableRandom(seed));
              var json = ProfileJson.toJson(profile);
              assertThat(ProfileJson.fromJson(json)).isEqualTo(profile);
              assertThat(ProfileJson.toJson(ProfileJson.fromJson(json))).isEqualTo(json);
              ProfileRules.check(profile, Schemas.video());
            });
  }

  @Test
  void builtInProfilesEqualTheirJson() {
    for (var profile : BuiltInProfiles.all()) {
      assertThat(ProfileJson.fromJson(ProfileJson.toJson(profile)).withVersion(1))
          .isEqualTo(profile);
    }
    assertThat(BuiltInProfiles.all()).hasSize(32);
  }

  @Test
  void theCanonicalFormIsFixed() {
    var profile =
        Profile.named("home")
            .description("Home feed")
            .window(Window.TWENTY_FOUR_HOURS)
            .term(new Feature.Velocity("view", Window.TWENTY_FOUR_HOURS), 0.7)
            .term(new Feature.Recency(Duration.ofDays(2)), -1)
            .atLeast(new Feature.CompletionRate(), 0.02)
            .build();
    assertThat(ProfileJson.toJson(profile))
        .isEqualTo(
            "{\"name\":\"home\",\"kind\":\"items\",\"description\":\"Home"
                + " feed\",\"window\":\"24h\",\"score\":[{\"feature\":\"velocity(signal:view,"
                + " window:24h)\",\"weight\":0.7},"
                + "{\"feature\":\"recency(half_life:172800s)\",\"weight\":-1.0}],"
                + "\"gates\":[{\"feature\":\"completion_rate\",\"min\":0.02}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|not a JSON object",
        "{|not JSON",
        "{} {}|not JSON",
        "{\"name\":\"a\",\"name\":\"b\",\"sort\":\"hot\"}|not JSON",
        "{\"sort\":\"hot\"}|no 'name'",
        "{\"name\":\"a\",\"scores\":[]}|did you mean score?",
        "{\"name\":\"a\",\"sort\":\"hot\",\"filter\":\"unseen AND\"}|no filter under 'filter'",
        "{\"name\":\"a\",\"sort\":\"hot\",\"filter\":\"MATCHES 'a'\"}|clause=MATCHES",
        "{\"name\":\"a\",\"sort\":\"hot\",\"boosts\":[{\"when\":\"seen\",\"factor\":2}]}|boosts,"
            + " which change a score",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\",\"weight\":1}],\"boosts\":[{\"when\":\"seen\",\"factor\":10.5}]}|given=10.5"
            + " allowed=0…10",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\",\"weight\":1}],\"boosts\":[{\"when\":\"seen\"}]}|without"
            + " 'factor'",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\",\"weight\":1}],\"boosts\":[{\"factor\":1}]}|without"
            + " 'when'",
        "{\"name\":\"a\",\"sort\":\"hot\",\"caps\":{\"total\":0}}|total=0 allowed=1…1000",
        "{\"name\":\"a\",\"sort\":\"hot\",\"caps\":{\"totals\":1}}|given=totals",
        "{\"name\":\"a\",\"sort\":\"hot\",\"caps\":{\"total\":1.5}}|whole number",
        "{\"name\":\"a\",\"sort\":\"hot\",\"explore\":0.6}|explore out of range: given=0.6",
        "{\"name\":\"a\",\"sort\":\"hot\",\"explore\":\"a\"}|needs a number under 'explore'",
        "{\"name\":\"a\",\"sort\":\"hot\",\"diversity\":{\"min_gap\":0}}|min_gap=0",
        "{\"name\":\"a\",\"sort\":\"hot\",\"diversity\":{\"gap\":1}}|given=gap",
        "{\"name\":\"a\",\"sort\":\"hot\",\"diversity\":3}|needs an object under 'diversity'",
        "{\"name\":\"a\",\"sort\":\"hott\"}|did you mean hot?",
        "{\"name\":\"a\",\"sort\":1}|needs a string under 'sort'",
        "{\"name\":\"a\",\"sort\":\"hot\",\"window\":\"2h\"}|unknown window",
        "{\"name\":\"a\",\"sort\":\"hot\",\"kind\":\"creators\"}|kind=creators",
        "{\"name\":\"a\",\"score\":{}}|needs a list under 'score'",
        "{\"name\":\"a\",\"score\":[1]}|needs objects",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\"}]}|without 'weight'",
        "{\"name\":\"a\",\"score\":[{\"weight\":1}]}|without 'feature'",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\",\"weight\":\"1\"}]}|needs a number"
            + " under 'weight'",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\",\"weight\":1,\"boost\":1}]}|unknown"
            + " key: key=boost",
        "{\"name\":\"a\",\"score\":[{\"feature\":\"quality\",\"weight\":10.01}]}|given=10.01",
        "{\"name\":\"a\"}|either a score or a sort",
        "{\"name\":\"A\",\"sort\":\"hot\"}|no valid name",
        "{\"name\":\"a\",\"sort\":\"hot\",\"gates\":[{\"feature\":\"quality\"}]}|without min and"
            + " max",
        "{\"name\":\"a\",\"sort\":\"hot\",\"gates\":[{\"feature\":\"quality\",\"min\":1,\"max\":0}]}|nothing"
            + " passes",
      })
  void whatIsNoProfileIsRefusedWithAReason(String json, String reason) {
    assertThatThrownBy(() -> ProfileJson.fromJson(json))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "velocity",
        "velocity(signal:view)",
        "velocity(signal:view, window:2h)",
        "velocity(signal:view, window:all)",
        "velocity(signal:view, window:1h, x:1)",
        "velocity(signal:view, signal:view, window:1h)",
        "quality(",
        "quality()x",
        "quality(a)",
        "recency(half_life:48)",
        "recency(half_life:0s)",
        "recency(half_life:1500ms)",
        "recency(half_life:36501d)",
        "recency(half_life:999999999999999999d)",
        "field(name:price)",
        "field(name:price, pivot:0)",
        "field(name:price, pivot:NaN)",
        "field(name:9, pivot:1)",
        "trending(window:all)",
        "decayed(signal:View)",
        "qualty"
      })
  void whatIsNoFeatureIsRefused(String text) {
    assertThatThrownBy(
            () ->
                ProfileJson.fromJson(
                    "{\"name\":\"a\",\"score\":[{\"feature\":\"" + text + "\",\"weight\":1}]}"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void featuresAreReadWithSpacesAndMixedUnits() {
    assertThat(FeatureText.parse(" recency( half_life : 1d12h ) ", Window.ONE_HOUR))
        .isEqualTo(new Feature.Recency(Duration.ofHours(36)));
    assertThat(FeatureText.parse("trending", Window.ONE_HOUR))
        .isEqualTo(new Feature.Trending(Window.ONE_HOUR));
    assertThat(FeatureText.parse("quality()", Window.ONE_HOUR)).isEqualTo(new Feature.Quality());
    assertThat(FeatureText.parse("field(name:price, pivot:9.5)", Window.ONE_HOUR))
        .isEqualTo(new Feature.FieldValue("price", 9.5));
  }

  @Test
  void termsGatesAndSizeHaveLimits() {
    assertThat(ProfileRules.check(terms(32, 16), Schemas.video())).isEmpty();
    assertThatThrownBy(() -> ProfileRules.check(terms(33, 0), Schemas.video()))
        .hasMessageContaining("given=33 limit=32");
    assertThatThrownBy(() -> ProfileRules.check(terms(1, 17), Schemas.video()))
        .hasMessageContaining("given=17 limit=16");
    var wordy =
        Profile.named("a").description("x".repeat(64 * 1024)).term(new Feature.Random(), 1).build();
    assertThatThrownBy(() -> ProfileRules.check(wordy, Schemas.video()))
        .hasMessageContaining("limit=65536");
    assertThatThrownBy(() -> ProfileJson.fromJson(ProfileJson.toJson(wordy)))
        .hasMessageContaining("limit=65536");
    var named = Profile.named("a".repeat(64)).term(new Feature.Random(), 1).build();
    assertThat(ProfileRules.check(named, Schemas.video())).isEmpty();
    var longer = Profile.named("a".repeat(65)).term(new Feature.Random(), Double.NaN).build();
    assertThatThrownBy(() -> ProfileRules.check(longer, Schemas.video()))
        .hasMessageContaining("no valid name");
    var nan = Profile.named("a").term(new Feature.Random(), Double.NaN).build();
    assertThatThrownBy(() -> ProfileRules.check(nan, Schemas.video()))
        .hasMessageContaining("given=NaN");
  }

  private static Profile terms(int terms, int gates) {
    var builder = Profile.named("many");
    for (int i = 0; i < terms; i++) {
      builder.term(new Feature.Random(), -10);
    }
    for (int i = 0; i < gates; i++) {
      builder.atLeast(new Feature.Random(), 0);
    }
    return builder.build();
  }

  @Test
  void whatTheSchemaLacksIsWarnedOf() {
    var profile =
        Profile.named("hopeful")
            .term(new Feature.Decayed("nothing"), 1)
            .term(new Feature.Velocity("dislike", Window.ONE_HOUR), 1)
            .term(new Feature.FieldValue("title", 1), 1)
            .term(new Feature.Count("hide", Window.ONE_HOUR), 1)
            .build();
    assertThat(ProfileRules.check(profile, Schemas.video()))
        .extracting(w -> w.code())
        .containsExactly(
            "SIGNAL_UNKNOWN", "VELOCITY_UNDECLARED", "FIELD_UNKNOWN", "WINDOW_UNDECLARED");
    var narrow =
        Profile.named("narrow").term(new Feature.Count("view", Window.ONE_HOUR), 1).build();
    assertThat(ProfileRules.check(narrow, Schemas.testSchema()))
        .extracting(w -> w.facts())
        .containsExactly("signal=view asked=1h used=all");
  }
}
