package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DeduplicationProperties {

  private static final int KEYS = 1_200;
  private static final int PRODUCERS = 5;

  /// The same in the simplest words.
  private static final class Model {
    final LinkedHashMap<IdempotencyKey, Long> keys = new LinkedHashMap<>();
    final LinkedHashMap<Long, TreeSet<Long>> producers = new LinkedHashMap<>();

    long find(IdempotencyKey key) {
      if (!(key instanceof IdempotencyKey.Sequence(long producer, long number))) {
        return keys.getOrDefault(key, -1L);
      }
      var seen = producers.get(producer);
      return seen != null && (seen.contains(number) || number <= seen.last() - 16_384) ? 0 : -1;
    }

    void add(IdempotencyKey key, long position) {
      if (key instanceof IdempotencyKey.Sequence(long producer, long number)) {
        var seen =
            producers.containsKey(producer) ? producers.remove(producer) : new TreeSet<Long>();
        seen.add(number);
        producers.putLast(producer, seen);
        if (producers.size() > PRODUCERS) {
          producers.pollFirstEntry();
        }
      } else if (keys.putIfAbsent(key, position) == null && keys.size() > KEYS) {
        keys.pollFirstEntry();
      }
    }
  }

  @Test
  void itAnswersAsANaiveModel() {
    each(
        30,
        random -> {
          var model = new Model();
          var view = new Deduplication(KEYS, PRODUCERS);
          long base = random.nextLong(1_000);
          for (long position = 1; position <= 4_000; position++) {
            var key = key(random, base + 10 * position);
            assertThat(view.find(key)).isEqualTo(model.find(key));
            if (view.find(key) < 0) {
              DeduplicationTest.apply(view, position, key);
              model.add(key, position);
            }
          }
          assertThat(view.keyCount()).isEqualTo(model.keys.size());
          assertThat(view.producerCount()).isEqualTo(model.producers.size());
          assertThat(view.verify()).isEmpty();
        });
  }

  private static IdempotencyKey key(SplittableRandom random, long around) {
    if (random.nextBoolean()) {
      return new IdempotencyKey.Bits(random.nextInt(40), random.nextInt(60));
    }
    long number = random.nextInt(10) == 0 ? around - 20_000 : around + random.nextInt(-200, 200);
    return IdempotencyKey.sequence(random.nextInt(PRODUCERS + 1), Math.max(0, number));
  }

  @Test
  void whatChangedSinceTheLastCheckpointRestoresTheWhole() {
    each(
        20,
        random -> {
          var view = new Deduplication(KEYS, PRODUCERS);
          var saved = new TreeMap<PageKey, byte[]>();
          long position = 0;
          for (int round = 0; round < 8; round++) {
            position = writes(view, random, position);
            var frozen = view.freeze(false);
            long at = position;
            var expected = digest(view);
            position = writes(view, random, position);
            if (random.nextInt(4) == 0) {
              frozen.abandoned();
              continue;
            }
            save(frozen, saved);
            frozen.committed();
            assertThat(digest(restored(saved, KEYS, at))).isEqualTo(expected);
          }
        });
  }

  private static long writes(Deduplication view, SplittableRandom random, long from) {
    long position = from;
    for (int i = random.nextInt(900); i > 0; i--) {
      DeduplicationTest.apply(view, ++position, key(random, 10 * position));
    }
    return position;
  }

  private static void save(PageView.FrozenPages frozen, Map<PageKey, byte[]> saved) {
    var last = new PageKey[1];
    int[] count = {0};
    frozen.forEach(
        (key, content) -> {
          assertThat(last[0] == null || last[0].compareTo(key) < 0).isTrue();
          assertThat(content.length).isLessThanOrEqualTo(16 << 10);
          last[0] = key;
          count[0]++;
          if (content.length == 0) {
            saved.remove(key);
          } else {
            saved.put(key, content);
          }
        });
    assertThat(frozen.count()).isEqualTo(count[0]);
  }

  private static Deduplication restored(Map<PageKey, byte[]> saved, int keys, long position) {
    var view = new Deduplication(keys, PRODUCERS);
    saved.forEach(view::load);
    view.loaded(position);
    assertThat(view.loadedPosition()).isEqualTo(position);
    assertThat(view.verify()).isEmpty();
    return view;
  }

  @Test
  void savingAndRestoringAndSavingGivesTheSameBytes() {
    each(
        20,
        random -> {
          var view = new Deduplication(KEYS, PRODUCERS);
          long position = writes(view, random, writes(view, random, 0));
          var first = new TreeMap<PageKey, byte[]>();
          save(view.freeze(true), first);
          var restored = restored(first, KEYS, position);
          assertThat(restored.freeze(false).count()).isZero();
          var second = new TreeMap<PageKey, byte[]>();
          save(restored.freeze(true), second);
          assertThat(hex(second)).isEqualTo(hex(first));
          writes(view, random.split(), position);
        });
  }

  @Test
  void aSmallerWindowKeepsTheNewestKeysAndDropsPagesItNoLongerHas() {
    each(
        20,
        random -> {
          var view = new Deduplication(KEYS, PRODUCERS);
          long position = writes(view, random, writes(view, random, 600));
          var saved = new TreeMap<PageKey, byte[]>();
          save(view.freeze(true), saved);
          var smaller = restored(saved, 100, position);
          assertThat(smaller.keyCount()).isEqualTo(Math.min(100, view.keyCount()));
          save(smaller.freeze(false), saved);
          assertThat(digest(restored(saved, 100, position))).isEqualTo(digest(smaller));
        });
  }

  private static Map<PageKey, String> hex(Map<PageKey, byte[]> pages) {
    var hex = new TreeMap<PageKey, String>();
    pages.forEach((key, content) -> hex.put(key, HexFormat.of().formatHex(content)));
    return hex;
  }

  static String digest(View view) {
    var text = new StringBuilder();
    view.digest(new TextSink(text));
    return text.toString();
  }

  private record TextSink(StringBuilder text) implements StateSink {
    @Override
    public StateSink entry(String what, String key) {
      text.append('\n').append(what).append(' ').append(key);
      return this;
    }

    @Override
    public StateSink value(String name, long value) {
      return value(name, Long.toString(value));
    }

    @Override
    public StateSink value(String name, double value) {
      return value(name, Double.toString(value));
    }

    @Override
    public StateSink value(String name, String value) {
      text.append(' ').append(name).append('=').append(value);
      return this;
    }
  }

  private static void each(int tries, Consumer<SplittableRandom> statement) {
    Property.forAll(Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE))
        .tries(tries)
        .check(seed -> statement.accept(new SplittableRandom(seed)));
  }
}
