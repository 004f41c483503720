package io.tidaldb.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.fault.CrashPoint;
import io.tidaldb.fault.SimulatedCrash;
import io.tidaldb.log.CollectionEvent.CollectionChanged;
import io.tidaldb.log.CollectionEvent.CollectionCreated;
import io.tidaldb.log.CollectionEvent.CollectionDropped;
import io.tidaldb.log.CollectionEvent.ItemAdded;
import io.tidaldb.log.CollectionEvent.ItemMoved;
import io.tidaldb.log.CollectionEvent.ItemRemoved;
import io.tidaldb.log.Event;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Visibility;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.Tag;
import io.tidaldb.testing.Crashes;
import io.tidaldb.testing.StateText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The rows of collections: what stands where, what damage is noticed, and what is there when.
final class CollectionRowsTest {

  private static final Header HEADER =
      new Header(-1, 7, "väter 🎹", Visibility.UNLISTED, 5, 6, 7, 3, List.of(0L, 9L, -1L));

  private final Fold fold = new Fold();

  private void create(long owner, long id) {
    fold.apply(new CollectionCreated(10, owner, id, Visibility.PRIVATE, "n" + id, null));
  }

  private void add(long owner, long id, long item) {
    fold.apply(Fold.written(11, item));
    fold.apply(new ItemAdded(12, owner, id, item, -1, null));
  }

  @Test
  void aRowIsReadAsItWasWritten() {
    byte[] key = CollectionRows.headerKey(-1, 7);
    assertThat(CollectionRows.header(key, CollectionRows.encode(HEADER))).isEqualTo(HEADER);
    var member = new Member(Long.MIN_VALUE, 3, -4);
    byte[] memberKey = CollectionRows.memberKey(-1, 7, 0);
    assertThat(CollectionRows.member(memberKey, CollectionRows.encode(member))).isEqualTo(member);
    assertThat(CollectionRows.collection(memberKey)).isEqualTo(7);
    assertThat(CollectionRows.item(memberKey)).isZero();
  }

