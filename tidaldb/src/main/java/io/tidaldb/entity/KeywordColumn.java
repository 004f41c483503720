package io.tidaldb.entity;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.slot.PageTracker;
import io.tidaldb.slot.SlotSet;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Keywords, tags or booleans by slot: a dictionary, for each slot the numbers of its values, and
/// for each value the set of its slots.
///
/// The lists by slot make it possible to undo a write from the index alone; the sets are rebuilt
/// from them when pages are loaded. Values keep their numbers for ever. Dictionary page p holds the
/// values 64·p … 64·p + 63, each as length u16 and UTF-8.
///
/// **Threads.** One writer; readers look values up in a concurrent map and take published sets.
final class KeywordColumn implements Column {

  static final int LISTS = 2;
  static final int DICTIONARY = 3;

  private static final int PAGE_VALUES = 64;

  private final FieldType type;
  private final Map<String, Value> byText = new ConcurrentHashMap<>();
  private final List<Value> values = new ArrayList<>();
  private final ListPages lists = new ListPages();
  private final SlotSet present = new SlotSet();
  private final List<SlotSet> touched = new ArrayList<>();
  private final PageTracker dictionaryPages = new PageTracker();
  private final Map<Integer, byte[]> loading = new ConcurrentHashMap<>();

  private record Value(int number, String text, SlotSet slots) {}

  KeywordColumn(FieldType type) {
    this.type = type;
  }

  @Override
  public FieldType type() {
    return type;
  }

  @Override
  public void set(int slot, @Nullable MetadataValue value, long time) {
    int[] after =
        switch (value) {
          case MetadataValue.Text(var given, var text)
              when given == FieldType.KEYWORD && type == FieldType.KEYWORD ->
              new int[] {number(TitleKey.keyword(text))};
          case MetadataValue.Flag(var flag) when type == FieldType.BOOLEAN ->
              new int[] {number(Boolean.toString(flag))};
          case MetadataValue.Tags(var keywords) when type == FieldType.TAGS -> numbers(keywords);
          case null, default -> new int[0];
        };
    int[] before = lists.get(slot);
    if (Arrays.equals(before, after)) {
      return;
    }
    for (int number : before) {
      remove(values.get(number).slots(), slot);
    }
    for (int number : after) {
      add(values.get(number).slots(), slot);
    }
    if (before.length == 0) {
      add(present, slot);
    } else if (after.length == 0) {
      remove(present, slot);
    }
    lists.set(slot, after);
  }

  private void add(SlotSet set, int slot) {
    if (set.add(slot)) {
      touched.add(set);
    }
  }

  private void remove(SlotSet set, int slot) {
    if (set.remove(slot)) {
      touched.add(set);
    }
  }

  private int[] numbers(List<String> keywords) {
    // Two keywords may be one when compared: "Live" and "live".
    Set<String> texts = new LinkedHashSet<>();
    keywords.forEach(keyword -> texts.add(TitleKey.keyword(keyword)));
    return texts.stream().mapToInt(this::number).toArray();
  }

  private int number(String text) {
    var known = byText.get(text);
    if (known != null) {
      return known.number();
    }
    var fresh = new Value(values.size(), text, new SlotSet());
    values.add(fresh);
    byText.put(text, fresh);
    // An appended value changes no bytes before it, so a page that is being saved need not be
    // copied.
    var _ = dictionaryPages.touch(fresh.number() / PAGE_VALUES);
    return fresh.number();
  }

  @Override
  public void publish() {
    touched.forEach(SlotSet::publish);
    touched.clear();
  }

  @Override
  public RoaringBitmap present() {
    return present.snapshot().bitmap();
  }

  /// `out[i]` = the number of a value at `slots[i]`, −1 where absent or `slots[i]` is negative. Any
  /// thread. Costs one intersection of sets per value of the field.
  void numbers(int[] slots, int count, int[] out) {
    var wanted = new RoaringBitmap();
    long[] bySlot = new long[count];
    for (int i = 0; i < count; i++) {
      out[i] = -1;
      bySlot[i] = (long) slots[i] << 32 | i;
      if (slots[i] >= 0) {
        wanted.add(slots[i]);
      }
    }
    Arrays.sort(bySlot);
    for (var value : byText.values()) {
      var found = RoaringBitmap.and(value.slots().snapshot().bitmap(), wanted);
      found.forEach(
          (int slot) -> {
            int at = Arrays.binarySearch(bySlot, (long) slot << 32);
            for (int k = at < 0 ? -at - 1 : at; k < count && bySlot[k] >> 32 == slot; k++) {
              out[(int) bySlot[k]] = value.number();
            }
          });
    }
  }

