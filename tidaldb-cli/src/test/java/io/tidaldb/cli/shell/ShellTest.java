package io.tidaldb.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.Cli;
import io.tidaldb.cli.Tidal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ShellTest {

  private final java.io.InputStream stdin = System.in;

  @TempDir private Path folder;

  @BeforeEach
  void load() throws IOException {
    assertThat(Cli.load(folder).exitCode()).isZero();
  }

  @AfterEach
  void giveBack() {
    System.setIn(stdin);
  }

  @Test
  void linesOfAPipeAreCommands() {
    var ran =
        pipe(
            """
            # who is liked
            retrieve --sort most_liked --at end --where 'category=jazz'

            count like 1
            score like 1 --at "2021-06-10T11:00:00Z"
            hottest like 2 --at end
            item 1 --at end
            status
            quit
            count like 2
            """);
    assertThat(ran.err()).contains("earliest");
    assertThat(ran.out())
        .contains("Blue Train", "Kind of Blue", "\n2\n", "newest_event: 2021-06-11T09:30:00Z")
        .contains("category: jazz", "items: 3")
        .doesNotContain("Graceland");
  }

  @Test
  void whatIsRecordedIsThere() {
    var ran = pipe("count view 2\nsignal view 2 --user 5 --weight 0.5\ncount view 2 --json\n");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("0"),
            line -> assertThat(line).startsWith("recorded at position "),
            line -> assertThat(line).isEqualTo("{\"count\":1}"));
  }

  @Test
  void statementsAreUnderstood() {
    var ran =
        pipe(
            """
            RETRIEVE items FILTER category = "jazz" SORT BY most_liked LIMIT 1;
            explain item 3 in retrieve items filter category = 'jazz'
            query 'RETRIEVE items LIMIT $n' --set n=1 --json
            SEARCH items QUERY 'blue'
            RETRIEVE items LIMT 5
            """);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out())
        .contains("Blue Train", "FILTERED leaf=category IN [jazz]", "\n{\"hits\":[")
        .doesNotContain("Kind of Blue");
    assertThat(ran.err()).contains("clause=SEARCH", "did you mean LIMIT?");
  }

  @Test
  void anErrorIsShownAndTheShellGoesOn() {
    var ran = pipe("item 99\nitem x\ncount nothing 1\nfly\nretrieve 'open\ncount like 1\n");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines().filter(line -> line.startsWith("tidal: "))).hasSize(5);
    assertThat(ran.out()).isEqualTo("2\n");
  }

  @Test
  void helpListsTheCommands() {
    assertThat(pipe("help\n").out())
        .contains("retrieve", "item", "signal", "hottest", "count", "score", "status");
  }

  @Test
  void tabOffersWhatMayFollow() {
    try (var db = TidalDb.open(folder.resolve("db"))) {
      var commands = Tidal.withErrors(new CommandLine(ShellCommands.root()));
      ShellCommands.all(db).forEach(commands::addSubcommand);
      var completer = new ShellCompleter(commands, db);
      assertThat(completer.offers(List.of())).contains("retrieve", "item", "help", "quit");
      assertThat(completer.offers(List.of("count"))).containsExactly("like", "view");
      assertThat(completer.offers(List.of("retrieve", "--sort"))).contains("hot", "trending");
      assertThat(completer.offers(List.of("retrieve", "--window"))).contains("24h");
      assertThat(completer.offers(List.of("retrieve", "--where"))).contains("price=");
      assertThat(completer.offers(List.of("retrieve"))).contains("--explain");
      assertThat(completer.offers(List.of("fly"))).isEmpty();
    }
  }

  private Cli.Ran pipe(String lines) {
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    return Cli.run("shell", folder.resolve("db"));
  }
}
