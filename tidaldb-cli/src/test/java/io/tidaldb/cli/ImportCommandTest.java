package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

  @TempDir private Path folder;

  @Test
  void theReportSaysWhatBecameOfEveryRow() throws IOException {
    var ran = Cli.load(folder, "--json");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    var items = ran.json().get("sources").get(0);
    assertThat(items.get("source").stringValue()).isEqualTo("items.csv");
    assertThat(items.get("target").stringValue()).isEqualTo("items");
    assertThat(items.get("read").intValue()).isEqualTo(4);
    assertThat(items.get("written").intValue()).isEqualTo(3);
    assertThat(items.get("rejected").intValue()).isEqualTo(1);
    var signals = ran.json().get("sources").get(1);
    assertThat(signals.get("read").intValue()).isEqualTo(6);
    assertThat(signals.get("written").intValue()).isEqualTo(5);
    assertThat(ran.json().get("newest_event").stringValue()).isEqualTo("2021-06-11T09:30:00Z");
    assertThat(Files.readAllLines(folder.resolve("rejects.jsonl")))
        .satisfiesExactly(
            line -> assertThat(line).contains("items.csv", "\"line\":5", "price", "cheap"),
            line -> assertThat(line).contains("signals.jsonl", "\"line\":4", "given=-1"));
  }

  @Test
  void peopleGetATable() throws IOException {
    var ran = Cli.load(folder);
    assertThat(ran.out().lines().findFirst().orElse(""))
        .contains("source", "read", "written", "duplicates", "rejected");
    assertThat(ran.out()).contains("newest event 2021-06-11T09:30:00Z");
    assertThat(ran.out()).contains("all 2 rejected rows are in ");
  }

  @Test
  void aSecondRunChangesNothing() throws IOException {
    Cli.load(folder);
    var before = state();
    var ran = Cli.load(folder, "--json");
    assertThat(ran.json().get("sources").get(0).get("duplicates").intValue()).isEqualTo(3);
    assertThat(ran.json().get("sources").get(1).get("duplicates").intValue()).isEqualTo(5);
    assertThat(ran.json().get("sources").get(1).get("written").intValue()).isZero();
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void untilIsAnEarlierDayAndTheRestComesLater() throws IOException {
    var early = Cli.load(folder, "--json", "--until", "2021-06-10");
    var signals = early.json().get("sources").get(1);
    assertThat(signals.get("written").intValue()).isEqualTo(3);
    assertThat(signals.get("later").intValue()).isEqualTo(2);
    var rest = Cli.load(folder, "--json").json().get("sources").get(1);
    assertThat(rest.get("written").intValue()).isEqualTo(2);
    assertThat(rest.get("duplicates").intValue()).isEqualTo(3);
    var feed = Cli.run("retrieve", folder.resolve("db"), "--sort", "most_liked", "--json");
    assertThat(feed.json().get("hits").get(0).get("score").doubleValue()).isEqualTo(2.0);
  }

  @Test
  void untilMayBeAMomentAndItemsKeepToIt() throws IOException {
    var early = Cli.load(folder, "--json", "--until", "2021-06-02T00:00:00Z").json();
    assertThat(early.get("sources").get(0).get("written").intValue()).isEqualTo(2);
    assertThat(early.get("sources").get(0).get("later").intValue()).isEqualTo(2);
    assertThat(early.get("newest_event").isNull()).isTrue();
  }

  @Test
  void anotherFileMayStandForOneOfTheMapping() throws IOException {
    var other =
        Files.writeString(
            folder.resolve("other"), "{\"kind\": \"view\", \"item\": 1, \"at\": 1}\n");
    var ran = Cli.load(folder, "--json", "--from-file", "signals.jsonl=" + other);
    assertThat(ran.json().get("sources").get(1).get("read").intValue()).isEqualTo(1);
    assertThat(Cli.load(folder, "--from-file", "no=" + other).err()).contains("known=[items.csv");
  }

  @Test
  void requestsThatCannotBeRightEndWithTwo() throws IOException {
    assertThat(Cli.run("import", folder.resolve("db")).exitCode()).isEqualTo(2);
    assertThat(Cli.load(folder, "--batch", "0").exitCode()).isEqualTo(2);
    assertThat(Cli.load(folder, "--until", "June").exitCode()).isEqualTo(2);
    var missing = Cli.run("import", folder.resolve("db"), "--mapping", folder.resolve("none"));
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("mapping not found").doesNotContain("\tat ");
    var elsewhere = Cli.load(folder, "--data", folder.resolve("nowhere"));
    assertThat(elsewhere.exitCode()).isEqualTo(2);
    assertThat(elsewhere.err()).contains("file not found");
  }

  @Test
  void anotherSchemaEndsWithSix() throws IOException {
    Cli.load(folder);
    var changed =
        Files.readString(folder.resolve("mapping.json"))
            .replace("\"7d\"}, \"windows\": [\"24h\"", "\"9d\"}, \"windows\": [\"24h\"");
    var mapping = Files.writeString(folder.resolve("changed.json"), changed);
    var ran = Cli.run("import", folder.resolve("db"), "--mapping", mapping);
    assertThat(ran.exitCode()).isEqualTo(6);
    assertThat(ran.err()).contains("like");
  }

  private String state() {
    return Cli.run("dump", folder.resolve("db"), "--state").out();
  }
}
