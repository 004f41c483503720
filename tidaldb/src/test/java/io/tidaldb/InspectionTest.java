package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LockedException;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Window;
import io.tidaldb.schema.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A look from outside changes nothing and works on what is damaged.
class InspectionTest {

  private static final int SIGNALS = 40;

  @TempDir private Path folder;

  private Path store;

  @BeforeEach
  void fill() {
    store = folder.resolve("store");
    try (var db =
        TidalDb.builder().dataDirectory(store).schema(schema()).segmentBytes(4_096).open()) {
      db.writeItem(EntityId.of(1), Map.of("title", "one", "category", "jazz"));
      db.writeItem(EntityId.of(-1), Map.of("title", "last"));
      db.checkpoint();
      for (var number = 0; number < SIGNALS; number++) {
        db.write(
            List.of(
                Write.signal(
                    "view",
                    EntityId.of(number % 3),
                    Signal.by(7).key(IdempotencyKey.sequence(5, number)))));
      }
      db.deleteItem(EntityId.of(1));
    }
  }

  @Test
  void statusIsReadFromTheFiles() {
    var status = TidalDb.inspect(store).status();
    assertThat(status.live()).isFalse();
    assertThat(status.clean()).isTrue();
    assertThat(status.storeId()).isPresent();
    assertThat(status.lastPosition()).hasValue(lastPosition());
    assertThat(status.generations()).hasSize(2);
    assertThat(status.generations().getFirst().position()).isEqualTo(lastPosition());
    assertThat(status.segments()).isGreaterThan(1);
    assertThat(status.logBytes()).isGreaterThan(4_096);
    assertThat(status.schemaFingerprint()).isPresent();
    assertThat(status.unavailable()).isEmpty();
  }

  @Test
  void everyLookLeavesEverythingAsItWas() throws IOException {
    for (var damage : List.<Consumer<Path>>of(path -> {}, this::flipInTheLog, this::cutTheTable)) {
      damage.accept(store);
      var before = snapshot();
      for (var look : looks()) {
        try {
          look.accept(TidalDb.inspect(store));
        } catch (TidalException e) {
          assertThat(e.exitCode()).isEqualTo(5);
        }
      }
      assertThat(snapshot()).isEqualTo(before);
    }
  }

  @Test
  void aRunningDatabaseIsSaidToBeLive() {
    try (var db = TidalDb.open(store)) {
      var inspection = TidalDb.inspect(store);
      assertThat(inspection.status().live()).isTrue();
      assertThat(inspection.status().clean()).isFalse();
      assertThat(inspection.diagnostics().live()).isTrue();
      assertThat(inspection.paths()).isNotEmpty();
      assertThatThrownBy(() -> inspection.verify(false)).isInstanceOf(LockedException.class);
      assertThatThrownBy(inspection::recovery).isInstanceOf(LockedException.class);
      assertThatThrownBy(() -> inspection.state(line -> {})).isInstanceOf(LockedException.class);
      // The database still holds its lock and works.
      db.signal("view", EntityId.of(9));
      assertThatThrownBy(() -> TidalDb.open(store)).isInstanceOf(LockedException.class);
    }
  }

  @Test
  void recoveryIsForetold() {
    try (var db = TidalDb.open(store)) {
      db.signal("view", EntityId.of(9));
      db.signal("view", EntityId.of(9));
      db.abandon();
    }
    var forecast = TidalDb.inspect(store).recovery();
    assertThat(forecast.clean()).isFalse();
    assertThat(forecast.tail()).isEqualTo("whole");
    assertThat(forecast.eventsToReplay()).isEqualTo(2);
    assertThat(forecast.findings()).isEmpty();
    try (var db = TidalDb.open(store)) {
      assertThat(db.recovery().eventsReplayed()).isEqualTo(forecast.eventsToReplay());
      assertThat(db.recovery().lastPosition()).isEqualTo(forecast.lastPosition());
      assertThat(db.recovery().generation()).isEqualTo(forecast.generation());
    }
  }

  @Test
  void verifyFindsNothingWhereNothingIsWrong() {
    var found = TidalDb.inspect(store).verify(true);
    assertThat(found.findings()).isEmpty();
    assertThat(found.events()).isEqualTo(lastPosition());
    assertThat(found.pages()).isPositive();
  }

  @Test
  void anyFlippedByteOfTheLogIsFound() throws IOException {
    var random = new SplittableRandom(17);
    var segment = segments().getFirst();
    var whole = Files.readAllBytes(segment);
    for (var round = 0; round < 20; round++) {
      var bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(segment, bytes);
      assertThat(TidalDb.inspect(store).verify(false).ok()).as("round %d", round).isFalse();
    }
    Files.write(segment, whole);
    assertThat(TidalDb.inspect(store).verify(false).ok()).isTrue();
  }

