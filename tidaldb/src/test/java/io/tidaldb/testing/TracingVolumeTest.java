package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.disk.Publication;
import io.tidaldb.disk.Volume;
import io.tidaldb.disk.Volume.OpenMode;
import io.tidaldb.disk.VolumeContract;
import io.tidaldb.disk.VolumeFile;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TracingVolumeTest extends VolumeContract {

  private final TracingVolume traced = new TracingVolume(new SimulatedVolume());

  @Override
  protected Volume emptyVolume() {
    return new TracingVolume(new SimulatedVolume());
  }

  @Test
  void stepsAreRecordedInOrder() {
    Publication.write(traced, "a", ByteBuffer.allocate(3));
    assertThat(traced.steps())
        .extracting(TracingVolume.Step::toString)
        .containsExactly(
            "CREATE a.tmp", "WRITE a.tmp", "SYNC a.tmp", "RENAME a.tmp to a", "SYNC_DIRECTORY ");
    assertThat(traced.steps(VolumeCall.WRITE, VolumeCall.SYNC))
        .containsExactly("WRITE a.tmp", "SYNC a.tmp");
    assertThat(traced.steps().get(1).bytes()).isEqualTo(3);
    traced.forget();
    assertThat(traced.steps()).isEmpty();
  }

  @Test
  void aPublicationKeepsTheRules() {
    Publication.write(traced, "a", ByteBuffer.allocate(3));
    assertThat(traced.unsyncedRenames()).isEmpty();
    assertThat(traced.unsyncedDirectories()).isEmpty();
    assertThat(traced.unsyncedFiles()).isEmpty();
  }

  @Test
  void aRenameWithoutASyncIsFound() {
    try (VolumeFile file = traced.open("a.tmp", OpenMode.CREATE)) {
      file.sync(false);
      file.write(ByteBuffer.allocate(3), 0);
      traced.rename("a.tmp", "a");
    }
    assertThat(traced.unsyncedRenames()).containsExactly("RENAME a.tmp to a");
    assertThat(traced.unsyncedFiles()).containsExactly("a");
  }

  @Test
  void anUnsyncedDirectoryIsFound() {
    traced.createDirectory("log");
    assertThat(traced.unsyncedDirectories()).containsExactly("");
    traced.syncDirectory("");
    traced.open("log/a", OpenMode.CREATE).close();
    assertThat(traced.unsyncedDirectories()).containsExactly("log");
    traced.syncDirectory("log");
    traced.delete("log/missing");
    assertThat(traced.unsyncedDirectories()).isEmpty();
    traced.delete("log/a");
    assertThat(traced.unsyncedDirectories()).containsExactly("log");
  }
}
