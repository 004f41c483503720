package io.tidaldb.entity;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/// Answers filters over one kind from its columns, as of one moment. Any thread.
final class IndexReader implements EntityReader {

  private final KindIndex index;
  private final Slots slots;
  private final EntityRows rows;
  private final long at;

  /// @param at the moment that values must be fresh at, nanoseconds
  IndexReader(KindIndex index, Slots slots, EntityRows rows, long at) {
    this.index = index;
    this.slots = slots;
    this.rows = rows;
    this.at = at;
  }

  @Override
  public RoaringBitmap live() {
    return index.live.snapshot().bitmap();
  }

  @Override
  public long liveCount() {
    return index.live.snapshot().count();
  }

  @Override
  public boolean isLive(int slot) {
    return index.live.snapshot().contains(slot);
  }

  @Override
  public RoaringBitmap keyword(String field, String value) {
    return keywords(field, FieldType.KEYWORD, FieldType.TAGS).slots(value);
  }

  @Override
  public void keywordNumbers(String field, int[] slots, int count, int[] out) {
    if (index.fields.containsKey(field)) {
      keywords(field, FieldType.KEYWORD).numbers(slots, count, out);
    } else {
      Arrays.fill(out, 0, count, -1);
    }
  }

  @Override
  public RoaringBitmap present(String field) {
    if (field.equals("created")) {
      return live();
    }
    var column = index.column(name(field), FieldType.values());
    return column instanceof WordColumn words ? words.present(at) : column.present();
  }

  @Override
  public RoaringBitmap numbers(
      String field, double min, boolean minInclusive, double max, boolean maxInclusive) {
    var column = words(field, FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION);
    return column.numbers(
        minInclusive ? min : Math.nextUp(min), maxInclusive ? max : Math.nextDown(max), at);
  }

  @Override
  public RoaringBitmap times(String field, long from, long before) {
    return field.equals("created")
        ? createdBetween(from, before)
        : words(field, FieldType.TIME).words(from, before);
  }

  private RoaringBitmap createdBetween(long from, long before) {
    var given = index.fields.get("created_at");
    var first = index.firstTimes;
    long[] found = new long[first.blocks()];
    for (int block = 0; block < found.length; block++) {
      long living = first.block(block);
      if (living != 0) {
        long matches = first.matches(block, from, before);
        if (given != null && given.column() instanceof WordColumn times) {
          long has = times.block(block);
          matches =
              has == 0 ? matches : (matches & ~has) | (times.matches(block, from, before) & has);
        }
        found[block] = matches & living;
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  @Override
  public RoaringBitmap booleans(String field, boolean value) {
    return keywords(field, FieldType.BOOLEAN).slots(Boolean.toString(value));
  }

  @Override
  public RoaringBitmap references(String field, long id) {
    return RoaringBitmap.bitmapOf(referring(field, id));
  }

  @Override
  public int[] referring(String field, long id) {
    if (isItself(field)) {
      int slot = slots.slot(index.kind, id);
      return slot >= 0 && isLive(slot) ? new int[] {slot} : new int[0];
    }
    return words(name(field), FieldType.ID).referring(id);
  }

  @Override
  public CreatedWalk newest(long notAfter) {
    return new CreationWalk(index.order, index::wasCreated, notAfter);
  }

  @Override
  public void references(String field, int[] slots, int count, long[] out, boolean[] present) {
    if (isItself(field)) {
      for (int i = 0; i < count; i++) {
        present[i] = isLive(slots[i]);
        out[i] = present[i] ? this.slots.id(index.kind, slots[i]) : 0;
      }
      return;
    }
    var column = words(name(field), FieldType.ID);
    for (int i = 0; i < count; i++) {
      present[i] = column.has(slots[i]);
      out[i] = present[i] ? column.word(slots[i]) : 0;
    }
  }

  @Override
  public RoaringBitmap unavailable(long at) {
    var gone = new RoaringBitmap();
    if (index.fields.containsKey("available_from")) {
      var from = words("available_from", FieldType.TIME);
      gone = from.present();
      gone.andNot(from.words(0, at));
      gone.andNot(from.equal(at));
    }
    if (index.fields.containsKey("available_until")) {
      var until = words("available_until", FieldType.TIME);
      gone.or(until.words(0, at));
      gone.or(until.equal(at));
    }
    return gone;
  }

  @Override
  public long created(int slot) {
    return index.created(slot);
  }

  @Override
  public void created(int[] slots, int count, long[] out) {
    var given = index.fields.get("created_at");
    var first = index.firstTimes;
    if (given == null || !(given.column() instanceof WordColumn times)) {
      for (int i = 0; i < count; i++) {
        out[i] = first.word(slots[i]);
      }
      return;
    }
    int block = -1;
    long has = 0;
    for (int i = 0; i < count; i++) {
      int slot = slots[i];
      if (slot >> 6 != block) {
        block = slot >> 6;
        has = times.block(block);
      }
      out[i] = (has >>> slot & 1) != 0 ? times.word(slot) : first.word(slot);
    }
  }

  @Override
  public void numbers(String field, int[] slots, int count, double[] out) {
    if (field.equals("created")) {
      for (int i = 0; i < count; i++) {
        out[i] = isLive(slots[i]) ? created(slots[i]) / 1e9 : Double.NaN;
      }
      return;
    }
    var column =
        words(field, FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION, FieldType.TIME);
    for (int i = 0; i < count; i++) {
      out[i] = column.number(slots[i], at);
    }
  }

  @Override
  public void titlePrefixes(int[] slots, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = index.titles.get(slots[i]);
    }
  }

  @Override
  public String titleKey(int slot) {
    return TitleKey.of(title(slot));
  }

  @Override
  public String title(int slot) {
    var field = Optional.ofNullable(index.titleField());
    return field
        .flatMap(
            name ->
                rows.read(index.kind, EntityId.of(slots.id(index.kind, slot)))
                    .flatMap(entity -> entity.metadata().text(name)))
        .orElse("");
  }

  @Override
  public List<String> words(int slot) {
    var entity = rows.read(index.kind, EntityId.of(slots.id(index.kind, slot)));
    if (entity.isEmpty()) {
      return List.of();
    }
    var metadata = entity.get().metadata();
    var words = new ArrayList<String>();
    Optional.ofNullable(index.titleField()).flatMap(metadata::text).ifPresent(words::add);
    words.addAll(metadata.keywords("category"));
    words.addAll(metadata.keywords("tags"));
    return words;
  }

  private boolean isItself(String field) {
    return index.kind == EntityKind.CREATOR && name(field).equals("creator_id");
  }

  /// The name that a query may use for a field: `creator` is `creator_id`.
  private static String name(String field) {
    return field.equals("creator") ? "creator_id" : field;
  }

  private KeywordColumn keywords(String field, FieldType... types) {
    if (index.column(field, types) instanceof KeywordColumn column) {
      return column;
    }
    throw wrong(field);
  }

  private WordColumn words(String field, FieldType... types) {
    if (index.column(field, types) instanceof WordColumn column) {
      return column;
    }
    throw wrong(field);
  }

  private static IllegalStateException wrong(String field) {
    return new IllegalStateException("field has a column of another type: field=" + field);
  }
}