  @Test
  void aDamagedPartIsUnavailableAndTheRestIsThere() throws IOException {
    cutTheTable(store);
    var status = TidalDb.inspect(store).status();
    assertThat(status.unavailable()).containsKey("store");
    assertThat(status.lastPosition()).hasValue(lastPosition());
    var diagnostics = TidalDb.inspect(store).diagnostics();
    assertThat(diagnostics.unavailable()).containsKey("views");
    assertThat(diagnostics.segments()).isNotEmpty();
    assertThat(TidalDb.inspect(store).verify(true).ok()).isFalse();
  }

  @Test
  void eventsAndStateAreDumped() {
    var events = new ArrayList<Map<String, Object>>();
    TidalDb.inspect(store).events(2, 5, events::add);
    assertThat(events).extracting(event -> event.get("position")).containsExactly(2L, 3L, 4L, 5L);
    assertThat(events.get(1))
        .containsEntry("event", "EntityWritten")
        .containsEntry("id", "18446744073709551615");
    assertThat(events.get(3))
        .containsEntry("signal", "view")
        .containsEntry("user", "7")
        .containsEntry("key", "5/1");
    var state = new ArrayList<Map<String, Object>>();
    TidalDb.inspect(store).state(state::add);
    assertThat(state).isNotEmpty().allSatisfy(entry -> assertThat(entry).containsKey("entry"));
  }

  @Test
  void diagnosticsCountPerView() {
    var found = TidalDb.inspect(store).diagnostics();
    assertThat(found.eventsBehindCheckpoint()).hasValue(0);
    assertThat(found.checkpointAge()).isPresent();
    assertThat(found.views())
        .anySatisfy(view -> assertThat(view.entries()).isPositive())
        .allSatisfy(view -> assertThat(view.position()).isLessThanOrEqualTo(lastPosition()));
  }

  @Test
  void whatComesAfterAPositionIsSetAside() throws IOException {
    var keep = lastPosition() - 10;
    assertThat(TidalDb.inspect(store).truncateAfter(keep)).isPositive();
    try (var db = TidalDb.open(store)) {
      assertThat(db.position()).isEqualTo(keep);
      assertThat(db.readItem(EntityId.of(1))).isPresent();
      assertThat(db.verify(true).findings()).isEmpty();
    }
    try (var aside = Files.list(store.resolve("quarantine"))) {
      assertThat(aside).anyMatch(path -> path.toString().contains("store-after-" + keep));
    }
  }

  @Test
  void whatTheOlderCheckpointHoldsCannotBeGivenUp() throws IOException {
    var before = snapshot();
    assertThatThrownBy(() -> TidalDb.inspect(store).truncateAfter(1))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("older checkpoint");
    before.remove("OWNER");
    var after = snapshot();
    after.remove("OWNER");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void whereThereIsNoStoreNothingIsMade() {
    var nothing = folder.resolve("nothing");
    assertThatThrownBy(() -> TidalDb.inspect(nothing).status())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> TidalDb.inspect(nothing).truncateAfter(1))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(nothing).doesNotExist();
  }

  /// The schema, two items, the signals, a deletion.
  private static long lastPosition() {
    return 4 + SIGNALS;
  }

  private static Schema schema() {
    return new SchemaBuilder()
        .signal("view", EntityKind.ITEM, Decay.exponential(Duration.ofDays(7)))
        .windows(Window.ONE_HOUR, Window.ALL_TIME)
        .add()
        .build();
  }

  private static List<Consumer<Inspection>> looks() {
    return List.of(
        Inspection::status,
        Inspection::paths,
        Inspection::diagnostics,
        Inspection::recovery,
        inspection -> inspection.verify(true),
        inspection -> inspection.events(1, Long.MAX_VALUE, line -> {}),
        inspection -> inspection.state(line -> {}));
  }

  private void flipInTheLog(Path directory) {
    try {
      var segment = segments().getFirst();
      var bytes = Files.readAllBytes(segment);
      bytes[200] ^= 4;
      Files.write(segment, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void cutTheTable(Path directory) {
    try (var files = Files.list(directory.resolve("store"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".sst")).toList()) {
        Files.write(file, new byte[100]);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(store.resolve("log"))) {
      return files.filter(path -> path.toString().endsWith(".seg")).sorted().toList();
    }
  }

  /// Name, size, time and checksum of every file; the lock is never opened.
  private Map<String, String> snapshot() throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.walk(store)) {
      for (var file : files.toList()) {
        var name = store.relativize(file).toString();
        var crc = new CRC32C();
        if (Files.isRegularFile(file) && !name.equals("LOCK")) {
          crc.update(Files.readAllBytes(file));
        }
        found.put(
            name, Files.size(file) + " " + Files.getLastModifiedTime(file) + " " + crc.getValue());
      }
    }
    return found;
  }
}
