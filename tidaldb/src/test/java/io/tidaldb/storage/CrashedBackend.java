package io.tidaldb.storage;

import java.util.SplittableRandom;

/// An [InMemoryBackend] as it may look after a crash: whole batches after the last flush are
/// missing, never a part of one.
public final class CrashedBackend {

  private CrashedBackend() {}

  /// How many batches a crash now could take back.
  public static int unflushedBatches(InMemoryBackend backend) {
    return backend.unflushedBatches();
  }

  /// A new backend with the content before the last batches; the given one may be closed.
  public static InMemoryBackend of(InMemoryBackend backend, int lostBatches) {
    return backend.crashed(lostBatches);
  }

  /// A new backend after a crash that loses none, some or all, as the generator says.
  public static InMemoryBackend of(InMemoryBackend backend, SplittableRandom random) {
    return backend.crashed(random.nextInt(backend.unflushedBatches() + 1));
  }
}
