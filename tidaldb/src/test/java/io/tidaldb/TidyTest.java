package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps house: what STYLE.md asks of a file and a machine can see.
class TidyTest {

  private static final int FILE_LINES_MAX = 500;
  private static final int METHOD_LINES_MAX = 60;

  /// What is better long, with the reason: `Name.java` or `Name.java method`.
  private static final Map<String, String> LONG = Map.of();

  private static final Path ROOT = Path.of(System.getProperty("tidal.root")).toAbsolutePath();

  private static final Pattern REMINDER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  private static final Pattern WILDCARD = Pattern.compile("(?m)^import .*\\*;");
  private static final Pattern CHARTER =
      Pattern.compile(
          "(?s).*\\*\\*Job\\..*\\*\\*In and out\\..*\\*\\*Threads\\..*\\*\\*On disk\\."
              + ".*\\*\\*What can go wrong\\..*");
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])*+'"
              + "|//[^\\n]*|/\\*[\\s\\S]*?\\*/");
  private static final Pattern ANNOTATION = Pattern.compile("@[\\w.]+(\\s*\\([^()]*\\))?");
  private static final Pattern NOT_A_METHOD =
      Pattern.compile(
          "->|=|^\\s*(if|for|while|switch|try|catch|synchronized|else|do)\\b"
              + "|\\b(class|interface|enum|record|new|switch)\\b");
  private static final Pattern NAME_BEFORE_PARENTHESIS = Pattern.compile("(\\w+)\\s*\\(");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```java\\R(.*?)^```");
  private static final Pattern ANY_FENCE = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)");

  @Test
  void thereIsSomethingToKeep() {
    assertThat(sources()).hasSizeGreaterThan(5);
  }

  @Test
  void noFileIsTooLong() {
    assertThat(sources())
        .allSatisfy(
            file -> {
              if (!LONG.containsKey(file.getFileName().toString())) {
                assertThat(read(file).lines().count()).isLessThanOrEqualTo(FILE_LINES_MAX);
              }
            });
  }

  @Test
  void noMethodIsTooLong() {
    var found = new ArrayList<String>();
    for (var file : sources()) {
      for (var method : longMethods(read(file), METHOD_LINES_MAX)) {
        if (!LONG.containsKey(file.getFileName() + " " + method)) {
          found.add(file + " " + method);
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void aLongMethodIsSeen() {
    var body =
        "  int f(@Bad({1}) int x) {\n    for (;;) {\n      g(\"{\", '}'); // {\n    }\n  }\n";
    assertThat(longMethods("class C {\n" + body + "}\n", 4)).containsExactly("f");
    assertThat(longMethods("class C {\n" + body + "}\n", 5)).isEmpty();
  }

  @Test
  void everyPackageAnswersTheFiveQuestions() {
    var main = sources().stream().filter(file -> file.toString().contains("/src/main/java/"));
    var found =
        main.filter(file -> read(file).contains("\npackage ") || read(file).startsWith("package "))
            .map(file -> file.resolveSibling("package-info.java"))
            .distinct()
            .filter(file -> !Files.exists(file) || !CHARTER.matcher(read(file)).matches());
    assertThat(found).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(sources().stream().filter(file -> REMINDER.matcher(read(file)).find())).isEmpty();
  }

  @Test
  void importsAreNamed() {
    assertThat(sources().stream().filter(file -> WILDCARD.matcher(read(file)).find())).isEmpty();
  }

  @Test
  void theReadmeShowsAnExampleThatRuns() {
    var readme = ROOT.resolve("README.md");
    if (Files.exists(readme)) {
      var fence = FENCE.matcher(read(readme));
      assertThat(fence.find()).as("README.md shows Java").isTrue();
      var shown = fence.group(1).strip();
      assertThat(sources().stream().filter(file -> file.startsWith(ROOT.resolve("examples"))))
          .as("an example equals the program in README.md")
          .anyMatch(file -> read(file).strip().equals(shown));
    }
  }

  @Test
  void linksLeadSomewhere() {
    var found = new ArrayList<String>();
    var pages = Stream.concat(list(ROOT, 1, ".md"), list(ROOT.resolve("docs"), 9, ".md")).toList();
    for (var page : pages) {
      var links = LINK.matcher(ANY_FENCE.matcher(read(page)).replaceAll(""));
      while (links.find()) {
        var target = links.group(1);
        if (!target.contains(":") && !Files.exists(page.resolveSibling(target))) {
          found.add(ROOT.relativize(page) + " -> " + target);
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /// The names of methods longer than a number of lines, found by counting brackets.
  private static List<String> longMethods(String source, int linesMax) {
    var code = NOT_CODE.matcher(source).replaceAll(match -> "\n".repeat(lines(match.group())));
    var found = new ArrayList<String>();
    var open = new ArrayDeque<Integer>();
    var headers = new ArrayDeque<String>();
    var header = 0;
    var depth = 0;
    for (var at = 0; at < code.length(); at++) {
      var letter = code.charAt(at);
      depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (depth > 0 || ";{}".indexOf(letter) < 0) {
        continue;
      }
      if (letter == '{') {
        open.push(at);
        headers.push(code.substring(header, at));
      } else if (letter == '}' && !open.isEmpty()) {
        var name = methodName(headers.pop());
        var begin = open.pop();
        if (!name.isEmpty() && lines(code.substring(begin, at)) + 1 > linesMax) {
          found.add(name);
        }
      }
      header = at + 1;
    }
    return found;
  }

  private static String methodName(String header) {
    var plain = ANNOTATION.matcher(header).replaceAll("").strip();
    var name = NAME_BEFORE_PARENTHESIS.matcher(plain);
    return NOT_A_METHOD.matcher(plain).find() || !name.find() ? "" : name.group(1);
  }

  private static int lines(String text) {
    return (int) text.chars().filter(letter -> letter == '\n').count();
  }

  private static List<Path> sources() {
    try (var modules = Files.list(ROOT)) {
      return modules.flatMap(module -> list(module.resolve("src"), 99, ".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> list(Path folder, int depth, String ending) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (var files = Files.walk(folder, depth)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
