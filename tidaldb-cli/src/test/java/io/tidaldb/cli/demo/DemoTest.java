package io.tidaldb.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.cli.Cli;
import io.tidaldb.schema.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DemoTest {

  private static final long END = 1_700_000_000_000_000_000L;

  @Test
  void aSmallDemoShowsFeedsAndLosesNothing() {
    var ran =
        Cli.run(
            "demo", "--items", 300, "--signals", 5_000, "--kill-after", 40, "--measure-millis", 20);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("wrote 300 items durably", "wrote 5,000 signals durably")
        .contains("Trending now", "why the first:", "Hot: likes against age")
        .contains("missing: 0   counted twice: 0", "Nothing acknowledged was lost.")
        .contains("durable writes, 1 caller", "p99");
  }

  @Test
  void jsonHasTheFigures() {
    var ran =
        Cli.run(
            "demo",
            "--items",
            50,
            "--signals",
            500,
            "--kill-after",
            10,
            "--measure-millis",
            5,
            "--json");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out().lines()).hasSize(1);
    var figures = ran.json();
    assertThat(figures.get("acknowledged").intValue()).isGreaterThanOrEqualTo(10);
    assertThat(figures.get("missing").intValue()).isZero();
    assertThat(figures.get("counted_twice").intValue()).isZero();
    assertThat(figures.get("signals_per_second").doubleValue()).isPositive();
    assertThat(figures.get("hot_query_p99_micros").doubleValue()).isPositive();
  }

  @Test
  void aSeedIsAPlatform() {
    assertThat(platform(3)).isEqualTo(platform(3)).isNotEqualTo(platform(4));
  }

  @Test
  void signalsComeInOrderAfterTheirItemsAndFewGetMost() {
    var catalogue = new Catalogue(3, END, 1_000);
    var items = new ArrayList<Catalogue.Item>();
    for (var id = 1; id <= 1_000; id++) {
      items.add(catalogue.item(id));
    }
    var created = new HashMap<Object, Long>();
    items.forEach(item -> created.put(item.id(), item.createdNanos()));
    var early = new ArrayList<Long>();
    var times = new ArrayList<Long>();
    var counts = new HashMap<Object, Integer>();
    new Crowd(3, items, END)
        .act(
            20_000,
            write -> {
              var signal = (Write.SignalWrite) write;
              var time = signal.signal().at().orElseThrow().nanos();
              times.add(time);
              if (created.get(signal.entity()) > time) {
                early.add(time);
              }
              counts.merge(signal.entity(), 1, Integer::sum);
            });
    assertThat(times).hasSize(20_000).isSorted();
    assertThat(early).isEmpty();
    assertThat(times.getLast()).isLessThan(END);
    var most = counts.values().stream().sorted((a, b) -> b - a).limit(100);
    assertThat(most.mapToInt(count -> count).sum()).isGreaterThan(8_000);
  }

  @Test
  void ranksComeAsOftenAsTheyShould() {
    var zipf = new Zipf(100);
    var random = new SplittableRandom(5);
    var counts = new int[100];
    for (var draw = 0; draw < 100_000; draw++) {
      counts[zipf.draw(random)]++;
    }
    assertThat(counts[0] / (double) counts[9]).isBetween(8.0, 12.5);
  }

  @Test
  void percentilesAreOfWhatWasMeasured() {
    var nanos = new long[100];
    for (var at = 0; at < 100; at++) {
      nanos[at] = (100 - at) * 1_000L;
    }
    var latencies = new Latencies(nanos);
    assertThat(latencies.micros(0.5)).isEqualTo(51.0);
    assertThat(latencies.micros(0.99)).isEqualTo(100.0);
    assertThat(latencies).hasToString("p50 51 µs, p99 100 µs");
  }

  private static List<Object> platform(long seed) {
    var catalogue = new Catalogue(seed, END, 100);
    var all = new ArrayList<Object>();
    var items = new ArrayList<Catalogue.Item>();
    for (var id = 1; id <= 100; id++) {
      items.add(catalogue.item(id));
    }
    all.addAll(items);
    new Crowd(seed, items, END).act(500, all::add);
    return all;
  }
}
