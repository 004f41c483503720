package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.CollectionWrite;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NameTakenException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Visibility;
import io.tidaldb.schema.Write;
import io.tidaldb.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every call about collections through the door.
final class CollectionsTest {

  private static final EntityId OWNER = EntityId.of(42);
  private static final EntityId FRIEND = EntityId.of(7);
  private static final EntityId STRANGER = EntityId.of(8);

  private final ManualClock clock = new ManualClock();
  private final TidalDb db =
      Doors.ephemeral(clock).collectionsPerOwner(5).itemsPerCollection(20).open();

  @AfterEach
  void close() {
    assertThat(db.verify(true).findings()).isEmpty();
    db.close();
  }

  private static EntityId item(long id) {
    return EntityId.of(id);
  }

  private void writeItems(long from, long to) {
    LongStream.rangeClosed(from, to).forEach(id -> db.writeItem(item(id), Map.of()));
  }

  private List<Long> members(CollectionId id) {
    return members(db, id);
  }

  private static List<Long> members(TidalDb db, CollectionId id) {
    var request = Optional.of(PageRequest.first(1_000));
    var members = new ArrayList<Long>();
    while (request.isPresent()) {
      var page = db.collectionItems(id, request.get());
      page.items().forEach(member -> members.add(member.item().value()));
      request = page.following(request.get());
    }
    return members;
  }

  private CollectionId favorites(long... items) {
    var id = db.createCollection(42, "favorites", Visibility.PRIVATE);
    for (long item : items) {
      db.writeItem(item(item), Map.of());
      assertThat(db.addToCollection(id, item(item))).isTrue();
    }
    return id;
  }

  @Test
  void aNewCollectionIsListedWithWhatItIs() {
    var id = db.createCollection(42, "  favorites ", Visibility.UNLISTED);
    assertThat(id).isEqualTo(CollectionId.of(1));
    var now = Timestamp.now(clock);
    var info = new CollectionInfo(id, OWNER, "favorites", Visibility.UNLISTED, 0, now, now);
    assertThat(db.listCollections(42)).containsExactly(info);
    assertThat(db.collection(id)).isEqualTo(info);
    assertThat(db.listCollections(43)).isEmpty();
    assertThat(db.metricsText()).contains("\ntidaldb_collections 1\n");
  }

  @Test
  void membersKeepTheOrderAndTheTimeTheyWereAdded() {
    var id = favorites(3, 1, 2);
    clock.advance(Duration.ofSeconds(5));
    db.writeItem(item(9), Map.of());
    assertThat(db.addToCollection(id, item(9), 1)).isTrue();
    var page = db.collectionItems(id, PageRequest.first());
    assertThat(page.next()).isEmpty();
    assertThat(page.items())
        .extracting(member -> member.item().value())
        .containsExactly(3L, 9L, 1L, 2L);
    assertThat(page.items()).extracting(CollectionItem::index).containsExactly(0, 1, 2, 3);
    assertThat(page.items().get(1).addedAt()).isEqualTo(Timestamp.now(clock));
    assertThat(page.items().get(0).addedAt()).isLessThan(Timestamp.now(clock));
    assertThat(db.collection(id).itemCount()).isEqualTo(4);
    assertThat(db.collection(id).changed()).isEqualTo(Timestamp.now(clock));
    assertThat(db.collection(id).created()).isLessThan(Timestamp.now(clock));
  }

