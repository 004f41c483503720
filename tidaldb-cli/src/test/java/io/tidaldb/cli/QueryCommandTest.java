package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryCommandTest {

  private static final String END = " AT '2021-06-11T09:30:00Z'";

  @TempDir private Path folder;

  @BeforeEach
  void load() throws IOException {
    assertThat(Cli.load(folder).exitCode()).isZero();
  }

  private Cli.Ran query(Object... more) {
    var words = new Object[more.length + 2];
    words[0] = "query";
    words[1] = folder.resolve("db");
    System.arraycopy(more, 0, words, 2, more.length);
    return Cli.run(words);
  }

  @Test
  void aPageIsATable() {
    var ran = query("RETRIEVE items FILTER category = 'jazz' SORT BY most_liked" + END);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("score", "Blue Train", "Kind of Blue").doesNotContain("Grace");
    var json = query("RETRIEVE items SORT BY most_liked LIMIT 1" + END, "--json").json();
    assertThat(json.get("hits").get(0).get("id").stringValue()).isEqualTo("1");
  }

  @Test
  void parametersAreValues() {
    var text = "RETRIEVE items FILTER category = $c AND price < $p SORT BY new LIMIT $n";
    var json = query(text, "--set", "c=jazz", "--set", "p=10.5", "--set", "n=5", "--json").json();
    assertThat(json.get("hits").size()).isEqualTo(1);
    assertThat(json.get("hits").get(0).get("id").stringValue()).isEqualTo("1");
    assertThat(query(text, "--set", "c=jazz", "--set", "p=10.5").err())
        .contains("parameter has no value: name=n");
    assertThat(query("RETRIEVE items", "--set", "5").err()).contains("wanted=name=value");
  }

  @Test
  void anErrorShowsItsPlace() {
    var ran = query("RETRIEVE items\nSROT BY hot");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("line 2, column 1: expected", "did you mean SORT?", "\nSROT BY hot\n^");
    assertThat(query("RETRIEVE items FILTER categori = 'jazz'").err())
        .contains("did you mean category?", "\n                      ^");
  }

  @Test
  void aPlan() {
    var text = "EXPLAIN RETRIEVE items FILTER category = 'jazz' SORT BY most_liked" + END;
    var ran = query(text);
    assertThat(ran.out()).contains("profile", "most_liked@1", "strategy", "category IN [jazz]");
    assertThat(ran.out()).contains("66.7 %");
    var json = query(text, "--json").json();
    assertThat(json.get("order").stringValue()).isEqualTo("most_liked");
    assertThat(json.get("filter").get(0).get("selectivity").doubleValue()).isEqualTo(2 / 3.0);
  }

  @Test
  void anAnalysis() {
    var text =
        "EXPLAIN ANALYZE RETRIEVE items FILTER category = 'jazz' SORT BY most_liked LIMIT 1" + END;
    var ran = query(text);
    assertThat(ran.out())
        .contains("1. Blue Train", "dropped by", "Graceland", "leaf=category IN [jazz]")
        .contains("Kind of Blue", "rank=2", "stage", "total");
    var json = query(text, "--json").json();
    assertThat(json.get("results").get("hits").size()).isEqualTo(1);
    assertThat(json.get("dropped").get(0).get("stage").stringValue()).isEqualTo("filter");
    assertThat(json.get("plan").get("universe").intValue()).isEqualTo(3);
  }

  @Test
  void theFateOfAnItem() {
    var text = "EXPLAIN ITEM 3 IN RETRIEVE items FILTER category = 'jazz' SORT BY most_liked" + END;
    assertThat(query(text).out())
        .contains("FILTERED leaf=category IN [jazz]", "Graceland", "0.0000 most_liked");
    var json = query(text, "--json").json();
    assertThat(json.get("verdict").stringValue()).isEqualTo("FILTERED");
    assertThat(json.get("score").get("contribution").doubleValue()).isZero();
  }
}
