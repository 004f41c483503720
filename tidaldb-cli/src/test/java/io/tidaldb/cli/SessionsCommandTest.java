package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions from the command line.
class SessionsCommandTest {

  @TempDir private Path folder;
  private String signal = "";

  @BeforeEach
  void load() throws IOException {
    assertThat(Cli.load(folder).exitCode()).isZero();
    try (var db = TidalDb.open(folder.resolve("db"))) {
      signal = db.schema().signals().getFirst().name();
      var ended = db.startSession(42, "assistant", "default");
      ended.signal(signal, EntityId.of(1));
      ended.close();
      var running = db.startSession(42, "assistant", "default", Map.of("topic", "music"));
      running.signal(signal, EntityId.of(2), Signal.anonymous(), "more jazz");
    }
  }

  private Cli.Ran run(String verb, Object... more) {
    var words = new ArrayList<Object>(List.of("sessions", verb, folder.resolve("db")));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  @Test
  void aUsersSessionsAreListed() {
    assertThat(run("list", 42).out()).contains("assistant", "runs", "caller");
    assertThat(run("list", 42, "--json").out().lines()).hasSize(2);
    assertThat(run("list", 7, "--json").out()).isEmpty();
    assertThat(run("list", 42, "--limit", 0).exitCode()).isEqualTo(2);
  }

  @Test
  void aSessionIsShownRunningOrEnded() {
    var ended = run("show", 1, "--json").json();
    assertThat(ended.get("state").stringValue()).isEqualTo("caller");
    assertThat(ended.get("latest_signals").get(0).get("entity").stringValue()).isEqualTo("1");
    var running = run("show", 2, "--json").json();
    assertThat(running.get("state").stringValue()).isEqualTo("running");
    assertThat(running.get("hints").stringValue()).isEqualTo("jazz");
    assertThat(running.get("metadata").get("topic").stringValue()).isEqualTo("music");
    assertThat(run("show", 2).out()).contains("more jazz", "metadata topic: music");
    assertThat(run("show", 3).err()).contains("session not found: name=3");
    assertThat(run("show", 3).exitCode()).isEqualTo(2);
  }

  @Test
  void sessionsAreExported() {
    var out = run("export", "--agent", "assistant").out();
    assertThat(out.lines()).hasSize(6);
    assertThat(out).startsWith("{\"type\":\"session\",\"session\":\"1\",\"user\":\"42\"");
    assertThat(run("export", "--session", 2).out().lines()).hasSize(3);
    assertThat(run("export", "--user", 42, "--signal", "none").out()).doesNotContain("weight");
    var cut = run("export", "--policy", "default", "--limit", 2);
    assertThat(cut.out().lines()).hasSize(2);
    assertThat(cut.err()).contains("the limit ended the export: lines=2");
    assertThat(run("export", "--since", "2999-01-01T00:00:00Z").out()).isEmpty();
    var unbounded = run("export");
    assertThat(unbounded.exitCode()).isEqualTo(2);
    assertThat(unbounded.err()).contains("an export needs a bound");
    assertThat(Cli.run("sessions").exitCode()).isEqualTo(2);
  }
}
