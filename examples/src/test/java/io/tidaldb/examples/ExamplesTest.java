package io.tidaldb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs every example as a newcomer would, so that none of them can rot.
class ExamplesTest {

  @TempDir Path directory;

  @Test
  void theFirstFeedPrintsBothItemsAndExplainsThem() throws Exception {
    var printed = run("FirstFeed", directory.resolve("data").toString());

    assertThat(printed.lines().filter(line -> line.matches("[12]  .*"))).hasSize(2);
    assertThat(printed.lines().findFirst().orElseThrow()).startsWith("1  ");
    assertThat(printed).contains("trending");
  }

  @Test
  void theCompanionShowsWhatSurroundsAFeed() throws Exception {
    var printed = run("Companion", directory.resolve("data").toString());

    assertThat(printed).contains("germans: 10", "hints: [something, blue, name]");
    var parts = printed.split(":\n", -1);
    assertThat(parts[1]).as("trending among them").startsWith("  Blue Train");
    assertThat(parts[2]).as("related").doesNotContain("Blue Train");
    assertThat(parts[3]).as("in the list").contains("So What", "Kind of Blue");
    assertThat(parts[4]).as("for user 1").contains("Blue Train").doesNotContain("Polka");
    assertThat(parts[5]).as("in the session").doesNotContain("Blue Train", "Polka");
  }

  private static String run(String example, String... arguments)
      throws ReflectiveOperationException {
    var type = Class.forName(example);
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    var main = type.getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    var printed = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      main.invoke(constructor.newInstance(), (Object) arguments);
    } catch (InvocationTargetException failure) {
      throw new AssertionError(example + " failed", failure.getCause());
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
