package io.tidaldb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.BackpressureException;
import io.tidaldb.schema.ClosedException;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.LockedException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.ReadOnlyException;
import io.tidaldb.schema.SchemaException;
import io.tidaldb.schema.SchemaMismatchException;
import io.tidaldb.schema.SchemaViolation;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.UnsupportedFormatException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Every kind of error becomes its message and its exit code.
class ErrorsTest {

  @Command(name = "thrower")
  private record Thrower(RuntimeException error) implements Runnable {
    @Override
    public void run() {
      throw error;
    }
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(new InvalidRequestException("CODE", "wrong: given=1"), 2),
        Arguments.of(
            new SchemaException(
                List.of(
                    new SchemaViolation(
                        SchemaViolation.Code.NAME_INVALID, "signal.X", "X", "lower case"))),
            2),
        Arguments.of(new NotFoundException("signal", "x", "declare it"), 2),
        Arguments.of(new LimitExceededException("batch", 1, 2, ""), 3),
        Arguments.of(new BackpressureException(1, 1, Duration.ofMillis(1)), 3),
        Arguments.of(new OutcomeUnknownException("answer lost", null), 4),
        Arguments.of(new StorageException("write", "f", StorageException.Outcome.UNKNOWN, null), 4),
        Arguments.of(new ReadOnlyException(new Exception("fault"), Instant.EPOCH), 4),
        Arguments.of(new LockedException("db", "pid=1"), 4),
        Arguments.of(new ClosedException("database"), 4),
        Arguments.of(new CorruptionException("checksum differs", "f", 1, 2, "a", "b"), 5),
        Arguments.of(new SchemaMismatchException(List.of()), 6),
        Arguments.of(new UnsupportedFormatException("f", "version", "2", "1"), 6),
        Arguments.of(new IllegalStateException("broken"), 1));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorIsOneBlockAndAnExitCode(RuntimeException error, int exitCode) {
    var err = new StringWriter();
    var line =
        Tidal.withErrors(new CommandLine(new Thrower(error))).setErr(new PrintWriter(err, true));
    assertThat(line.execute()).isEqualTo(exitCode);
    assertThat(err.toString())
        .startsWith("tidal: ")
        .contains(String.valueOf(error.getMessage()))
        .doesNotContain("\tat ");
  }

  @Test
  void misuseIsTwoAndSaysWhereHelpIs() {
    var none = Cli.run();
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("tidal --help");
    var typo = Cli.run("retreive");
    assertThat(typo.exitCode()).isEqualTo(2);
    assertThat(typo.err()).contains("retrieve");
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    for (var command : Tidal.commandLine().getSubcommands().entrySet()) {
      if (!command.getValue().getCommandSpec().usageMessage().hidden()) {
        var ran = Cli.run(command.getKey(), "--help");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("Example").contains("tidal " + command.getKey());
      }
    }
  }

  @Test
  void verboseShowsWhereItComesFrom() {
    assertThat(Cli.run("-v", "status", "/no/such/directory").err()).contains("\tat ");
    assertThat(Cli.run("status", "-v", "/no/such/directory").err()).contains("\tat ");
  }
}
