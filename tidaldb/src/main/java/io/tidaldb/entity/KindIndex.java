package io.tidaldb.entity;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.slot.LongPages;
import io.tidaldb.slot.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The columns of one kind of entity: its fields, when each entity was first written, the beginning
/// of its title, and who is alive.
///
/// **Threads.** One writer; readers look columns up in a concurrent map.
final class KindIndex {

  /// Column parts of what is kept beside the fields; the high four bits hold the kind.
  static final int FIRST_TIMES = 0;

  static final int TITLES = 2;

  /// A field that is indexed.
  ///
  /// @param number stands in the keys of its pages; never given twice
  record Indexed(int number, String name, Column column) {
    int address() {
      return number << 8;
    }
  }

  final EntityKind kind;
  final Map<String, Indexed> fields = new ConcurrentSkipListMap<>();
  final WordColumn firstTimes = new WordColumn(FieldType.TIME);
  final LongPages titles = new LongPages();
  final SlotSet live = new SlotSet();
  final CreationOrder order = new CreationOrder();

  private final @Nullable String titleField;
  private boolean liveTouched;

  KindIndex(EntityKind kind) {
    this.kind = kind;
    this.titleField =
        switch (kind) {
          case ITEM -> "title";
          case CREATOR -> "name";
          case USER -> null;
        };
  }

  /// The field that titles stand in, or null.
  @Nullable String titleField() {
    return titleField;
  }

  static @Nullable Column columnOf(FieldType type) {
    return switch (type) {
      case KEYWORD, TAGS, BOOLEAN -> new KeywordColumn(type);
      case INTEGER, NUMBER, DURATION, TIME, ID -> new WordColumn(type);
      case TEXT, PLAIN -> null;
    };
  }

  /// @param merged numbers stand as they are
  void write(int slot, long time, Metadata metadata, boolean merged) {
    boolean begins = !firstTimes.has(slot);
    long before = begins ? -1 : created(slot);
    if (begins) {
      firstTimes.put(slot, time);
      liveTouched |= live.add(slot);
    }
    for (var field : fields.values()) {
      if (begins || !merged || !field.column().type().isNumeric()) {
        field.column().set(slot, metadata.values().get(field.name()), time);
      }
    }
    if (titleField != null) {
      long prefix =
          metadata.values().get(titleField) instanceof MetadataValue.Text(var type, var title)
              ? TitleKey.prefix(TitleKey.of(title))
              : 0;
      if (titles.get(slot) != prefix) {
        titles.set(slot, prefix);
      }
    }
    keepOrder(slot, before);
  }

  /// When a slot's entity was created: `created_at`, else the time of its first write.
  long created(int slot) {
    long given = time("created_at", slot);
    return given >= 0 ? given : firstTimes.word(slot);
  }

  /// Whether a slot's entity lives and was created at this time, as readers see it.
  boolean wasCreated(int slot, long time) {
    return live.snapshot().contains(slot) && created(slot) == time;
  }

  /// @param before when it was created as far as was known, −1 if it was not there
  private void keepOrder(int slot, long before) {
    long now = created(slot);
    if (kind != EntityKind.USER
        && now != before
        && order.created(
            slot, now, before >= 0, (s, time) -> firstTimes.has(s) && created(s) == time)) {
      rebuildOrder();
    }
  }

  private void rebuildOrder() {
    if (kind != EntityKind.USER) {
      int[] slots = firstTimes.present().toArray();
      long[] times = new long[slots.length];
      for (int i = 0; i < slots.length; i++) {
        times[i] = created(slots[i]);
      }
      order.rebuild(times, slots);
    }
  }

  /// Numbers of a slot that lives.
  void write(int slot, long time, MetadataChanges changes) {
    if (!firstTimes.has(slot)) {
      return;
    }
    long before = created(slot);
    for (var name : changes.numeric()) {
      var field = fields.get(name);
      if (field != null) {
        field.column().set(slot, changes.set().get(name), time);
      }
    }
    keepOrder(slot, before);
  }

  void delete(int slot) {
    if (!firstTimes.has(slot)) {
      return;
    }
    firstTimes.clear(slot);
    liveTouched |= live.remove(slot);
    order.gone();
    fields.values().forEach(field -> field.column().set(slot, null, 0));
    if (titles.get(slot) != 0) {
      titles.set(slot, 0);
    }
  }

  void publish() {
    fields.values().forEach(field -> field.column().publish());
    if (liveTouched) {
      live.publish();
      liveTouched = false;
    }
  }

  /// The column of a field.
  ///
  /// @throws InvalidRequestException if it is not declared or has none of these types
  Column column(String field, FieldType... types) {
    var indexed = fields.get(field);
    if (indexed == null) {
      throw new InvalidRequestException(
          "FIELD_UNKNOWN",
          "field is not declared, so it cannot be filtered by: kind="
              + kind
              + " field="
              + field
              + "; declare it with SchemaBuilder.field");
    }
    if (!List.of(types).contains(indexed.column().type())) {
      throw new InvalidRequestException(
          "FIELD_TYPE",
          "field has another type: kind="
              + kind
              + " field="
              + field
              + " type="
              + indexed.column().type()
              + " allowed="
              + List.of(types));
    }
    return indexed.column();
  }

  /// What a time column says of a slot, or −1.
  long time(String field, int slot) {
    var indexed = fields.get(field);
    return indexed != null && indexed.column() instanceof WordColumn words && words.has(slot)
        ? words.word(slot)
        : -1;
  }

  private int address() {
    return kind.code() << 4;
  }

  void freeze(boolean all, FrozenIndex into) {
    firstTimes.freeze(address() + FIRST_TIMES, all, into);
    into.add(address() + TITLES, titles.freeze(all));
    fields.values().forEach(field -> field.column().freeze(field.address(), all, into));
  }

  /// Takes a page of what is kept beside the fields.
  void load(PageKey key, byte[] content) {
    if (FrozenIndex.part(key) == TITLES) {
      titles.load(FrozenIndex.page(key), content);
    } else {
      firstTimes.load(key, content);
    }
  }

  void loaded() {
    firstTimes.loaded();
    firstTimes.present().forEach((int slot) -> liveTouched |= live.add(slot));
    fields.values().forEach(field -> field.column().loaded());
    rebuildOrder();
    publish();
  }

  private long unordered() {
    var walk = new CreationWalk(order, this::wasCreated, Long.MAX_VALUE);
    int[] slots = new int[1_024];
    var missing = live.snapshot().bitmap();
    for (int count = walk.next(slots); count > 0; count = walk.next(slots)) {
      for (int i = 0; i < count; i++) {
        missing.remove(slots[i]);
      }
    }
    long unordered = 0;
    for (int slot : missing) {
      unordered += created(slot) > walk.bound() ? 1 : 0;
    }
    return unordered;
  }

  List<String> verify() {
    List<String> findings = new ArrayList<>();
    if (!live.snapshot().bitmap().equals(firstTimes.present())) {
      findings.add(kind + ": living slots differ from the times of first writes");
    }
    long unordered = kind == EntityKind.USER ? 0 : unordered();
    if (unordered > 0) {
      findings.add(kind + ": living slots that the order of creation lacks: slots=" + unordered);
    }
    for (var field : fields.values()) {
      for (var finding : field.column().verify()) {
        findings.add(kind + "." + field.name() + ": " + finding);
      }
      var dead = field.column().present();
      dead.andNot(firstTimes.present());
      if (!dead.isEmpty()) {
        findings.add(kind + "." + field.name() + ": a dead slot has a value: slot=" + dead.first());
      }
    }
    return findings;
  }
}
