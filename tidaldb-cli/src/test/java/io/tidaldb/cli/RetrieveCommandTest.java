package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrieveCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void load() throws IOException {
    assertThat(Cli.load(folder).exitCode()).isZero();
  }

  @Test
  void jsonHasEverything() {
    var json = ask("--sort", "most_liked", "--at", "end", "--limit", "2", "--json").json();
    var hit = json.get("hits").get(0);
    assertThat(hit.get("id").stringValue()).isEqualTo("1");
    assertThat(hit.get("rank").intValue()).isEqualTo(1);
    assertThat(hit.get("score").doubleValue()).isEqualTo(2.0);
    assertThat(hit.get("metadata").get("title").stringValue()).isEqualTo("Blue Train");
    assertThat(hit.get("metadata").get("tags").size()).isEqualTo(2);
    assertThat(hit.get("explanation").get("contribution").doubleValue()).isEqualTo(2.0);
    assertThat(json.get("next").isString()).isTrue();
    assertThat(json.get("stats").get("profile").stringValue()).isEqualTo("most_liked@1");
    assertThat(json.get("stats").get("at").stringValue()).isEqualTo("2021-06-11T09:30:00Z");
    assertThat(json.get("stats").get("returned").intValue()).isEqualTo(2);
  }

  @Test
  void conditionsNarrow() {
    assertThat(titles("--where", "category=jazz"))
        .containsExactlyInAnyOrder("Blue Train", "Kind of Blue");
    assertThat(titles("--where", "price<10", "--where", "category=jazz"))
        .containsExactly("Blue Train");
    assertThat(titles("--where", "like.count(all)>=2")).containsExactly("Blue Train");
    assertThat(titles("--tag", "sax", "--tag", "live")).containsExactly("Blue Train");
    assertThat(titles("--created-within", "9d", "--at", "end")).containsExactly("Graceland");
    assertThat(titles("--exclude", "1,3")).containsExactly("Kind of Blue");
    assertThat(titles("--where", "created>=2021-06-02", "--sort", "old"))
        .containsExactly("Kind of Blue", "Graceland");
  }

  @Test
  void neighboursAreKeptApart() {
    assertThat(titles("--sort", "old")).containsExactly("Blue Train", "Kind of Blue", "Graceland");
    assertThat(titles("--sort", "old", "--diversity", "topic_diversity=0.5,per=10"))
        .containsExactly("Blue Train", "Graceland", "Kind of Blue");
    assertThat(titles("--sort", "old", "--diversity", "none=0"))
        .containsExactly("Blue Train", "Kind of Blue", "Graceland");
    assertThat(ask("--diversity", "max_per_author=1").err()).contains("max_per_author");
    var json = ask("--where", "category=jazz", "--diversity", "topic_diversity=0.1", "--json");
    assertThat(json.json().get("constraints_satisfied").booleanValue()).isFalse();
    assertThat(json.json().get("warnings").get(0).get("code").stringValue())
        .isEqualTo("DIVERSITY_RELAXED");
  }

  @Test
  void aShareOfPlacesExplores() {
    var json = ask("--sort", "old", "--explore", "0.5", "--json").json();
    assertThat(json.get("hits").get(0).get("slot").stringValue()).isEqualTo("ranked");
    assertThat(titles("--profile", "for_you", "--explore", "0")).hasSize(3);
    assertThat(ask("--explore", "0.6").err()).contains("explore out of range: given=0.6");
  }

  @Test
  void capsHoldBackWhatIsTooMuch() {
    assertThat(titles("--sort", "old", "--user", "7", "--caps", "total=2"))
        .containsExactly("Blue Train", "Kind of Blue");
    assertThat(titles("--sort", "old", "--user", "7", "--caps", "none=0")).hasSize(3);
    assertThat(ask("--caps", "total=2").err()).contains("caps need a user");
    assertThat(ask("--user", "7", "--caps", "totals=2").err()).contains("totals");
  }

  @Test
  void pagesFollowEachOther() {
    var all = new ArrayList<String>();
    var first = ask("--sort", "new", "--limit", "2", "--json").json();
    first.get("hits").forEach(hit -> all.add(hit.get("id").stringValue()));
    var second =
        ask("--sort", "new", "--limit", "2", "--json", "--cursor", first.get("next").stringValue());
    second.json().get("hits").forEach(hit -> all.add(hit.get("id").stringValue()));
    assertThat(all).containsExactly("3", "2", "1");
  }

  @Test
  void peopleGetATableAndTrees() {
    var table = ask("--sort", "most_liked", "--at", "end").out();
    assertThat(table.lines().findFirst().orElse("")).contains("score", "id", "title");
    assertThat(table).contains("Blue Train");
    var trees = ask("--at", "end", "--explain").out();
    assertThat(trees).contains("trending@1", "velocity", "items", "allowed", "µs:");
  }

  @Test
  void aFeedOfLongAgoIsExplained() {
    assertThat(ask("--sort", "most_liked").err()).contains("--at end");
    assertThat(ask("--sort", "most_liked", "--at", "end").err()).isEmpty();
    assertThat(ask("--sort", "most_liked", "--json").err()).isEmpty();
  }

  @Test
  void requestsThatCannotBeRightEndWithTwo() {
    for (var wrong :
        List.of(
            List.of("--sort", "best"),
            List.of("--window", "2h"),
            List.of("--where", "colour=red"),
            List.of("--at", "noon"),
            List.of("--limit", "0"),
            List.of("--limit", "many"),
            List.of("--profile", "no_such_profile"),
            List.of("--profile", "trending@x"),
            List.of("--created-within", "soon"),
            List.of("--cursor", "abc"),
            List.of("--only", "unseen"),
            List.of("--only", "beautiful", "--user", "7"),
            List.of("--user", "me"),
            List.of("--session", "9"),
            List.of("--cohort", "nobody"),
            List.of("--in-collection", "5"),
            List.of("--related", "x"),
            List.of("--unknown"))) {
      var ran = ask(wrong.toArray());
      assertThat(ran.exitCode()).as("%s", wrong).isEqualTo(2);
      assertThat(ran.err()).as("%s", wrong).startsWith("tidal: ").doesNotContain("\tat ");
    }
  }

  @Test
  void theUserMayBeSaid() {
    var json = ask("--user", "7", "--only", "unseen", "--at", "end", "--json").json();
    assertThat(json.get("stats").get("profile").stringValue()).isEqualTo("for_you@1");
    var related = ask("--related", "1,2", "--at", "end", "--json").json();
    assertThat(related.get("stats").get("profile").stringValue()).isEqualTo("related@1");
    var sources = related.get("stats").get("sources");
    assertThat(sources.size()).isEqualTo(2);
    assertThat(sources.get(0).get("source").stringValue()).startsWith("ann(");
    assertThat(sources.get(1).get("source").stringValue()).startsWith("co_engagement");
  }

  @Test
  void aQuestionMakesNoDatabase() {
    var ran = Cli.run("retrieve", folder.resolve("nothing"));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  private List<String> titles(Object... arguments) {
    var more = new ArrayList<Object>(List.of(arguments));
    more.add("--json");
    var titles = new ArrayList<String>();
    ask(more.toArray())
        .json()
        .get("hits")
        .forEach(hit -> titles.add(hit.get("metadata").get("title").stringValue()));
    return titles;
  }

  private Cli.Ran ask(Object... arguments) {
    var words = new ArrayList<Object>(List.of("retrieve", folder.resolve("db")));
    words.addAll(List.of(arguments));
    return Cli.run(words.toArray());
  }
}
