import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// Holds every Java source of the repository to google-java-format, whichever Java runs Maven.
///
/// `java -cp google-java-format.jar .ci/Format.java <check|apply> <root> <stamp>`
///
/// Only files newer than the stamp are looked at, so a second look costs nothing.
void main(String[] arguments) throws IOException {
  var apply = arguments[0].equals("apply");
  var stamp = Path.of(arguments[2]);
  var started = Instant.now();
  var since = Files.exists(stamp) ? Files.getLastModifiedTime(stamp).toInstant() : Instant.MIN;
  var sources = sources(Path.of(arguments[1]), since);
  if (!sources.isEmpty()) {
    var command = new ArrayList<>(apply ? List.of("-i") : List.of("-n", "--set-exit-if-changed"));
    command.addAll(sources);
    var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    if (formatter.run(System.out, System.err, command.toArray(String[]::new)) != 0) {
      System.err.println("These files are not formatted: run 'mvn -N validate -Dformat=apply'.");
      System.exit(1);
    }
  }
  Files.createDirectories(stamp.getParent());
  Files.write(stamp, new byte[0]);
  Files.setLastModifiedTime(stamp, FileTime.from(started));
}

List<String> sources(Path root, Instant since) throws IOException {
  var sources = new ArrayList<String>();
  try (var modules = Files.newDirectoryStream(root, Files::isDirectory)) {
    for (var module : modules) {
      var source = module.endsWith(".ci") ? module : module.resolve("src");
      if (!Files.isDirectory(source)) {
        continue;
      }
      try (var files = Files.walk(source)) {
        for (var file :
            (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
          if (Files.getLastModifiedTime(file).toInstant().isAfter(since)) {
            sources.add(file.toString());
          }
        }
      }
    }
  }
  return sources;
}
