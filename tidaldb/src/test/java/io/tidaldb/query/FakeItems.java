package io.tidaldb.query;

import io.tidaldb.entity.CreatedWalk;
import io.tidaldb.entity.EntityReader;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Indexes over a [FakeWorld] that look at every item each time.
final class FakeItems implements EntityReader {

  private final List<FakeItem> items;

  FakeItems(List<FakeItem> items) {
    this.items = items;
  }

  private RoaringBitmap where(Predicate<FakeItem> condition) {
    var found = new RoaringBitmap();
    items.stream().filter(i -> i.live && condition.test(i)).forEach(i -> found.add(i.slot));
    return found;
  }

  @Override
  public RoaringBitmap live() {
    return where(i -> true);
  }

  @Override
  public long liveCount() {
    return live().getLongCardinality();
  }

  @Override
  public boolean isLive(int slot) {
    return items.get(slot).live;
  }

  @Override
  public RoaringBitmap keyword(String field, String value) {
    var folded = value.toLowerCase(Locale.ROOT);
    return where(
        i -> {
          var given = i.fields.get(field);
          return given instanceof List<?> tags ? tags.contains(folded) : folded.equals(given);
        });
  }

  @Override
  public void keywordNumbers(String field, int[] slots, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      var given = slots[i] < 0 ? null : items.get(slots[i]).fields.get(field);
      out[i] = given == null ? -1 : given.hashCode() >>> 1;
    }
  }

  @Override
  public RoaringBitmap present(String field) {
    return where(i -> i.fields.containsKey(field));
  }

  @Override
  public RoaringBitmap numbers(
      String field, double min, boolean minInclusive, double max, boolean maxInclusive) {
    return where(
        i ->
            i.fields.get(field) instanceof Double x
                && (minInclusive ? x >= min : x > min)
                && (maxInclusive ? x <= max : x < max));
  }

  @Override
  public RoaringBitmap times(String field, long from, long before) {
    return where(
        i -> {
          var time = field.equals("created") ? Long.valueOf(i.created) : (Long) i.fields.get(field);
          return time != null && time >= from && time < before;
        });
  }

  @Override
  public RoaringBitmap booleans(String field, boolean value) {
    return where(i -> Objects.equals(i.fields.get(field), value));
  }

  @Override
  public RoaringBitmap references(String field, long id) {
    var name = field.equals("creator") ? "creator_id" : field;
    return where(i -> Objects.equals(i.fields.get(name), id));
  }

  @Override
  public void references(String field, int[] slots, int count, long[] out, boolean[] present) {
    var name = field.equals("creator") ? "creator_id" : field;
    for (int i = 0; i < count; i++) {
      present[i] = items.get(slots[i]).fields.get(name) instanceof Long;
      out[i] = items.get(slots[i]).fields.get(name) instanceof Long id ? id : 0;
    }
  }

  @Override
  public int[] referring(String field, long id) {
    int[] slots = references(field, id).toArray();
    return IntStream.concat(IntStream.of(slots), IntStream.of(slots).limit(3)).toArray();
  }

  @Override
  public RoaringBitmap unavailable(long at) {
    return where(i -> (long) i.fields.getOrDefault("available_from", 0L) > at);
  }

  /// Ends before some of the older half.
  @Override
  public @Nullable CreatedWalk newest(long notAfter) {
    var random = new SplittableRandom(items.size());
    if (random.nextInt(10) == 0) {
      return null;
    }
    var sorted =
        items.stream()
            .filter(i -> i.live && i.created <= notAfter)
            .sorted(Comparator.comparingLong((FakeItem i) -> -i.created))
            .toList();
    int end = sorted.size() - random.nextInt(1 + sorted.size() / 2);
    return new CreatedWalk() {
      private int given;

      @Override
      public int next(int[] slots) {
        int count = Math.min(end - given, 1 + random.nextInt(slots.length));
        for (int i = 0; i < count; i++) {
          slots[i] = sorted.get(given + i).slot;
        }
        given += count;
        return count;
      }

      @Override
      public long bound() {
        return given == 0
            ? Long.MAX_VALUE
            : given < sorted.size() ? sorted.get(given - 1).created : Long.MIN_VALUE;
      }

      @Override
      public boolean isSteady() {
        return true;
      }
    };
  }

  @Override
  public long created(int slot) {
    return items.get(slot).created;
  }

  @Override
  public void created(int[] slots, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = created(slots[i]);
    }
  }

  @Override
  public void numbers(String field, int[] slots, int count, double[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = items.get(slots[i]).fields.get(field) instanceof Double x ? x : Double.NaN;
    }
  }

  @Override
  public void titlePrefixes(int[] slots, int count, long[] out) {
    for (int i = 0; i < count; i++) {
      byte[] key = titleKey(slots[i]).getBytes(StandardCharsets.UTF_8);
      out[i] = 0;
      for (int b = 0; b < 8; b++) {
        out[i] = out[i] << 8 | (b < key.length ? key[b] & 0xFF : 0);
      }
    }
  }

  @Override
  public String titleKey(int slot) {
    return Normalizer.normalize(title(slot), Normalizer.Form.NFKD)
        .replaceAll("\\p{M}", "")
        .toLowerCase(Locale.ROOT)
        .strip();
  }

  @Override
  public List<String> words(int slot) {
    var words = new ArrayList<String>();
    words.add(title(slot));
    if (items.get(slot).fields.get("category") instanceof String category) {
      words.add(category);
    }
    if (items.get(slot).fields.get("tags") instanceof List<?> tags) {
      tags.forEach(tag -> words.add((String) tag));
    }
    return words;
  }

  @Override
  public String title(int slot) {
    return (String) items.get(slot).fields.getOrDefault("title", "");
  }
}