  @Test
  void anyFlippedBitAndAnyCutIsNoticed() {
    byte[] key = CollectionRows.headerKey(-1, 7);
    byte[] good = CollectionRows.encode(HEADER);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatExceptionOfType(CorruptionException.class)
          .isThrownBy(() -> CollectionRows.header(key, bad))
          .withMessageContaining("USERS/18446744073709551615/COLL/7");
    }
    for (int size = 0; size < good.length; size++) {
      byte[] cut = Arrays.copyOf(good, size);
      assertThatExceptionOfType(CorruptionException.class)
          .isThrownBy(() -> CollectionRows.header(key, cut));
    }
    byte[] member = CollectionRows.encode(new Member(1, 2, 3));
    member[9] ^= 1;
    byte[] memberKey = CollectionRows.memberKey(1, 1, 1);
    assertThatExceptionOfType(CorruptionException.class)
        .isThrownBy(() -> CollectionRows.member(memberKey, member));
  }

  @Test
  void keysStandWhereTheFormatSays() {
    create(2, 1);
    add(2, 1, 3);
    fold.publish();
    byte[] one = {0, 0, 0, 0, 0, 0, 0, 1};
    byte[] header = {1, 0, 0, 0, 0, 0, 0, 0, 1};
    byte[] member = {2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3};
    assertThat(fold.storage.get(Keyspace.USERS, Keys.row(2, Tag.COLL, header))).isPresent();
    assertThat(fold.storage.get(Keyspace.USERS, Keys.row(2, Tag.COLL, member))).isPresent();
    assertThat(fold.storage.get(Keyspace.ITEMS, Keys.row(3, Tag.COLL, one)))
        .hasValueSatisfying(value -> assertThat(value).isEmpty());
    assertThat(fold.storage.get(Keyspace.SYSTEM, Keys.row(0, Tag.COLL, one)))
        .hasValueSatisfying(
            value -> assertThat(value).containsExactly(0, 0, 0, 0, 0, 0, 0, 2, 109, 19, -62, 125));
  }

  @Test
  void readersSeeWhatIsPublishedAndTheWriterSeesMore() {
    create(2, 1);
    assertThat(fold.reader().list(2, OptionalLong.empty())).isEmpty();
    assertThat(fold.view.header(1)).isPresent();
    fold.publish();
    assertThat(fold.reader().list(2, OptionalLong.empty())).hasSize(1);
    add(2, 1, 3);
    assertThat(fold.reader().slots(1, OptionalLong.empty()).isEmpty()).isTrue();
    assertThat(fold.view.contains(1, 3)).isTrue();
    fold.publish();
    assertThat(fold.reader().slots(1, OptionalLong.empty()).toArray())
        .containsExactly(fold.slots.slot(EntityKind.ITEM, 3));
  }

  @Test
  void aSetIsBuiltOnceUntilTheCollectionChanges() {
    create(2, 1);
    add(2, 1, 3);
    create(2, 2);
    fold.publish();
    var first = fold.reader().slots(1, OptionalLong.empty());
    add(2, 2, 4);
    fold.publish();
    assertThat(fold.reader().slots(1, OptionalLong.of(2))).isSameAs(first);
    add(2, 1, 4);
    fold.publish();
    assertThat(fold.reader().slots(1, OptionalLong.empty()).getCardinality()).isEqualTo(2);
  }

  /// The slot of another life of a member, given in the frame under way, is no member.
  @Test
  void theNextLifeOfAMemberIsNotInTheSet() {
    create(2, 1);
    add(2, 1, 3);
    fold.publish();
    fold.apply(Fold.deleted(20, 3));
    fold.apply(Fold.written(21, 3));
    assertThat(fold.reader().slots(1, OptionalLong.empty()).isEmpty()).isTrue();
    fold.publish();
    assertThat(fold.reader().slots(1, OptionalLong.empty()).isEmpty()).isTrue();
  }

  @Test
  void whatDoesNotFitIsFoldedWithoutAThrow() {
    create(2, 1);
    add(2, 1, 3);
    fold.publish();
    var before = StateText.of(fold.view);
    for (var event :
        List.<Event>of(
            new CollectionCreated(20, 9, 1, Visibility.PUBLIC, "other", null),
            new CollectionCreated(20, 9, 0, Visibility.PUBLIC, "zero", null),
            new CollectionDropped(20, 2, 5, null),
            new ItemAdded(20, 2, 5, 3, 0, null),
            new ItemAdded(20, 2, 1, 3, 0, null),
            new ItemRemoved(20, 2, 1, 4, null),
            new ItemMoved(20, 2, 1, 4, 0, null),
            new ItemMoved(20, 2, 1, 3, 99, null),
            new CollectionChanged(
                20,
                2,
                5,
                Optional.of("x"),
                Optional.empty(),
                OptionalLong.of(1),
                OptionalLong.of(1),
                null))) {
      fold.apply(event);
    }
    fold.publish();
    assertThat(StateText.of(fold.view)).isEqualTo(before);
    assertThat(fold.view.verify()).isEmpty();
  }

  @Test
  void nothingOfAnErasedUserIsLeftInTheRows() {
    create(2, 1);
    add(2, 1, 3);
    create(5, 2);
    fold.apply(share(5, 2, 2));
    fold.publish();
    assertThat(fold.view.countOf(2)).isEqualTo(2);
    fold.apply(new Event.UserErased(30, 2, null));
    fold.publish();
    assertThat(fold.view.countOf(2)).isZero();
    for (var keyspace : Keyspace.values()) {
      try (var cursor = fold.storage.scanPrefix(keyspace, new byte[0])) {
        while (cursor.next()) {
          assertThat(keyspace == Keyspace.USERS && Keys.id(cursor.key()) == 2).isFalse();
        }
      }
    }
    assertThat(fold.storage.scanPrefix(Keyspace.ITEMS, Keys.row(3, Tag.COLL)).next()).isFalse();
    assertThat(fold.view.header(2).orElseThrow().shares()).isEmpty();
    create(6, 3);
    assertThat(fold.view.lastId()).isEqualTo(3);
  }

  private static Event share(long owner, long id, long user) {
    return new CollectionChanged(
        13,
        owner,
        id,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(user),
        OptionalLong.empty(),
        null);
  }

  /// Nothing of a frame is in the rows while it is folded: stopped there, all of it is folded
  /// again.
  @Test
  void theWorldStopsBetweenTheMemberAndTheRest() {
    var stopping = new Fold().crashingBy(Crashes.at(CrashPoint.COLLECTION_INDEX_UPDATE, 3));
    stopping.apply(new CollectionCreated(10, 2, 1, Visibility.PRIVATE, "n", null));
    stopping.apply(Fold.written(11, 3));
    stopping.apply(new ItemAdded(12, 2, 1, 3, -1, null));
    stopping.apply(Fold.written(11, 4));
    stopping.publish();
    stopping.apply(new ItemAdded(12, 2, 1, 4, 0, null));
    assertThatExceptionOfType(SimulatedCrash.class)
        .isThrownBy(() -> stopping.apply(new ItemMoved(12, 2, 1, 4, 1, null)));
    assertThat(stopping.reader().holding(4, 2)).isEmpty();
    stopping.crash(0);
    assertThat(stopping.view.items(1)).containsExactly(3, 4);
    assertThat(stopping.view.verify()).isEmpty();
    assertThat(stopping.reader().holding(4, 2)).hasSize(1);
  }

  @Test
  void verifyFindsWhatDoesNotAgree() {
    create(2, 1);
    add(2, 1, 3);
    add(2, 1, 4);
    fold.apply(share(2, 1, 9));
    fold.publish();
    assertThat(fold.view.verify()).isEmpty();
    List<String> findings = new ArrayList<>();
    for (var broken :
        List.of(
            new Broken(Keyspace.ITEMS, CollectionRows.reverseKey(3, 1)),
            new Broken(Keyspace.USERS, CollectionRows.memberKey(2, 1, 4)),
            new Broken(Keyspace.USERS, CollectionRows.headerKey(2, 1)),
            new Broken(Keyspace.USERS, CollectionRows.shareKey(9, 1)),
            new Broken(Keyspace.SYSTEM, CollectionRows.ownerKey(1)))) {
      byte[] value = fold.storage.get(broken.keyspace, broken.key).orElseThrow();
      fold.storage.delete(broken.keyspace, broken.key);
      assertThat(fold.view.verify()).isNotEmpty();
      findings.addAll(fold.view.verify());
      fold.storage.put(broken.keyspace, broken.key, value);
    }
    fold.storage.put(
        Keyspace.USERS,
        CollectionRows.memberKey(2, 1, 4),
        CollectionRows.encode(new Member(0, 12, 5)));
    findings.addAll(fold.view.verify());
    fold.storage.put(Keyspace.USERS, CollectionRows.headerKey(2, 1), new byte[60]);
    findings.addAll(fold.view.verify());
    assertThat(String.join("\n", findings))
        .contains(
            "member without a reverse row",
            "reverse row without a member",
            "count is not that of the members",
            "no header",
            "share rows are not those of the headers",
            "header without its owner's row",
            "count is not that of the rows",
            "two members have the same order",
            "row of a collection is damaged");
  }

  private static final class Broken {
    private final Keyspace keyspace;
    private final byte[] key;

    Broken(Keyspace keyspace, byte[] key) {
      this.keyspace = keyspace;
      this.key = key;
    }
  }
}
