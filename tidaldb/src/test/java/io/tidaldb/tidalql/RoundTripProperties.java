package io.tidaldb.tidalql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.Retrieve;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is written is read back as the same request.
class RoundTripProperties {

  private static final Generator<Long> SEEDS = Generator.longs(0, Long.MAX_VALUE);

  @Test
  void everyRequestIsReadBack() {
    // With -Pslow 100,000 of them.
    Property.forAll(SEEDS)
        .tries(5_000)
        .check(
            seed -> {
              var query = new Requests(new SplittableRandom(seed)).query();
              assertThat(TidalQl.parse(query.toString())).isEqualTo(query);
            });
  }

  @Test
  void everyFilterIsReadBack() {
    Property.forAll(SEEDS)
        .tries(5_000)
        .check(
            seed -> {
              var filter = new Requests(new SplittableRandom(seed)).filter(4);
              assertThat(TidalQl.filter(filter.text()))
                  .as("%s", filter.text())
                  .isEqualTo(filter.canonical());
            });
  }

  @Test
  void equalRequestsHaveEqualTextAndDifferentOnesDoNot() {
    Property.forAll(SEEDS)
        .tries(2_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var one = new Requests(random).retrieve();
              var other = new Requests(random).retrieve();
              assertThat(one.toString().equals(other.toString())).isEqualTo(one.equals(other));
            });
  }

  /// A field that the text left out would be one that a cursor does not know either.
  @Test
  void everyFieldOfARequestIsInItsText() throws ReflectiveOperationException {
    var plain = Retrieve.items();
    var differing = new TreeSet<String>();
    for (long seed = 0; seed < 500; seed++) {
      var request = new Requests(new SplittableRandom(seed)).retrieve();
      for (var component : Retrieve.class.getRecordComponents()) {
        var value = component.getAccessor().invoke(request);
        if (!value.equals(component.getAccessor().invoke(plain))) {
          differing.add(component.getName());
        }
      }
    }
    assertThat(differing)
        .as("each is drawn with a value of its own, and so is read back from the text")
        .containsAll(
            Arrays.stream(Retrieve.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
  }
}