  /// Slots that have this value, compared after NFC and lower case; the caller's own. Any thread.
  RoaringBitmap slots(String text) {
    var value = byText.get(TitleKey.keyword(text));
    return value == null ? new RoaringBitmap() : value.slots().snapshot().bitmap();
  }

  @Override
  public void freeze(int address, boolean all, FrozenIndex into) {
    var frozenLists = lists.freeze(all);
    into.add(frozenLists);
    for (int i = 0; i < frozenLists.count(); i++) {
      var page = lists.existing(frozenLists.page(i));
      into.add(FrozenIndex.key(address + LISTS, frozenLists.page(i)), page::encode);
    }
    var also = new BitSet();
    also.set(0, all ? dictionaryPageCount() : 0);
    var frozenDictionary = dictionaryPages.freeze(also);
    into.add(frozenDictionary);
    for (int i = 0; i < frozenDictionary.count(); i++) {
      int page = frozenDictionary.page(i);
      int from = page * PAGE_VALUES;
      int to = Math.min(values.size(), from + PAGE_VALUES);
      var texts = values.subList(from, to).stream().map(Value::text).toList();
      into.add(FrozenIndex.key(address + DICTIONARY, page), () -> encode(texts));
    }
  }

  private int dictionaryPageCount() {
    return (values.size() + PAGE_VALUES - 1) / PAGE_VALUES;
  }

  private static byte[] encode(List<String> texts) {
    List<byte[]> all = texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
    var out = ByteBuffer.allocate(all.stream().mapToInt(bytes -> 2 + bytes.length).sum());
    all.forEach(bytes -> out.putShort((short) bytes.length).put(bytes));
    return out.array();
  }

  @Override
  public void load(PageKey key, byte[] content) {
    int page = FrozenIndex.page(key);
    switch (FrozenIndex.part(key)) {
      case LISTS -> lists.load(page, content);
      case DICTIONARY -> {
        if (loading.put(page, content) != null) {
          throw new IllegalArgumentException("page loaded twice: key=" + key);
        }
      }
      default -> throw new IllegalArgumentException("unknown part of a column: key=" + key);
    }
  }

  @Override
  public void loaded() {
    int pages = loading.size();
    for (int page = 0; page < pages; page++) {
      byte[] content = loading.remove(page);
      if (content == null || values.size() != page * PAGE_VALUES) {
        throw new IllegalArgumentException("a dictionary page is missing: page=" + page);
      }
      decode(content);
    }
    lists.forEachSlot(
        slot -> {
          add(present, slot);
          for (int number : lists.get(slot)) {
            if (number < 0 || number >= values.size()) {
              throw new IllegalArgumentException(
                  "a slot has a value that the dictionary lacks: slot=" + slot);
            }
            add(values.get(number).slots(), slot);
          }
        });
    publish();
  }

  private void decode(byte[] content) {
    var in = ByteBuffer.wrap(content);
    try {
      while (in.hasRemaining()) {
        byte[] bytes = new byte[in.getShort() & 0xFFFF];
        in.get(bytes);
        var text = new String(bytes, StandardCharsets.UTF_8);
        var value = new Value(values.size(), text, new SlotSet());
        values.add(value);
        if (byText.put(text, value) != null) {
          throw new IllegalArgumentException("a dictionary has a value twice: value=" + text);
        }
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a dictionary page ends within a value", e);
    }
  }

  @Override
  public List<PageKey> pages(int address) {
    List<PageKey> keys = new ArrayList<>();
    lists.pageNumbers().forEach(page -> keys.add(FrozenIndex.key(address + LISTS, page)));
    IntStream.range(0, dictionaryPageCount())
        .forEach(page -> keys.add(FrozenIndex.key(address + DICTIONARY, page)));
    return keys;
  }

  @Override
  public void digest(String field, int slot, StateSink entry) {
    for (int number : lists.get(slot)) {
      entry.value(field, values.get(number).text());
    }
  }

  @Override
  public List<String> verify() {
    List<RoaringBitmap> expected = new ArrayList<>();
    values.forEach(value -> expected.add(new RoaringBitmap()));
    var all = new RoaringBitmap();
    lists.forEachSlot(
        slot -> {
          all.add(slot);
          for (int number : lists.get(slot)) {
            expected.get(number).add(slot);
          }
        });
    List<String> findings = new ArrayList<>();
    for (var value : values) {
      if (!value.slots().snapshot().bitmap().equals(expected.get(value.number()))) {
        findings.add("slots of a value differ from the column: value=" + value.text());
      }
    }
    if (!present().equals(all)) {
      findings.add("slots with a value differ from the column");
    }
    return findings;
  }
}
