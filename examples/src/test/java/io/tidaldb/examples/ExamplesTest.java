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
