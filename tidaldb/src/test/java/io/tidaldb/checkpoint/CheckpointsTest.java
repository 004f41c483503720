package io.tidaldb.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.checkpoint.Checkpoints.Frozen;
import io.tidaldb.checkpoint.Checkpoints.Loaded;
import io.tidaldb.disk.Digest;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.storage.CrashedBackend;
import io.tidaldb.storage.InMemoryBackend;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

  private static final Digest SCHEMA = Digest.of(new byte[] {1});
  private static final Timestamp TIME = Timestamp.ofNanos(5);

  private final InMemoryBackend backend = new InMemoryBackend();
  private final FakeView first = new FakeView(Tag.DEDUP);
  private final FakeView second = new FakeView(Tag.SIG);
  private final Checkpoints checkpoints = opened(backend, first, second);

  @Test
  void aNewStoreHasNoGeneration() {
    assertThat(checkpoints.newest()).isEmpty();
    assertThat(checkpoints.generations()).isEmpty();
    assertThat(checkpoints.safeCutPosition()).isZero();
    assertThat(checkpoints.pageCount()).isZero();
    assertThat(checkpoints.verify()).isEmpty();
  }

  @Test
  void whatIsWrittenIsLoaded() {
    fill(first, 3, 1);
    fill(second, 2, 2);
    CheckpointMeta meta = write(checkpoints, 10);

    assertThat(meta.generation()).isEqualTo(1);
    assertThat(meta.pages()).isEqualTo(5);
    assertThat(meta.schemaFingerprint()).isEqualTo(SCHEMA);
    assertThat(meta.payloadHash().isZero()).isFalse();
    var again = List.of(new FakeView(Tag.DEDUP), new FakeView(Tag.SIG));
    Loaded loaded = opened(backend).loadNewest(List.copyOf(again));
    assertThat(loaded.meta()).contains(meta);
    assertThat(loaded.refused()).isEmpty();
    assertThat(again.getFirst().text()).isEqualTo(first.text());
    assertThat(again.getLast().text()).isEqualTo(second.text());
    assertThat(again.getLast().loadedPosition()).isEqualTo(10);
  }

  @Test
  void viewsAcceptTheirPagesInTheOrderInWhichTheyAreGiven() {
    fill(first, 1, 1);
    fill(second, 1, 1);
    write(checkpoints, 10);
    List<Tag> order = new ArrayList<>();
    opened(backend).loadNewest(List.of(noting(Tag.DEDUP, order), noting(Tag.SIG, order)));
    assertThat(order).containsExactly(Tag.DEDUP, Tag.SIG);
  }

  private static FakeView noting(Tag tag, List<Tag> order) {
    return new FakeView(tag) {
      @Override
      public void loaded(long position) {
        super.loaded(position);
        order.add(tag());
      }
    };
  }

  @Test
  void twoGenerationsAreKeptAndOnlyTheirPages() {
    for (int round = 1; round <= 5; round++) {
      fill(first, 2, round);
      write(checkpoints, 10L * round);
    }

    assertThat(checkpoints.generations())
        .extracting(CheckpointMeta::generation)
        .containsExactly(5L, 4L);
    assertThat(checkpoints.safeCutPosition()).isEqualTo(40);
    assertThat(keys(Tag.DEDUP)).isEqualTo(4);
    assertThat(keys(Tag.CKPT)).isEqualTo(4);
    assertThat(checkpoints.removeOrphans()).isZero();
    assertThat(checkpoints.verify()).isEmpty();
  }

  @Test
  void costFollowsChange() {
    for (int i = 0; i < 1_000; i++) {
      first.set(new PageKey(i, 0, 0), new byte[16_384]);
    }
    write(checkpoints, 1);
    long full = checkpoints.lastBytes();
    for (int i = 0; i < 10; i++) {
      first.set(new PageKey(i * 7L, 0, 0), new byte[100]);
    }
    write(checkpoints, 2);

    assertThat(full).isGreaterThan(16_384_000);
    assertThat(checkpoints.lastBytes()).isLessThan(10 * 121 + 1_000 * Manifest.ROW_BYTES + 200);
    assertThat(checkpoints.pageCount()).isEqualTo(1_000);
    assertThat(keys(Tag.DEDUP)).isEqualTo(1_010);
    assertThat(reloaded(backend, 2)).isEqualTo(first.text().toString());
  }

  @Test
  void aPageMayGo() {
    fill(first, 3, 1);
    write(checkpoints, 1);
    first.set(new PageKey(1, 0, 0), new byte[0]);
    write(checkpoints, 2);
    assertThat(checkpoints.pageCount()).isEqualTo(2);
    write(checkpoints, 3);

    assertThat(keys(Tag.DEDUP)).isEqualTo(2);
    assertThat(reloaded(backend, 3)).isEqualTo(first.text().toString());
  }

  @Test
  void savingRestoringAndSavingGivesTheSameBytes() {
    fill(first, 3, 1);
    fill(second, 4, 1);
    CheckpointMeta meta = write(checkpoints, 9);

    var copy = new InMemoryBackend();
    var views = List.of(new FakeView(Tag.SIG), new FakeView(Tag.DEDUP));
    opened(backend).loadNewest(List.copyOf(views));
    var others = opened(copy, new FakeView(Tag.SIG), new FakeView(Tag.DEDUP));
    CheckpointMeta again =
        others.write(
            9, TIME, SCHEMA, views.stream().map(v -> new Frozen(v, v.freeze(true))).toList());

    assertThat(again).isEqualTo(meta);
    assertThat(content(copy)).isEqualTo(content(backend));
  }

  @Test
  void shadowBatchesAreSmallAndTheManifestIsCut() {
    var stopping = new StoppingBackend(backend, Integer.MAX_VALUE, AssertionError::new);
    var large = opened(stopping, first, second);
    for (int i = 0; i < 160_000; i++) {
      first.set(new PageKey(i, 0, 0), new byte[64]);
    }
    write(large, 1);

    assertThat(stopping.calls).isEqualTo(4 + 1 + 2);
    assertThat(keys(Tag.CKPT)).isEqualTo(3);
    assertThat(opened(backend).loadNewest(views()).meta()).isPresent();
  }

  @Test
  void anythingDamagedInTheNewestGenerationBringsTheOlder() {
    long seed = Long.getLong("tidal.seed", 31);
    var random = new SplittableRandom(seed);
    fill(first, 5, 1);
    write(checkpoints, 10);
    String older = first.text().toString();
    fill(first, 3, 2);
    write(checkpoints, 20);
    List<byte[]> newest = keysOf(2);
    assertThat(newest).hasSize(3 + 2);

    for (byte[] key : newest) {
      byte[] value = backend.get(Keyspace.SYSTEM, key).orElseThrow();
      for (int i = 0; i < 20; i++) {
        byte[] damaged = value.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        backend.put(Keyspace.SYSTEM, key, damaged);
        assertOlderIsUsed(older, "seed=" + seed);
      }
      if (Keys.tag(key) != Tag.CKPT || Keys.pageType(key) != 0) {
        backend.delete(Keyspace.SYSTEM, key);
        assertOlderIsUsed(older, "seed=" + seed);
      }
      backend.put(Keyspace.SYSTEM, key, value);
    }
    assertThat(reloaded(backend, 20)).isEqualTo(first.text().toString());
  }

  private void assertOlderIsUsed(String older, String seed) {
    var view = new FakeView(Tag.DEDUP);
    var reopened = opened(backend);
    Loaded loaded = reopened.loadNewest(List.of(view, new FakeView(Tag.SIG)));
    assertThat(loaded.meta().map(CheckpointMeta::position)).as(seed).contains(10L);
    assertThat(loaded.refused()).as(seed).singleElement().asString().contains("generation=2");
    assertThat(view.text().toString()).as(seed).isEqualTo(older);
    assertThat(reopened.safeCutPosition()).as(seed).isZero();
    assertThat(reopened.verify()).as(seed).hasSize(1);
  }

  @Test
  void aRefusedGenerationIsRemovedAndItsNumberIsNotUsedAgain() {
    fill(first, 5, 1);
    write(checkpoints, 10);
    fill(first, 3, 2);
    write(checkpoints, 20);
    damage(Keys.page(Tag.DEDUP, 1, 0, 0, 2));
    var view = new FakeView(Tag.DEDUP);
    var sig = new FakeView(Tag.SIG);
    var reopened = opened(backend, view, sig);

    assertThat(reopened.removeOrphans()).isEqualTo(3 + 2);
    fill(view, 1, 3);
    CheckpointMeta meta =
        reopened.write(30, TIME, SCHEMA, List.of(new Frozen(view, view.freeze(false))));

    assertThat(meta.generation()).isEqualTo(3);
    assertThat(reopened.safeCutPosition()).isEqualTo(10);
    assertThat(reloaded(backend, 30)).isEqualTo(view.text().toString());
  }

  @Test
  void aDamagedPageOfBothGenerationsIsReportedTwice() {
    fill(first, 2, 1);
    write(checkpoints, 10);
    first.set(new PageKey(0, 0, 0), new byte[] {9});
    write(checkpoints, 20);
    damage(Keys.page(Tag.DEDUP, 1, 0, 0, 1));
    var view = new FakeView(Tag.DEDUP);

    Loaded loaded = opened(backend).loadNewest(List.of(view, new FakeView(Tag.SIG)));

    assertThat(loaded.meta()).isEmpty();
    assertThat(loaded.refused()).hasSize(2);
    assertThat(view.pages).isEmpty();
    assertThat(view.loadedPosition()).isZero();
  }

  @Test
  void aGenerationThatAViewDoesNotAcceptIsRefused() {
    fill(first, 2, 1);
    write(checkpoints, 10);
    var view = new FakeView(Tag.DEDUP);
    view.refusesToLoad = true;

    Loaded loaded = opened(backend).loadNewest(List.of(view));

    assertThat(loaded.meta()).isEmpty();
    assertThat(loaded.refused()).singleElement().asString().contains("does not fit");
    assertThat(opened(backend).loadNewest(List.of(new FakeView(Tag.SESS))).refused())
        .singleElement()
        .asString()
        .contains("no view has this tag");
  }

  @Test
  void aCrashAtAnyCallLeavesTheOlderOrTheNewerGenerationWhole() {
    long seed = Long.getLong("tidal.seed", 77);
    int crashes = 0;
    for (int round = 0; round < 3; round++) {
      for (int call = 0; ; call++) {
        if (!crashAt(round, call, new SplittableRandom(seed + call), "seed=" + seed)) {
          break;
        }
        crashes++;
      }
    }
    assertThat(crashes).isEqualTo(3 * 5);
  }

  /// Two generations, then a third that dies before its call-th write or flush.
  private static boolean crashAt(int round, int call, SplittableRandom random, String seed) {
    var memory = new InMemoryBackend();
    var stopping =
        new StoppingBackend(memory, Integer.MAX_VALUE, () -> new SimulatedCrash("backend"));
    var view = new FakeView(Tag.DEDUP);
    var sig = new FakeView(Tag.SIG);
    var checkpoints = opened(stopping, view, sig);
    String before = "";
    for (int i = 1; i <= 2; i++) {
      for (int page = 0; page < 4; page++) {
        view.set(new PageKey(page, 0, 0), new byte[] {(byte) i, (byte) page});
      }
      checkpoints.write(10L * i, TIME, SCHEMA, List.of(new Frozen(view, view.freeze(false))));
      before = view.text().toString();
    }
    stopping.allow(call);
    for (int page = 0; page < 5; page++) {
      view.set(new PageKey(page, 0, 0), new byte[3 << 18]);
    }
    view.set(new PageKey(6, 0, 0), new byte[1 << 20]);
    String after = view.text().toString();
    boolean crashed = false;
    try {
      checkpoints.write(30, TIME, SCHEMA, List.of(new Frozen(view, view.freeze(false))));
    } catch (SimulatedCrash e) {
      crashed = true;
      assertThat(view.dirtyCount()).as(seed).isEqualTo(6);
    }
    int unflushed = CrashedBackend.unflushedBatches(memory);
    var left =
        round == 0
            ? CrashedBackend.of(memory, 0)
            : round == 1 ? CrashedBackend.of(memory, unflushed) : CrashedBackend.of(memory, random);

    var restored = new FakeView(Tag.DEDUP);
    var reopened = opened(left);
    Loaded loaded = reopened.loadNewest(List.of(restored, new FakeView(Tag.SIG)));
    assertThat(loaded.refused()).as(seed).isEmpty();
    long position = loaded.meta().orElseThrow().position();
    assertThat(position).as(seed).isIn(20L, 30L);
    assertThat(restored.text().toString()).as(seed).isEqualTo(position == 30 ? after : before);
    if (!crashed) {
      assertThat(position).as(seed).isEqualTo(30);
    }
    reopened.removeOrphans();
    assertThat(reopened.removeOrphans()).as(seed).isZero();
    assertThat(reopened.generations()).as(seed).hasSize(2);
    assertThat(reopened.verify()).as(seed).isEmpty();
    return crashed;
  }

  @Test
  void aFailedCheckpointChangesNothingAndIsTriedAgain() {
    var stopping =
        new StoppingBackend(
            backend,
            Integer.MAX_VALUE,
            () -> new StorageException("write", "store", StorageException.Outcome.UNKNOWN, null));
    var view = new FakeView(Tag.DEDUP);
    var tried = opened(stopping, view, new FakeView(Tag.SIG));
    fill(view, 3, 1);
    write(tried, 10, view);
    fill(view, 3, 2);
    write(tried, 20, view);
    for (int call = 0; call < 4; call++) {
      fill(view, 2, 3 + call);
      stopping.allow(call);
      assertThatThrownBy(() -> write(tried, 30, view)).isInstanceOf(StorageException.class);
      stopping.allow(Integer.MAX_VALUE);

      assertThat(view.dirtyCount()).isEqualTo(2);
      assertThat(tried.newest().orElseThrow().position()).isEqualTo(20);
      assertThat(tried.safeCutPosition()).isEqualTo(10);
    }
    CheckpointMeta meta = write(tried, 40, view);

    assertThat(meta.generation()).isEqualTo(7);
    assertThat(tried.safeCutPosition()).isEqualTo(20);
    assertThat(keys(Tag.DEDUP)).isEqualTo(3 + 2);
    assertThat(tried.removeOrphans()).isZero();
    assertThat(reloaded(backend, 40)).isEqualTo(view.text().toString());
  }

  @Test
  void theCrashPointsStandBeforeAndAfterTheSwitch() {
    List<String> seen = new ArrayList<>();
    CrashInjector injector = point -> seen.add(point + " " + opened(backend).generations().size());
    var observed = new Checkpoints(backend, injector);
    var _ = observed.loadNewest(List.of(first));
    fill(first, 1, 1);
    observed.write(1, TIME, SCHEMA, List.of(new Frozen(first, first.freeze(false))));

    assertThat(seen)
        .containsExactly(
            CrashPoint.CHECKPOINT_PRE_FLUSH + " 0", CrashPoint.CHECKPOINT_POST_FLUSH + " 1");
  }

  @Test
  void misuseIsABrokenInvariant() {
    var unloaded = new Checkpoints(backend, CrashInjector.NONE);
    assertThatThrownBy(() -> unloaded.write(1, TIME, SCHEMA, List.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(unloaded::removeOrphans).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> unloaded.loadNewest(List.of(first, new FakeView(Tag.DEDUP))))
        .isInstanceOf(IllegalStateException.class);
    first.set(new PageKey(1, 0, 0), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> write(checkpoints, 1)).isInstanceOf(IllegalStateException.class);
    first.set(new PageKey(1, 0, 0), new byte[1]);
    write(checkpoints, 5);
    assertThatThrownBy(() -> write(checkpoints, 4)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rowsOfOthersAreNoOrphans() {
    backend.put(Keyspace.SYSTEM, Keys.row(0, Tag.MV, new byte[] {1}), new byte[] {1});
    backend.put(Keyspace.SYSTEM, Keys.page(Tag.PROFILE, 1, 0, 0, 1), new byte[] {1});
    backend.put(Keyspace.ITEMS, Keys.page(Tag.DEDUP, 1, 0, 0, 1), new byte[] {1});
    backend.put(Keyspace.SYSTEM, Keys.page(Tag.DEDUP, 1, 0, 0, 1), new byte[] {1});

    assertThat(checkpoints.removeOrphans()).isEqualTo(1);
    assertThat(keys(Tag.MV) + keys(Tag.PROFILE)).isEqualTo(2);
  }

  private static List<io.tidaldb.log.PageView> views() {
    return List.of(new FakeView(Tag.DEDUP), new FakeView(Tag.SIG));
  }

  private static Checkpoints opened(StorageBackend backend, FakeView... views) {
    var checkpoints = new Checkpoints(backend, CrashInjector.NONE);
    if (views.length > 0) {
      var _ = checkpoints.loadNewest(List.of(views));
    }
    return checkpoints;
  }

  private static void fill(FakeView view, int pages, int content) {
    for (int i = 0; i < pages; i++) {
      view.set(new PageKey(i, 0, 0), new byte[] {(byte) content, (byte) i, 7});
    }
  }

  private CheckpointMeta write(Checkpoints checkpoints, long position) {
    return write(checkpoints, position, first, second);
  }

  private static CheckpointMeta write(Checkpoints checkpoints, long position, FakeView... views) {
    List<Frozen> frozen = new ArrayList<>();
    for (FakeView view : views) {
      frozen.add(new Frozen(view, view.freeze(false)));
    }
    return checkpoints.write(position, TIME, SCHEMA, frozen);
  }

  private static String reloaded(StorageBackend backend, long position) {
    var view = new FakeView(Tag.DEDUP);
    Loaded loaded = opened(backend).loadNewest(List.of(view, new FakeView(Tag.SIG)));
    assertThat(loaded.refused()).isEmpty();
    assertThat(loaded.meta().orElseThrow().position()).isEqualTo(position);
    return view.text().toString();
  }

  private void damage(byte[] key) {
    byte[] value = backend.get(Keyspace.SYSTEM, key).orElseThrow();
    value[0] ^= 1;
    backend.put(Keyspace.SYSTEM, key, value);
  }

  private int keys(Tag tag) {
    int count = 0;
    try (var cursor = backend.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        count += Keys.tag(cursor.key()) == tag ? 1 : 0;
      }
    }
    return count;
  }

  private List<byte[]> keysOf(long generation) {
    List<byte[]> keys = new ArrayList<>();
    try (var cursor = backend.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        if (Keys.pageGeneration(cursor.key()) == generation) {
          keys.add(cursor.key());
        }
      }
    }
    return keys;
  }

  private static List<String> content(StorageBackend backend) {
    List<String> content = new ArrayList<>();
    try (var cursor = backend.scanPrefix(Keyspace.SYSTEM, new byte[0])) {
      while (cursor.next()) {
        content.add(
            java.util.HexFormat.of().formatHex(cursor.key())
                + java.util.HexFormat.of().formatHex(cursor.value()));
      }
    }
    return content;
  }
}
