package io.tidaldb.testing;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32C;

/// A process that does some work with a database, says so, and is killed.
///
/// Its first line is its build, so that no stale class is tested; its second says that everything
/// was answered. It ends by the kill, or when its parent is gone.
public final class EndedChild {

  private static final long WAIT_SECONDS = 60;
  private static final List<String> BUILD =
      List.of(
          "TidalDb",
          "engine/Engine",
          "engine/Writer",
          "engine/Views",
          "log/EventCodec",
          "testing/EndedChild");

  private EndedChild() {}

  /// Arguments: the data directory, the directory of schema and work.
  public static void main(String[] arguments) throws IOException, ClassNotFoundException {
    System.out.println("BUILD " + build());
    var orders = Path.of(arguments[1]);
    var schema = Schema.parse(Files.readString(orders.resolve("schema")));
    Endings.Work work;
    try (var in = new ObjectInputStream(Files.newInputStream(orders.resolve("work")))) {
      work = (Endings.Work) in.readObject();
    }
    var db = Endings.open(Path.of(arguments[0]), schema);
    work.on(db);
    System.out.println("ANSWERED " + db.position());
    int _ = System.in.read(); // Until the parent is gone, if it does not kill.
    Runtime.getRuntime().halt(3);
  }

  /// A checksum of classes that matter, as this process loads them.
  static String build() {
    var crc = new CRC32C();
    for (var name : BUILD) {
      try (var bytes = TidalDb.class.getResourceAsStream("/io/tidaldb/" + name + ".class")) {
        crc.update(bytes.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Long.toHexString(crc.getValue());
  }

  /// Runs a child until all is answered, and kills it.
  ///
  /// @param orders a directory for what the child is told
  static void run(Path directory, Path orders, Schema schema, Endings.Work work) {
    try {
      Files.writeString(orders.resolve("schema"), schema.canonical());
      try (var out = new ObjectOutputStream(Files.newOutputStream(orders.resolve("work")))) {
        out.writeObject(work);
      }
      var process =
          new ProcessBuilder(command(EndedChild.class, directory.toString(), orders.toString()))
              .redirectErrorStream(true)
              .start();
      try {
        awaitAnswered(process);
      } finally {
        process.toHandle().destroyForcibly();
      }
      if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the child survives its kill: pid=" + process.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// How a child is started that runs a class of the test class path.
  public static List<String> command(Class<?> main, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx256m",
                "-Dstdout.encoding=UTF-8",
                "-Djava.library.path=" + nativeLibrary(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /// RocksDB unpacks its library into a temporary file that a killed process leaves behind; so it
  /// is unpacked once, and children load it from there.
  private static synchronized Path nativeLibrary() throws IOException {
    var name = System.mapLibraryName("rocksdbjni-linux64");
    var folder = Path.of(System.getProperty("java.io.tmpdir"), "tidaldb-testing-native");
    var target = folder.resolve(name);
    try (var packed = EndedChild.class.getResourceAsStream("/" + name)) {
      if (packed != null && !Files.exists(target)) {
        Files.createDirectories(folder);
        var part = Files.createTempFile(folder, name, ".tmp");
        Files.write(part, packed.readAllBytes());
        Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return folder;
  }

  private static void awaitAnswered(Process process) throws InterruptedException {
    List<String> said = new ArrayList<>();
    var answered = CompletableFuture.runAsync(() -> read(process, said));
    try {
      answered.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new AssertionError("the child did not get to its end: " + said, failed);
    }
    if (!said.getFirst().equals("BUILD " + build())) {
      throw new AssertionError("another build: said=" + said.getFirst() + " here=" + build());
    }
  }

  private static void read(Process process, List<String> said) {
    var in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    try {
      var lines = new BufferedReader(in);
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        if (line.startsWith("ANSWERED ")) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("its output ended: " + said);
  }
}
