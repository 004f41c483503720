package io.tidaldb.engine;

import io.tidaldb.disk.DiskVolume;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.LogReader;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The thorough check of a store that nobody has open. Every damage becomes a finding.
///
/// **Threads.** One.
final class OfflineVerifier {

  private final Path directory;
  private final List<String> findings = new ArrayList<>();

  OfflineVerifier(Path directory) {
    this.directory = directory;
  }

  /// @param deep also folds the log anew and compares digests, if it starts at its first position
  Verification verify(boolean deep) {
    var state = load();
    var scan = state.isPresent() ? state.map(OfflineState::replay) : logAlone();
    scan.ifPresent(
        found -> found.findings().forEach(finding -> add(String.valueOf(finding.getMessage()))));
    state.ifPresent(this::check);
    if (deep && state.isPresent() && scan.isPresent() && findings.isEmpty()) {
      compare(state.get(), scan.get());
    }
    return new Verification(
        scan.map(LogReader.Scan::segments).orElse(0),
        scan.map(LogReader.Scan::frames).orElse(0L),
        scan.map(LogReader.Scan::events).orElse(0L),
        state.map(found -> found.checkpoints().pageCount()).orElse(0L),
        findings);
  }

  private Optional<OfflineState> load() {
    try {
      return Optional.of(OfflineState.load(directory));
    } catch (TidalException e) {
      add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<LogReader.Scan> logAlone() {
    try {
      var volume = DiskVolume.readOnly(directory);
      return Optional.of(
          LogReader.scan(
              volume,
              Optional.of(OfflineState.identity(volume)),
              Long.MAX_VALUE,
              FrameConsumer.NONE));
    } catch (TidalException e) {
      add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void check(OfflineState state) {
    state.refused().forEach(this::add);
    state.checkpoints().verify().forEach(this::add);
    state.views().verify().forEach(this::add);
  }

  private void compare(OfflineState state, LogReader.Scan scan) {
    if (scan.firstPosition() != 1) {
      return;
    }
    var expected = StateDigest.of(state.foldFromTheFirst());
    var actual = StateDigest.of(state.views());
    if (!expected.equals(actual)) {
      add(
          "state differs from the fold of the log: position="
              + scan.lastPosition()
              + " expected="
              + expected
              + " actual="
              + actual);
    }
  }

  private void add(String finding) {
    if (!findings.contains(finding)) {
      findings.add(finding);
    }
  }
}
