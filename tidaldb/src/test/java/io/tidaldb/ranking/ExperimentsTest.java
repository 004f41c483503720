package io.tidaldb.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Timestamp;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Saved experiments: form, rules, pages.
class ExperimentsTest {

  private static final String JSON =
      """
      {"name":"home","salt":"spring","unit":"session","mode":"INTERLEAVE",\
      "variants":[{"profile":"hot@1","share":0.25},{"profile":"new@1","share":0.75}],\
      "from":"2026-03-01T00:00:00Z","until":"2026-04-01T00:00:00Z"}\
      """;

  private final Experiments experiments = new Experiments();
  private long position;

  private void save(String name, double share) {
    var experiment =
        Experiment.named(name).variant("hot", 1, share).variant("new", 1, 1 - share).build();
    apply(new RankingEvent.ExperimentSaved(0, name, ExperimentJson.toJson(experiment), null));
  }

  private void apply(RankingEvent event) {
    experiments.apply(++position, event);
    experiments.publish(position);
  }

  private static double share(Experiments view, String name) {
    return view.catalog().find(name).variants().getFirst().share();
  }

  @Test
  void theJsonIsReadAndWrittenInOneForm() {
    var experiment =
        Experiment.named("home")
            .salt("spring")
            .unit(Experiment.Unit.SESSION)
            .interleave()
            .variant("hot", 1, 0.25)
            .variant("new", 1, 0.75)
            .from(Timestamp.of(java.time.Instant.parse("2026-03-01T00:00:00Z")))
            .until(Timestamp.of(java.time.Instant.parse("2026-04-01T00:00:00Z")))
            .build();
    assertThat(ExperimentJson.toJson(experiment)).isEqualTo(JSON);
    assertThat(ExperimentJson.fromJson(JSON)).isEqualTo(experiment);
    assertThat(
            ExperimentJson.fromJson(
                """
                {"name": "home", "variants": [{"profile": "hot", "share": 1}]}\
                """))
        .isEqualTo(Experiment.named("home").variant("hot", 1).build());
  }

  @Test
  void whatIsNoExperimentIsRefusedByName() {
    refused("[]", "not a JSON object");
    refused("{", "not JSON");
    refused(JSON.replace("salt", "pepper"), "key=pepper");
    refused(JSON.replace("\"name\":\"home\",", ""), "has no 'name'");
    refused(JSON.replace("home", "Home"), "needs a name");
    refused(JSON.replace("spring", ""), "salt of 1…64 characters: given=0");
    refused(JSON.replace("spring", "x".repeat(65)), "given=65");
    refused(JSON.replace("session", "item"), "unknown unit: given=item allowed=user, session");
    refused(JSON.replace("INTERLEAVE", "MIX"), "unknown mode: given=MIX");
    refused(JSON.replace("hot@1", "hot@0"), "not name@version: given=hot@0");
    refused(JSON.replace("0.25", "0.5"), "shares that sum to 1: given=1.25");
    refused(JSON.replace("0.25", "0").replace("0.75", "1"), "shares above 0");
    refused(JSON.replace("0.25", "\"a\""), "needs a number under 'share'");
    refused(JSON.replace("2026-04", "2026-02"), "ends before it begins");
    refused(JSON.replace("2026-04-01T00:00:00Z", "April"), "needs a moment");
    refused(
        """
        {"name": "home", "mode": "INTERLEAVE", "variants": [{"profile": "hot", "share": 1}]}\
        """,
        "interleaves two variants: given=1");
    refused("{\"name\": \"home\"}", "1…16 variants: given=0");
    refused("{\"name\": \"" + "x".repeat(70_000) + "\"}", "limit=65536");
  }

  private static void refused(String json, String why) {
    assertThatThrownBy(() -> ExperimentJson.fromJson(json))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(why)
        .extracting("code")
        .isEqualTo("EXPERIMENT_INVALID");
  }

  @Test
  void theLastOneSavedHoldsAndADroppedOneIsGone() {
    save("home", 0.5);
    save("home", 0.25);
    save("other", 0.5);
    assertThat(share(experiments, "home")).isEqualTo(0.25);
    assertThat(experiments.catalog().naming("hot", 1)).isPresent();
    assertThat(experiments.catalog().naming("hot", 2)).isEmpty();
    apply(new RankingEvent.ExperimentDropped(0, "home", null));
    assertThat(experiments.catalog().all()).extracting(Experiment::name).containsExactly("other");
    assertThatThrownBy(() -> experiments.catalog().find("othre"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("did you mean other?");
  }

  @Test
  void whatWasFrozenIsLoadedAgain() {
    save("home", 0.25);
    save("gone", 0.5);
    save("other", 0.5);
    apply(new RankingEvent.ExperimentDropped(0, "gone", null));
    var again = loaded(frozen(experiments, true));
    assertThat(again.catalog().all()).isEqualTo(experiments.catalog().all());
    assertThat(again.loadedPosition()).isEqualTo(position);
    assertThat(frozen(again, true)).containsOnlyKeys(frozen(experiments, true).keySet());
    assertThat(experiments.verify()).isEmpty();
  }

  @Test
  void onlyWhatChangedIsFrozenUntilItIsCommitted() {
    save("home", 0.5);
    experiments.freeze(false).committed();
    assertThat(frozen(experiments, false)).isEmpty();
    apply(new RankingEvent.ExperimentDropped(0, "home", null));
    var failed = experiments.freeze(false);
    assertThat(failed.count()).isEqualTo(2);
    failed.abandoned();
    assertThat(frozen(experiments, false).values()).allMatch(content -> content.length == 0);
  }

  @Test
  void damagedPagesAreRefused() {
    save("home", 0.5);
    for (var key : frozen(experiments, true).keySet()) {
      var half = frozen(experiments, true);
      half.remove(key);
      assertThatThrownBy(() -> loaded(half)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void namesHaveALimitAndFoldingNeverFails() {
    for (int i = 0; i < Experiments.NAMES_MAX; i++) {
      experiments.apply(++position, new RankingEvent.ExperimentSaved(0, "n" + i, "{", null));
    }
    experiments.publish(position);
    experiments.requireRoom("n7");
    assertThatThrownBy(() -> experiments.requireRoom("more"))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("limit=1000 actual=1001");
    assertThat(experiments.catalog().all()).isEmpty();
    assertThat(experiments.verify()).hasSize(1_000);
    experiments.clear();
    assertThat(experiments.verify()).isEmpty();
  }

  private static NavigableMap<PageKey, byte[]> frozen(Experiments view, boolean all) {
    var pages = new TreeMap<PageKey, byte[]>();
    var frozen = view.freeze(all);
    frozen.forEach(pages::put);
    frozen.abandoned();
    if (all) {
      pages.values().removeIf(content -> content.length == 0);
    }
    return pages;
  }

  private Experiments loaded(NavigableMap<PageKey, byte[]> pages) {
    var view = new Experiments();
    pages.descendingMap().forEach(view::load);
    view.loaded(position);
    return view;
  }
}
