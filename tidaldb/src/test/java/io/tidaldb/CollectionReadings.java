package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.CollectionItem;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.PageRequest;
import java.util.List;

/// Every way to ask what is in a collection.
final class CollectionReadings {

  private CollectionReadings() {}

  /// All readings give these members, in this order, and none of the other items.
  static void agree(TidalDb db, long owner, CollectionId id, List<Long> members, List<Long> items) {
    assertThat(db.collection(id).itemCount()).isEqualTo(members.size());
    var listed = db.collectionItems(id, PageRequest.first(1_000)).items();
    assertThat(listed).extracting(item -> item.item().value()).isEqualTo(members);
    assertThat(listed)
        .extracting(CollectionItem::index)
        .isEqualTo(java.util.stream.IntStream.range(0, members.size()).boxed().toList());
    for (long item : items) {
      var holding = db.collectionsOf(EntityId.of(item), EntityId.of(owner));
      assertThat(holding.stream().map(CollectionInfo::id).anyMatch(id::equals))
          .as("item %d is in the collection by the reverse index", item)
          .isEqualTo(members.contains(item));
    }
  }

  /// Who may not see it is told that there is none.
  static void absentToStrangers(TidalDb db, CollectionId id, EntityId stranger) {
    assertThatThrownBy(() -> db.collection(id, stranger)).isInstanceOf(NotFoundException.class);
    var owner = db.collection(id).owner();
    assertThat(db.listCollections(owner, stranger)).isEmpty();
    assertThat(db.listCollections(owner, owner)).hasSize(1);
  }
}
