package io.tidaldb.verification;

import io.tidaldb.TidalDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.CRC32C;

/// Says which build a process runs: parent and child must run the same, or a stale class would be
/// tested.
final class BuildId {

  private static final List<String> CLASSES =
      List.of(
          "TidalDb",
          "engine/Engine",
          "engine/Writer",
          "engine/StoreOpening",
          "log/Log",
          "checkpoint/Checkpoints",
          "signal/SignalView",
          "verification/KillChild",
          "verification/Lane");

  private BuildId() {}

  /// A checksum of the classes that matter, as this process would load them.
  static String ofEngine() {
    var crc = new CRC32C();
    for (var name : CLASSES) {
      try (var bytes = TidalDb.class.getResourceAsStream("/io/tidaldb/" + name + ".class")) {
        if (bytes == null) {
          throw new IllegalStateException("class not found: " + name);
        }
        crc.update(bytes.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Long.toHexString(crc.getValue());
  }
}
