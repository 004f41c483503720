package io.tidaldb.log;

import io.tidaldb.log.CollectionEvent.CollectionChanged;
import io.tidaldb.log.CollectionEvent.CollectionCreated;
import io.tidaldb.log.CollectionEvent.CollectionDropped;
import io.tidaldb.log.CollectionEvent.ItemAdded;
import io.tidaldb.log.CollectionEvent.ItemMoved;
import io.tidaldb.log.CollectionEvent.ItemRemoved;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Visibility;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The bodies of [CollectionEvent]s.
///
/// | Code | Body |
/// |---|---|
/// | `0x40` CollectionCreated | collection u64; visibility u8, 7 reserved; name |
/// | `0x41` CollectionChanged | collection u64; mask u8, visibility u8, 6 reserved; name (bit 0), share added u64 (bit 2), share removed u64 (bit 3); bit 1: visibility |
/// | `0x42` CollectionDropped | collection u64 |
/// | `0x43`, `0x45` ItemAdded, ItemMoved | collection u64, item u64; index i32, 4 reserved |
/// | `0x44` ItemRemoved | collection u64, item u64 |
final class CollectionEventCodec {

  static final int CREATED = 0x40;
  static final int CHANGED = 0x41;
  static final int DROPPED = 0x42;
  static final int ITEM_ADDED = 0x43;
  static final int ITEM_REMOVED = 0x44;
  static final int ITEM_MOVED = 0x45;

  private static final int NAME = 1;
  private static final int VISIBILITY = 1 << 1;
  private static final int SHARE_ADDED = 1 << 2;
  private static final int SHARE_REMOVED = 1 << 3;
  private static final int MASK = NAME | VISIBILITY | SHARE_ADDED | SHARE_REMOVED;

  private CollectionEventCodec() {}

  static int code(CollectionEvent event) {
    return switch (event) {
      case CollectionCreated created -> CREATED;
      case CollectionChanged changed -> CHANGED;
      case CollectionDropped dropped -> DROPPED;
      case ItemAdded added -> ITEM_ADDED;
      case ItemRemoved removed -> ITEM_REMOVED;
      case ItemMoved moved -> ITEM_MOVED;
    };
  }

  static long bodySize(CollectionEvent event) {
    return switch (event) {
      case CollectionCreated created -> 20L + StrictUtf8.size(created.name());
      case CollectionChanged changed ->
          16L
              + changed.name().map(name -> 4 + StrictUtf8.size(name)).orElse(0)
              + (changed.shareAdded().isPresent() ? 8 : 0)
              + (changed.shareRemoved().isPresent() ? 8 : 0);
      case CollectionDropped dropped -> 8;
      case ItemAdded added -> 24;
      case ItemRemoved removed -> 16;
      case ItemMoved moved -> 24;
    };
  }

  static void put(CollectionEvent event, ByteBuffer out) {
    out.putLong(event.collection());
    switch (event) {
      case CollectionCreated created -> {
        out.putLong(created.visibility().code());
        StrictUtf8.put(created.name(), out);
      }
      case CollectionChanged changed -> {
        out.putLong(
            mask(changed) | (long) changed.visibility().map(Visibility::code).orElse(0) << 8);
        changed.name().ifPresent(name -> StrictUtf8.put(name, out));
        changed.shareAdded().ifPresent(out::putLong);
        changed.shareRemoved().ifPresent(out::putLong);
      }
      case CollectionDropped dropped -> {}
      case ItemAdded added -> out.putLong(added.item()).putInt(added.index()).putInt(0);
      case ItemRemoved removed -> out.putLong(removed.item());
      case ItemMoved moved -> out.putLong(moved.item()).putInt(moved.index()).putInt(0);
    }
  }

  private static int mask(CollectionChanged changed) {
    return (changed.name().isPresent() ? NAME : 0)
        | (changed.visibility().isPresent() ? VISIBILITY : 0)
        | (changed.shareAdded().isPresent() ? SHARE_ADDED : 0)
        | (changed.shareRemoved().isPresent() ? SHARE_REMOVED : 0);
  }

  static CollectionEvent get(
      int code, long time, long user, @Nullable IdempotencyKey key, RecordReader in) {
    long collection = in.i64("collection");
    return switch (code) {
      case CREATED -> {
        var visibility = in.oneOf("visibility", "1…3", Visibility::ofCode);
        in.reserved(7);
        yield new CollectionCreated(
            time, user, collection, visibility, in.text("collection name"), key);
      }
      case CHANGED -> changed(time, user, collection, key, in);
      case DROPPED -> new CollectionDropped(time, user, collection, key);
      case ITEM_ADDED -> new ItemAdded(time, user, collection, in.i64("item"), index(in), key);
      case ITEM_REMOVED -> new ItemRemoved(time, user, collection, in.i64("item"), key);
      case ITEM_MOVED -> new ItemMoved(time, user, collection, in.i64("item"), index(in), key);
      default -> throw new IllegalStateException("code was checked: " + code);
    };
  }

  private static CollectionEvent changed(
      long time, long user, long collection, @Nullable IdempotencyKey key, RecordReader in) {
    int mask = in.u8("change mask");
    if ((mask & ~MASK) != 0) {
      throw in.unsupported("change mask", Integer.toString(mask), "0…15");
    }
    Optional<Visibility> visibility = Optional.empty();
    if ((mask & VISIBILITY) != 0) {
      visibility = Optional.of(in.oneOf("visibility", "1…3", Visibility::ofCode));
    } else {
      in.reserved(1);
    }
    in.reserved(6);
    Optional<String> name =
        (mask & NAME) != 0 ? Optional.of(in.text("collection name")) : Optional.empty();
    var added = share(mask & SHARE_ADDED, in);
    var removed = share(mask & SHARE_REMOVED, in);
    return new CollectionChanged(time, user, collection, name, visibility, added, removed, key);
  }

  private static OptionalLong share(int bit, RecordReader in) {
    return bit == 0 ? OptionalLong.empty() : OptionalLong.of(in.i64("share"));
  }

  private static int index(RecordReader in) {
    int index = in.i32("index");
    if (index < -1) {
      throw in.corrupt("index", "-1 or more", Integer.toString(index));
    }
    in.reserved(4);
    return index;
  }
}