  @Test
  void aMemberStaysWhereItIs() {
    var id = favorites(1, 2, 3);
    long before = db.position();
    assertThat(db.addToCollection(id, item(1))).isFalse();
    assertThat(db.addToCollection(id, item(1), 2)).isFalse();
    assertThat(db.moveInCollection(id, item(1), 0)).isTrue();
    assertThat(db.removeFromCollection(id, item(77))).isFalse();
    assertThat(db.moveInCollection(id, item(77), 0)).isFalse();
    assertThat(db.renameCollection(id, "favorites").duplicate()).isTrue();
    assertThat(db.setVisibility(id, Visibility.PRIVATE).duplicate()).isTrue();
    assertThat(db.unshareCollection(id, FRIEND).duplicate()).isTrue();
    assertThat(db.shareCollection(id, OWNER).duplicate()).isTrue();
    assertThat(db.position()).isEqualTo(before);
    assertThat(members(id)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void movesGoToThePlaceAfterTheMove() {
    var id = favorites(1, 2, 3, 4);
    assertThat(db.moveInCollection(id, item(1), 3)).isTrue();
    assertThat(members(id)).containsExactly(2L, 3L, 4L, 1L);
    assertThat(db.moveInCollection(id, item(1), 0)).isTrue();
    assertThat(members(id)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(db.moveInCollection(id, item(4), 1)).isTrue();
    assertThat(members(id)).containsExactly(1L, 4L, 2L, 3L);
    assertThat(db.removeFromCollection(id, item(4))).isTrue();
    assertThat(members(id)).containsExactly(1L, 2L, 3L);
    refused("INDEX_OUT_OF_RANGE", () -> db.moveInCollection(id, item(1), 3));
    refused("INDEX_OUT_OF_RANGE", () -> db.moveInCollection(id, item(1), -1));
    db.writeItem(item(4), Map.of());
    refused("INDEX_OUT_OF_RANGE", () -> db.addToCollection(id, item(4), 4));
    refused("INDEX_OUT_OF_RANGE", () -> db.addToCollection(id, item(4), -1));
    assertThat(db.addToCollection(id, item(4), 3)).isTrue();
  }

  private static void refused(
      String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aTakenNameIsRefusedWithTheIdThatHasIt() {
    var id = favorites();
    var other = db.createCollection(OWNER, "other", Visibility.PUBLIC);
    assertThatThrownBy(() -> db.createCollection(42, "favorites ", Visibility.PUBLIC))
        .isInstanceOfSatisfying(
            NameTakenException.class,
            taken -> {
              assertThat(taken.code()).isEqualTo("NAME_TAKEN");
              assertThat(taken.collection()).isEqualTo(id);
              assertThat(taken).hasMessageContaining("collection=1");
            });
    assertThatThrownBy(() -> db.renameCollection(other, "favorites"))
        .isInstanceOf(NameTakenException.class);
    assertThat(db.createCollection(43, "favorites", Visibility.PUBLIC).value()).isEqualTo(3);
    assertThat(db.createCollection(42, "Favorites", Visibility.PUBLIC).value()).isEqualTo(4);
    db.renameCollection(id, "old");
    assertThat(db.createCollection(42, "favorites", Visibility.PUBLIC).value()).isEqualTo(5);
    db.deleteCollection(id);
    assertThat(db.createCollection(42, "old", Visibility.PUBLIC).value()).isEqualTo(6);
  }

  @Test
  void aRepeatedCreateGivesTheIdOfTheFirst() {
    var key = IdempotencyKey.of("create-1");
    var id = db.createCollection(OWNER, "favorites", Visibility.PRIVATE, key);
    favoritesOf(43);
    assertThat(db.createCollection(OWNER, "favorites", Visibility.PRIVATE, key)).isEqualTo(id);
    db.renameCollection(id, "renamed");
    assertThat(db.createCollection(OWNER, "favorites", Visibility.PRIVATE, key)).isEqualTo(id);
    assertThat(db.listCollections(42)).hasSize(1);
    db.deleteCollection(id);
    assertThatThrownBy(() -> db.createCollection(OWNER, "favorites", Visibility.PRIVATE, key))
        .isInstanceOf(NotFoundException.class);
  }

  private CollectionId favoritesOf(long owner) {
    return db.createCollection(owner, "favorites", Visibility.PRIVATE);
  }

  @Test
  void namesAreCheckedOnTheCallersSide() {
    for (var name : List.of("", "   ", "a\nb", "a\u0007", "x".repeat(201), "\ud800")) {
      refused("NAME_INVALID", () -> db.createCollection(42, name, Visibility.PUBLIC));
    }
    var longest = "\ud83c\udfb9".repeat(200);
    var id = db.createCollection(42, longest, Visibility.PUBLIC);
    assertThat(db.collection(id).name()).isEqualTo(longest);
    refused("NAME_INVALID", () -> db.renameCollection(id, "\t"));
  }

  @Test
  void whatDoesNotExistIsNotFound() {
    var id = favorites(1);
    for (var absent : List.of(CollectionId.of(0), CollectionId.of(2), CollectionId.of(-1))) {
      notFound(() -> db.collection(absent));
      notFound(() -> db.collectionItems(absent, PageRequest.first()));
      notFound(() -> db.addToCollection(absent, item(1)));
      notFound(() -> db.removeFromCollection(absent, item(1)));
      notFound(() -> db.moveInCollection(absent, item(1), 0));
      notFound(() -> db.renameCollection(absent, "x"));
      notFound(() -> db.setVisibility(absent, Visibility.PUBLIC));
      notFound(() -> db.shareCollection(absent, FRIEND));
      notFound(() -> db.deleteCollection(absent));
    }
    notFound(() -> db.addToCollection(id, item(2)));
    db.deleteItem(item(1));
    notFound(() -> db.addToCollection(id, item(1)));
    assertThat(db.collection(id).itemCount()).isZero();
  }

  private static void notFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NotFoundException.class);
  }

  @Test
  void limitsRefuseGrowthOnly() {
    for (int i = 1; i <= 5; i++) {
      assertThat(db.createCollection(42, "c" + i, Visibility.PUBLIC).value()).isEqualTo(i);
    }
    limited("collectionsPerOwner", () -> db.createCollection(42, "c6", Visibility.PUBLIC));
    db.deleteCollection(CollectionId.of(5));
    assertThat(db.createCollection(42, "c6", Visibility.PUBLIC).value()).isEqualTo(6);
    var id = CollectionId.of(1);
    writeItems(1, 21);
    assertThat(db.addAllToCollection(id, LongStream.range(1, 20).mapToObj(EntityId::of).toList()))
        .isEqualTo(19);
    limited("itemsPerCollection", () -> db.addAllToCollection(id, List.of(item(20), item(21))));
    assertThat(db.collection(id).itemCount()).isEqualTo(19);
    assertThat(db.addAllToCollection(id, List.of(item(1), item(20), item(2)))).isEqualTo(1);
    limited("itemsPerCollection", () -> db.addToCollection(id, item(21)));
    assertThat(db.addToCollection(id, item(20))).isFalse();
    for (long user = 100; user < 200; user++) {
      db.shareCollection(id, item(user));
    }
    limited("shares", () -> db.shareCollection(id, item(200)));
    db.unshareCollection(id, item(150));
    assertThat(db.shareCollection(id, item(200)).duplicate()).isFalse();
  }

  private static void limited(
      String name, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LimitExceededException.class, e -> assertThat(e.limitName()).isEqualTo(name));
  }

  @Test
  void manyItemsAreAddedAsOneUnit() {
    var id = favorites(1);
    writeItems(2, 4);
    notFound(() -> db.addAllToCollection(id, List.of(item(2), item(3), item(99))));
    assertThat(members(id)).containsExactly(1L);
    var key = IdempotencyKey.of("all");
    assertThat(db.addAllToCollection(id, List.of(item(3), item(1), item(2), item(3)), key))
        .isEqualTo(2);
    assertThat(members(id)).containsExactly(1L, 3L, 2L);
    db.removeFromCollection(id, item(3));
    db.addAllToCollection(id, List.of(item(3), item(1), item(2), item(3)), key);
    assertThat(members(id)).containsExactly(1L, 2L);
    assertThat(db.addAllToCollection(id, List.of())).isZero();
  }

  @Test
  void aBatchSeesWhatItDidBefore() {
    var id = favorites(1, 2);
    var receipts =
        db.write(
            List.of(
                Write.item(item(3), Map.of()),
                CollectionWrite.add(id, item(3), 0),
                CollectionWrite.move(id, item(1), 0),
                CollectionWrite.move(id, item(1), 0),
                CollectionWrite.remove(id, item(2)),
                CollectionWrite.add(id, item(2)),
                CollectionWrite.remove(id, item(77)),
                Write.delete(io.tidaldb.schema.EntityKind.ITEM, item(3), Optional.empty()),
                CollectionWrite.remove(id, item(3)),
                Write.item(item(3), Map.of()),
                CollectionWrite.add(id, item(3))));
    assertThat(receipts.stream().map(receipt -> receipt.duplicate() ? 0 : 1))
        .containsExactly(1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1);
    assertThat(members(id)).containsExactly(1L, 2L, 3L);
    notFound(
        () ->
            db.write(
                List.of(CollectionWrite.remove(id, item(1)), CollectionWrite.add(id, item(50)))));
    assertThat(members(id)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void everyWriteMayStandInABatchUnderAKey() {
    var id = favorites(1, 2);
    List<CollectionWrite> writes =
        List.of(
            CollectionWrite.create(OWNER, "second", Visibility.PUBLIC),
            CollectionWrite.rename(id, "third"),
            CollectionWrite.create(OWNER, "favorites", Visibility.PUBLIC),
            CollectionWrite.show(id, Visibility.UNLISTED),
            CollectionWrite.share(id, FRIEND),
            CollectionWrite.share(id, STRANGER),
            CollectionWrite.unshare(id, STRANGER),
            CollectionWrite.move(id, item(2), 0),
            CollectionWrite.remove(id, item(1)),
            CollectionWrite.add(id, item(1)),
            CollectionWrite.delete(CollectionId.of(2)),
            CollectionWrite.create(OWNER, "second", Visibility.PUBLIC));
    var keyed = new ArrayList<Write>();
    for (int i = 0; i < writes.size(); i++) {
      keyed.add(writes.get(i).withKey(IdempotencyKey.of("batch " + i)));
    }
    assertThat(Doors.answer(db.writeAsync(keyed))).noneMatch(Receipt::duplicate);
    long position = db.position();
    assertThat(db.write(keyed)).allMatch(Receipt::duplicate);
    assertThat(db.position()).isEqualTo(position);
    assertThat(db.listCollections(OWNER))
        .extracting(info -> info.id() + " " + info.name())
        .containsExactly("1 third", "3 favorites", "4 second");
    assertThat(names(FRIEND)).containsExactly("third", "favorites", "second");
    assertThat(names(STRANGER)).containsExactly("favorites", "second");
    assertThat(members(id)).containsExactly(2L, 1L);
  }

  @Test
  void whatIsCollectedUnderANameMakesItsCollectionOnce() {
    writeItems(1, 3);
    var key = IdempotencyKey.sequence(1, 1);
    var first = CollectionWrite.collect(OWNER, " sea ", Visibility.PUBLIC, item(1)).withKey(key);
    var second = CollectionWrite.collect(OWNER, "sea", Visibility.PRIVATE, item(2));
    assertThat(db.write(List.of(first, second, second)))
        .extracting(Receipt::duplicate)
        .containsExactly(false, false, true);
    assertThat(db.write(List.of(first)).getFirst().duplicate()).isTrue();
    var missing = CollectionWrite.collect(OWNER, "ghosts", Visibility.PUBLIC, item(9));
    notFound(() -> db.write(List.of(missing)));
    var infos = db.listCollections(42);
    assertThat(infos).extracting(CollectionInfo::name).containsExactly("sea");
    assertThat(infos.getFirst().visibility()).isEqualTo(Visibility.PUBLIC);
    assertThat(members(infos.getFirst().id())).containsExactly(1L, 2L);
  }

  @Test
  void aViewerSeesWhatItMay() {
    for (var visibility : Visibility.values()) {
      var id = db.createCollection(42, visibility.label(), visibility);
      db.shareCollection(id, FRIEND);
    }
    assertThat(names(OWNER)).containsExactly("private", "unlisted", "public");
    assertThat(names(FRIEND)).containsExactly("private", "unlisted", "public");
    assertThat(names(STRANGER)).containsExactly("public");
    for (long id = 1; id <= 3; id++) {
      var collection = CollectionId.of(id);
      for (var viewer : List.of(OWNER, FRIEND)) {
        assertThat(db.collection(collection, viewer).id()).isEqualTo(collection);
        assertThat(db.collectionItems(collection, viewer, PageRequest.first()).items()).isEmpty();
      }
    }
    notFound(() -> db.collection(CollectionId.of(1), STRANGER));
    notFound(() -> db.collectionItems(CollectionId.of(1), STRANGER, PageRequest.first()));
    assertThat(db.collection(CollectionId.of(2), STRANGER).name()).isEqualTo("unlisted");
    db.unshareCollection(CollectionId.of(1), FRIEND);
    notFound(() -> db.collection(CollectionId.of(1), FRIEND));
    db.setVisibility(CollectionId.of(1), Visibility.PUBLIC);
    assertThat(db.collection(CollectionId.of(1), STRANGER).name()).isEqualTo("private");
  }

  private List<String> names(EntityId viewer) {
    return db.listCollections(OWNER, viewer).stream().map(CollectionInfo::name).toList();
  }

  @Test
  void aDeletedItemIsOutEverywhereAndItsNextLifeIsNotIn() {
    var first = favorites(1, 2);
    var second = db.createCollection(43, "second", Visibility.PUBLIC);
    db.addToCollection(second, item(1));
    assertThat(db.collectionsOf(item(1), OWNER))
        .extracting(CollectionInfo::id)
        .containsExactly(first);
    assertThat(db.collectionsOf(item(1), EntityId.of(43))).hasSize(1);
    db.deleteItem(item(1));
    db.writeItem(item(1), Map.of());
    assertThat(members(first)).containsExactly(2L);
    assertThat(members(second)).isEmpty();
    assertThat(db.collectionsOf(item(1), OWNER)).isEmpty();
    assertThat(db.collection(second).itemCount()).isZero();
  }

  @Test
  void borderIdsAreOrdinary() {
    for (long border : new long[] {0, -1}) {
      var id = db.createCollection(border, "border", Visibility.PRIVATE);
      db.writeItem(item(border), Map.of());
      assertThat(db.addToCollection(id, item(border))).isTrue();
      assertThat(db.listCollections(border))
          .extracting(CollectionInfo::itemCount)
          .containsExactly(1);
      assertThat(db.collectionsOf(item(border), item(border))).hasSize(1);
      db.shareCollection(id, item(~border));
      assertThat(db.collection(id, item(~border)).owner()).isEqualTo(item(border));
      assertThat(members(id)).containsExactly(border);
    }
  }

  @Test
  void pagesGoOnWhereTheyWereWhateverHappensMeanwhile() {
    var id = favorites(LongStream.rangeClosed(1, 12).toArray());
    var request = PageRequest.first(4);
    var first = db.collectionItems(id, request);
    assertThat(first.items()).hasSize(4);
    db.deleteItem(item(4));
    db.moveInCollection(id, item(5), 0);
    db.removeFromCollection(id, item(6));
    var second = db.collectionItems(id, first.following(request).orElseThrow());
    assertThat(second.items())
        .extracting(member -> member.item().value())
        .containsExactly(7L, 8L, 9L, 10L);
    db.deleteCollection(id);
    notFound(() -> db.collectionItems(id, second.following(request).orElseThrow()));
    var other = favoritesOf(50);
    for (var token : List.of("", "-", "xyz", "1-", "-1", "1-2-3", "12345678901234567-1")) {
      refused(
          "PAGE_TOKEN_INVALID",
          () -> db.collectionItems(other, new PageRequest(4, Optional.of(token))));
    }
  }

  @Test
  void sixtyFourCallersFillOneCollectionWithoutLosingOne() throws Exception {
    try (var big = Doors.ephemeral(clock).open()) {
      int callers = 64;
      int each = 20;
      IntStream.range(0, callers * each).forEach(i -> big.writeItem(item(i), Map.of()));
      var id = big.createCollection(42, "race", Visibility.PUBLIC);
      var begin = new CountDownLatch(1);
      var threads = new ArrayList<Thread>();
      var failures = new ConcurrentLinkedQueue<Throwable>();
      for (int caller = 0; caller < callers; caller++) {
        long from = (long) caller * each;
        threads.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                .start(
                    () -> {
                      Doors.await(begin);
                      for (long i = from; i < from + each; i++) {
                        big.addToCollection(id, item(i), 0);
                        if (i % 5 == 4) {
                          big.removeFromCollection(id, item(i));
                        }
                        big.moveInCollection(id, item(from), 0);
                        assertThat(members(big, id)).contains(i % 5 == 4 ? from : i);
                      }
                    }));
      }
      begin.countDown();
      for (var thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(members(big, id))
          .hasSize(callers * each * 4 / 5)
          .doesNotHaveDuplicates()
          .allMatch(item -> item % 5 != 4);
      assertThat(big.verify(true).findings()).isEmpty();
    }
  }
}
