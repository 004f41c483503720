package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Collections from the command line.
class CollectionsCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void load() throws IOException {
    assertThat(Cli.load(folder).exitCode()).isZero();
    assertThat(run("create", 42, "favorites").out()).isEqualTo("1\n");
  }

  private Cli.Ran run(String verb, Object... more) {
    var words = new ArrayList<Object>(List.of("collections", verb, folder.resolve("db")));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private List<String> members() {
    var json = run("show", 1, "--json").json();
    var items = new ArrayList<String>();
    json.get("members").forEach(member -> items.add(member.get("item").stringValue()));
    assertThat(json.get("items").intValue()).isEqualTo(items.size());
    return items;
  }

  @Test
  void itemsComeGoAndMove() {
    assertThat(run("add", 1, 1, 2).out()).isEqualTo("added 2\n");
    assertThat(run("add", 1, 3, "--at", 0).out()).isEqualTo("added 1\n");
    assertThat(run("add", 1, 3).out()).isEqualTo("nothing to do\n");
    assertThat(members()).containsExactly("3", "1", "2");
    assertThat(run("move", 1, 2, 0).out()).isEqualTo("moved\n");
    assertThat(members()).containsExactly("2", "3", "1");
    assertThat(run("remove", 1, 3).out()).isEqualTo("removed\n");
    assertThat(run("remove", 1, 3).out()).isEqualTo("no member\n");
    assertThat(run("move", 1, 3, 0, "--json").json().get("moved").booleanValue()).isFalse();
    assertThat(members()).containsExactly("2", "1");
  }

  @Test
  void aCollectionIsShownInPages() {
    assertThat(run("add", 1, 1, 2, 3, "--json").json().get("added").intValue()).isEqualTo(3);
    var first = run("show", 1, "--limit", 2, "--json").json();
    assertThat(first.get("members").size()).isEqualTo(2);
    var next = first.get("next").stringValue();
    var second = run("show", 1, "--limit", 2, "--after", next, "--json").json();
    assertThat(second.get("members").get(0).get("item").stringValue()).isEqualTo("3");
    assertThat(second.get("members").get(0).get("index").intValue()).isEqualTo(2);
    assertThat(second.get("next").isNull()).isTrue();
    var text = run("show", 1, "--limit", 2);
    assertThat(text.out()).contains("name: favorites").contains("index  item  added at");
    assertThat(text.err()).contains("more: --after " + next);
  }

  @Test
  void viewersSeeWhatTheyMay() {
    assertThat(run("create", 42, "open", "--visibility", "PUBLIC", "--json").json().get("id"))
        .hasToString("\"2\"");
    assertThat(run("list", 42).out()).contains("favorites", "open");
    assertThat(run("list", 42, "--viewer", 7).out()).contains("open").doesNotContain("favorites");
    assertThat(run("show", 1, "--viewer", 7).exitCode()).isEqualTo(2);
    assertThat(run("share", 1, 7).out()).startsWith("done at position ");
    assertThat(run("share", 1, 7).out()).isEqualTo("nothing to do\n");
    assertThat(run("show", 1, "--viewer", 7).exitCode()).isZero();
    assertThat(run("unshare", 1, 7).exitCode()).isZero();
    assertThat(run("visibility", 1, "unlisted").exitCode()).isZero();
    assertThat(run("show", 1, "--viewer", 7).out()).contains("visibility: unlisted");
    assertThat(run("list", 42, "--viewer", 7, "--json").out().lines()).hasSize(1);
    assertThat(run("add", 2, 1).exitCode()).isZero();
    assertThat(run("list", 42, "--with", 1, "--json").json().get("name").stringValue())
        .isEqualTo("open");
  }

  @Test
  void namesChangeAndCollectionsEnd() {
    assertThat(run("rename", 1, "late night").exitCode()).isZero();
    var taken = run("create", 42, "late night");
    assertThat(taken.exitCode()).isEqualTo(2);
    assertThat(taken.err()).contains("collection=1");
    assertThat(run("delete", 1, "--json").json().get("duplicate").booleanValue()).isFalse();
    assertThat(run("delete", 1).err()).contains("collection not found: name=1");
    assertThat(run("list", 42, "--json").out()).isEmpty();
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(run("add", 1, 1, 99).err()).contains("item not found: name=99");
    assertThat(members()).isEmpty();
    assertThat(run("add", 1, 1, 2, "--at", 0).err()).contains("--at wants one item");
    assertThat(run("add", 1, 1, "--at", 5).err()).contains("allowed=0…0");
    assertThat(run("create", 42, "x", "--visibility", "secret").exitCode()).isEqualTo(2);
    assertThat(run("show", "one").err()).contains("unsigned 64-bit");
    assertThat(Cli.run("collections").exitCode()).isEqualTo(2);
  }
}
