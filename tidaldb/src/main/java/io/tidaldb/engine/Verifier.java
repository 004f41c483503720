package io.tidaldb.engine;

import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.Event;
import io.tidaldb.log.LogReader;
import io.tidaldb.schema.Verification;
import io.tidaldb.storage.InMemoryBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The thorough check of a running database: every frame, every saved page, every view against its
/// invariants; `deep` also folds the whole log into fresh views and compares digests.
///
/// **Threads.** The caller's; the views are looked at on the writer thread, between two frames.
final class Verifier {

  private final EngineParts parts;
  private final List<String> findings = new ArrayList<>();
  private long position;
  private String digest = "";

  private Verifier(EngineParts parts) {
    this.parts = parts;
  }

  static Verification verify(
      EngineParts parts,
      Consumer<Runnable> barrier,
      Writer writer,
      boolean deep,
      EngineOptions options) {
    return new Verifier(parts).run(barrier, writer, deep, options);
  }

  private Verification run(
      Consumer<Runnable> barrier, Writer writer, boolean deep, EngineOptions options) {
    if (writer.failure() == null) {
      barrier.accept(
          () -> {
            position = writer.appliedPosition();
            findings.addAll(parts.views().verify());
            findings.addAll(parts.views().verifyTogether());
            if (deep) {
              digest = StateDigest.of(parts.views());
            }
          });
    }
    if (parts.volume().isEmpty()) {
      return new Verification(0, 0, 0, 0, findings);
    }
    var replay = new Replay(options);
    var scan =
        LogReader.scan(
            parts.volume().get(), Optional.of(parts.identity()), 1, deep ? replay : Replay::ignore);
    scan.findings().forEach(finding -> findings.add(finding.getMessage()));
    var checkpoints = parts.checkpoints().orElseThrow();
    findings.addAll(checkpoints.verify());
    if (deep && !digest.isEmpty() && scan.firstPosition() == 1) {
      var folded = StateDigest.of(replay.views);
      if (!folded.equals(digest)) {
        findings.add(
            "state differs from the fold of the log: position="
                + position
                + " expected="
                + folded
                + " actual="
                + digest);
      }
    }
    return new Verification(
        scan.segments(), scan.frames(), scan.events(), checkpoints.pageCount(), findings);
  }

  /// Folds the log up to the position of the live digest into fresh views.
  private final class Replay implements io.tidaldb.log.FrameConsumer {
    private final Views views;

    Replay(EngineOptions options) {
      views = new Views(new InMemoryBackend(), CrashInjector.NONE, options);
      views.startFromLoaded();
    }

    static void ignore(long first, long receiveNanos, List<Event> events) {}

    @Override
    public void frame(long firstPosition, long receiveNanos, List<Event> events) {
      if (firstPosition > position) {
        return;
      }
      long next = firstPosition;
      for (var event : events) {
        views.apply(next++, event);
      }
      views.publish(next - 1);
    }
  }
}
