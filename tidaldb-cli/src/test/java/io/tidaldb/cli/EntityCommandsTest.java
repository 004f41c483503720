package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items, creators and users, one at a time.
class EntityCommandsTest {

  @TempDir private Path folder;

  @BeforeEach
  void load() throws IOException {
    assertThat(Cli.load(folder).exitCode()).isZero();
  }

  private Cli.Ran run(String kind, String verb, Object... more) {
    var words = new ArrayList<Object>(List.of(kind, verb, folder.resolve("db")));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  @Test
  void anItemIsShownWithItsTypedValues() {
    var json = run("items", "get", 1, "--json").json();
    assertThat(json.get("kind").stringValue()).isEqualTo("item");
    assertThat(json.get("metadata").get("title").stringValue()).isEqualTo("Blue Train");
    assertThat(json.get("metadata").get("price").doubleValue()).isEqualTo(9.5);
    assertThat(run("items", "get", 1).out()).contains("kind: item").contains("title: Blue Train");
  }

  @Test
  void puttingReplacesAndMergingKeeps() {
    assertThat(run("items", "put", 1, "title=A Love Supreme", "price=7").out())
        .startsWith("written at position ");
    var replaced = run("items", "get", 1, "--json").json().get("metadata");
    assertThat(replaced.propertyNames()).containsExactlyInAnyOrder("title", "price");
    assertThat(run("items", "put", 1, "--merge", "price=", "tags=live,sax").exitCode()).isZero();
    var merged = run("items", "get", 1, "--json").json().get("metadata");
    assertThat(merged.propertyNames()).containsExactlyInAnyOrder("title", "tags");
    assertThat(merged.get("tags").size()).isEqualTo(2);
    assertThat(run("items", "put", 1, "note=", "--json").json().get("duplicate").booleanValue())
        .isFalse();
    assertThat(run("items", "get", 1, "--json").json().get("metadata").get("note").stringValue())
        .isEmpty();
  }

  @Test
  void deletingIsOnceAndARepeatSaysSo() {
    assertThat(run("items", "delete", 1).out()).startsWith("deleted at position ");
    assertThat(run("items", "delete", 1).out()).isEqualTo("nothing to do\n");
    var gone = run("items", "get", 1);
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone.err()).contains("item not found: name=1");
    assertThat(run("creators", "put", 9, "name=John", "verified=true").exitCode()).isZero();
    assertThat(run("creators", "delete", 9).exitCode()).isZero();
  }

  @Test
  void aUserIsErasedNotDeleted() {
    assertThat(run("users", "put", 42, "language=en", "interests=jazz,folk").exitCode()).isZero();
    assertThat(run("users", "get", 42, "--json").json().get("metadata").get("interests").size())
        .isEqualTo(2);
    var erased = run("users", "erase", 42, "--json").json();
    assertThat(erased.get("user").stringValue()).isEqualTo("42");
    assertThat(erased.get("removed").get("entity rows").intValue()).isEqualTo(1);
    assertThat(run("users", "get", 42).exitCode()).isEqualTo(2);
    assertThat(run("users", "delete", 42).exitCode()).isEqualTo(2);
    assertThat(run("items", "erase", 42).exitCode()).isEqualTo(2);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(run("items", "put", 1, "price=cheap").err()).contains("type=NUMBER");
    assertThat(run("items", "put", 1, "price").err()).contains("KEY=VALUE");
    assertThat(run("items", "get", "minus").err()).contains("unsigned 64-bit");
    assertThat(run("items", "put", 99, "--merge", "price=1").err()).contains("item not found");
    assertThat(Cli.run("items").exitCode()).isEqualTo(2);
    assertThat(Cli.run("items", "get", folder.resolve("nothing"), 1).exitCode()).isEqualTo(2);
  }

  @Test
  void relatedSaysThatNothingIsKnown() {
    assertThat(Cli.run("related", folder.resolve("db"), 3).err()).contains("SEED_UNKNOWN");
  }
}
