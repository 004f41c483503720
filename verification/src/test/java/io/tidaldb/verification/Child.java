package io.tidaldb.verification;

import io.tidaldb.fault.CrashPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A process that writes, and the parent's record of what it said: submitted, answered, repeated.
/// The record is the truth that the directory is later held against.
///
/// **Threads.** One thread reads the process's output; the record is read after it has ended, the
/// counters at any time.
final class Child {

  private static final long WAIT_SECONDS = 60;
  private static final Object LIBRARY_LOCK = new Object();

  /// What is known of one lane.
  static final class LaneRecord {
    private long submitted;
    private long answered;
    private long answeredPosition;

    private LaneRecord(long first) {
      submitted = first;
      answered = first;
    }

    /// Calls that were submitted at most: all before this number.
    long submitted() {
      return submitted;
    }

    /// Calls that must be there: all before this number.
    long answered() {
      return answered;
    }

    /// Position of the first event of the last answered call; 0 if none was answered.
    long answeredPosition() {
      return answeredPosition;
    }
  }

  private final Process process;
  private final Thread reader;
  private final List<LaneRecord> lanes = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> tail = new ArrayList<>();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong checkpoints = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();
  private volatile boolean built;
  private volatile boolean opened;

  private Child(Process process, List<Long> firsts) {
    this.process = process;
    firsts.forEach(first -> lanes.add(new LaneRecord(first)));
    reader = new Thread(this::read, "child's output");
    reader.setDaemon(true);
  }

  /// Starts a process on a directory.
  ///
  /// @param point where it halts itself at the `nth` arrival; empty to be killed from outside
  /// @param firsts for each lane the number of its first call
  static Child start(
      Path directory, long seed, Optional<CrashPoint> point, long nth, List<Long> firsts) {
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-ea",
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xshare:auto",
                  "-Xmx256m",
                  "-Djava.library.path=" + nativeLibrary(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  KillChild.class.getName(),
                  directory.toString(),
                  Long.toString(seed),
                  point.map(Enum::name).orElse("NONE"),
                  Long.toString(nth)));
      firsts.forEach(first -> command.add(Long.toString(first)));
      var child = new Child(new ProcessBuilder(command).redirectErrorStream(true).start(), firsts);
      child.reader.start();
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// RocksDB unpacks its library into a temporary file that a killed process leaves behind; so it
  /// is unpacked once, and children load it from there.
  static Path nativeLibrary() throws IOException {
    synchronized (LIBRARY_LOCK) {
      var name = System.mapLibraryName("rocksdbjni-linux64");
      var folder = Path.of(System.getProperty("java.io.tmpdir"), "tidaldb-verification-native");
      var target = folder.resolve(name);
      try (var packed = Child.class.getResourceAsStream("/" + name)) {
        if (packed != null && !Files.exists(target)) {
          Files.createDirectories(folder);
          var part = Files.createTempFile(folder, name, ".tmp");
          Files.write(part, packed.readAllBytes());
          Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return folder;
    }
  }

  private void read() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.length() > 0) {
          note(line);
        }
      }
    } catch (IOException killed) {
      complaints.add("output ended: " + killed);
    }
  }

  private void note(String line) {
    var words = line.split(" ", -1);
    switch (words[0]) {
      case "BUILD" -> built = words[1].equals(BuildId.ofEngine());
      case "OPEN" -> opened = true;
      case "S" -> {
        var lane = lanes.get(Integer.parseInt(words[1]));
        lane.submitted = Math.max(lane.submitted, Long.parseLong(words[2]) + 1);
      }
      case "A" -> {
        var lane = lanes.get(Integer.parseInt(words[1]));
        long number = Long.parseLong(words[2]) + 1;
        if (number > lane.answered) {
          lane.answered = number;
          lane.answeredPosition = Long.parseLong(words[3]);
        }
        answers.incrementAndGet();
      }
      case "R" -> {
        repeats.incrementAndGet();
        if (!words[3].equals("DUPLICATE")) {
          complaints.add("a repeated call was not recognised: " + line);
        }
      }
      case "C" -> checkpoints.incrementAndGet();
      default -> {
        tail.add(line);
        // Between the arrival at a crash point and the halt, other threads may stop.
        boolean isComplaint = line.startsWith("STOPPED") || line.startsWith("Exception");
        if (isComplaint && !line.contains("simulated crash at ")) {
          complaints.add(line);
        }
      }
    }
  }

  /// Waits until so many calls were answered, or it ended.
  void awaitAnswers(long count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (answers.get() < count && process.isAlive() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(200_000);
    }
  }

  /// Waits a moment, however far it is.
  static void pause(long nanos) {
    long deadline = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
      java.util.concurrent.locks.LockSupport.parkNanos(left);
    }
  }

  /// Kills it with SIGKILL and waits until all it said was read.
  void kill() {
    process.toHandle().destroyForcibly();
    var _ = ended();
  }

  /// Waits for its end; the exit code.
  int ended() {
    try {
      if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
        process.toHandle().destroyForcibly();
        throw new AssertionError("the child did not end: " + tail);
      }
      reader.join(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      if (reader.isAlive()) {
        throw new AssertionError("the child's output did not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Whether it runs the build under test.
  boolean isOfThisBuild() {
    return built;
  }

  /// Whether it got as far as an open database.
  boolean hasOpened() {
    return opened;
  }

  /// Whether something was submitted and not answered.
  boolean wasWriting() {
    return lanes.stream().anyMatch(lane -> lane.submitted > lane.answered);
  }

  long answers() {
    return answers.get();
  }

  long checkpoints() {
    return checkpoints.get();
  }

  long repeats() {
    return repeats.get();
  }

  List<LaneRecord> lanes() {
    return lanes;
  }

  /// What it said that it should not have.
  List<String> complaints() {
    return complaints;
  }

  /// What else it said.
  List<String> tail() {
    return tail;
  }
}
