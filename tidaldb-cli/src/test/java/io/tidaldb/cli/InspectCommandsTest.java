package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandsTest {

  @TempDir private Path folder;

  private Path db;

  @BeforeEach
  void load() throws IOException {
    db = folder.resolve("db");
    assertThat(Cli.load(folder).exitCode()).isZero();
  }

  @Test
  void statusSaysWhatTheStoreIs() {
    var status = Cli.run("status", db, "--json").json();
    assertThat(status.get("live").booleanValue()).isFalse();
    assertThat(status.get("clean").booleanValue()).isTrue();
    // The schema, three items, five signals.
    assertThat(status.get("last_position").longValue()).isEqualTo(9);
    assertThat(status.get("generations").get(0).get("position").longValue()).isEqualTo(9);
    assertThat(status.get("unavailable").isEmpty()).isTrue();
    assertThat(Cli.run("status", db).out()).contains("last position: 9", "clean: true");
  }

  @Test
  void threeCommandsWorkBesideARunningDatabase() {
    try (var _ = TidalDb.open(db)) {
      assertThat(Cli.run("status", db, "--json").json().get("live").booleanValue()).isTrue();
      assertThat(Cli.run("diagnostics", db, "--json").json().get("live").booleanValue()).isTrue();
      assertThat(Cli.run("paths", db).exitCode()).isZero();
      assertThat(Cli.run("verify", db).exitCode()).isEqualTo(4);
      assertThat(Cli.run("dump", db).exitCode()).isEqualTo(4);
      assertThat(Cli.run("recover", db, "--verify-only").exitCode()).isEqualTo(4);
    }
  }

  @Test
  void diagnosticsCountWhatIsThere() {
    var found = Cli.run("diagnostics", db, "--json").json();
    assertThat(found.get("events_behind_checkpoint").longValue()).isZero();
    assertThat(found.get("views").size()).isGreaterThan(3);
    assertThat(found.get("segments").get(0).get("first_position").longValue()).isEqualTo(1);
    assertThat(Cli.run("diagnostics", db).out()).contains("views:", "segments:");
  }

  @Test
  void pathsAreListed() {
    assertThat(Cli.run("paths", db).out()).contains("LOCK", "IDENTITY", "quarantine", "absent");
    assertThat(Cli.run("paths", db, "--json").out().lines()).hasSizeGreaterThan(7);
  }

  @Test
  void dumpGivesEventsAndState() {
    var lines = Cli.run("dump", db, "--from", 2, "--to", 6).out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.getFirst())
        .contains("\"event\":\"EntityWritten\"", "\"id\":\"1\"", "Blue Train");
    assertThat(lines.getLast()).contains("\"signal\":\"like\"", "\"user\":\"7\"", "\"key\":\"");
    assertThat(Cli.run("dump", db, "--state").out()).contains("\"entry\":").contains("Graceland");
    assertThat(Cli.run("dump", db, "--state", "--from", 1).exitCode()).isEqualTo(2);
  }

  @Test
  void recoverLooksAndExplains() {
    var forecast = Cli.run("recover", db, "--verify-only", "--json");
    assertThat(forecast.exitCode()).isZero();
    assertThat(forecast.json().get("tail").stringValue()).isEqualTo("whole");
    assertThat(forecast.json().get("last_position").longValue()).isEqualTo(9);
    var bare = Cli.run("recover", db);
    assertThat(bare.exitCode()).isEqualTo(2);
    assertThat(bare.err()).contains("--verify-only");
    var loss = Cli.run("recover", db, "--truncate-after", 8);
    assertThat(loss.exitCode()).isEqualTo(2);
    assertThat(loss.err()).contains("--accept-loss");
  }

  @Test
  void damageIsFoundWithFive() throws IOException {
    assertThat(Cli.run("verify", db, "--deep").exitCode()).isZero();
    Path segment;
    try (var files = Files.list(db.resolve("log"))) {
      segment = files.filter(file -> file.toString().endsWith(".seg")).findFirst().orElseThrow();
    }
    var bytes = Files.readAllBytes(segment);
    bytes[100] ^= 1;
    Files.write(segment, bytes);
    var ran = Cli.run("verify", db, "--json");
    assertThat(ran.exitCode()).isEqualTo(5);
    assertThat(ran.json().get("ok").booleanValue()).isFalse();
    assertThat(ran.json().get("findings").get(0).stringValue()).contains(".seg");
    assertThat(Cli.run("status", db).exitCode()).isZero();
    assertThat(Cli.run("recover", db, "--verify-only").exitCode()).isEqualTo(5);
  }

  @Test
  void whereThereIsNoStoreTheyEndWithTwo() {
    for (var command : new String[] {"status", "paths", "diagnostics", "verify", "dump"}) {
      assertThat(Cli.run(command, folder.resolve("nothing")).exitCode()).as(command).isEqualTo(2);
    }
  }
}
