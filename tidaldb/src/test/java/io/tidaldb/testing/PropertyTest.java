package io.tidaldb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PropertyTest {

  private record Add(String name, long amount) {}

  private static final Generator<Add> ADDS =
      Generator.combine(Generator.of("a", "b", "c"), Generator.longs(-1000, 1000), Add::new);

  @Test
  void aTrueStatementIsTriedAsOftenAsAsked() {
    List<Long> values = new ArrayList<>();
    Property.exactly(Generator.longs(0, 1000), 37, 1).check(values::add);
    assertThat(values).hasSize(37);
    assertThat(new HashSet<>(values)).hasSizeGreaterThan(1);
  }

  @Test
  void aNumberShrinksToTheSmallestThatFails() {
    AssertionError error =
        failure(
            Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE), n -> assertThat(n).isLessThan(1234));
    assertThat(error).hasMessageContaining("value:  1234\n").hasMessageContaining("-Dtidal.seed=");
    assertThat(error.getCause()).isInstanceOf(AssertionError.class);
  }

  @Test
  void aNegativeNumberShrinksTowardsZero() {
    assertThat(failure(Generator.longs(-5000, -10), n -> assertThat(n).isGreaterThan(-20)))
        .hasMessageContaining("value:  -20\n");
  }

  @Test
  void aListShrinksToTheElementsThatMatter() {
    AssertionError error =
        failure(
            ADDS.listOf(40),
            list ->
                assertThat(list.stream().filter(a -> a.name().equals("b") && a.amount() > 10))
                    .hasSizeLessThan(2));
    assertThat(error)
        .hasMessageContaining("value:  [Add[name=b, amount=11], Add[name=b, amount=11]]\n");
  }

  @Test
  void aListKeepsItsSmallestSize() {
    Generator<List<Long>> lists = Generator.lists(Generator.longs(0, 9), 3, 10);
    assertThat(failure(lists, list -> assertThat(list).hasSizeLessThan(2)))
        .hasMessageContaining("value:  [0, 0, 0]\n");
  }

  @Test
  void mappedFilteredAndDependentValuesShrink() {
    assertThat(failure(Generator.ints(0, 1000).map(i -> "n" + i), t -> assertThat(t).hasSize(2)))
        .hasMessageContaining("value:  n10\n");
    assertThat(
            failure(
                Generator.ints(0, 1000).filter(i -> i % 2 == 0), i -> assertThat(i).isLessThan(50)))
        .hasMessageContaining("value:  50\n");
    Generator<List<Integer>> equal =
        Generator.ints(1, 20).flatMap(size -> Generator.lists(Generator.ints(0, 9), size, size));
    assertThat(failure(equal, list -> assertThat(list).hasSizeLessThan(5)))
        .hasMessageContaining("value:  [0, 0, 0, 0, 0]\n");
  }

  @Test
  void theSeedOfAFailureReplaysIt() {
    AssertionError error = failure(ADDS.listOf(20), list -> assertThat(list).hasSizeLessThan(7));
    long seed =
        Long.parseLong(
            String.valueOf(error.getMessage()).replaceAll("(?s).*-Dtidal.seed=(-?\\d+).*", "$1"));
    List<Add> first = ADDS.listOf(20).draw(new SplittableRandom(seed)).value();
    assertThat(first).hasSizeGreaterThanOrEqualTo(7);
  }

  @Test
  void theReplayLineNamesTheTest() {
    assertThat(failure(Generator.booleans(), b -> assertThat(b).isFalse()))
        .hasMessageContaining("-Dtest=PropertyTest ");
  }

  @Test
  void aCheckedExceptionIsAFailure() {
    assertThatThrownBy(
            () ->
                Property.forAll(Generator.constant("x"))
                    .check(
                        _ -> {
                          throw new IOException("disk");
                        }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("IOException: disk");
  }

  @Test
  void rangesIncludeTheirEnds() {
    Set<Long> seen = new HashSet<>(Generator.longs(-2, 2).stream(1).limit(200).toList());
    assertThat(seen).containsExactlyInAnyOrder(-2L, -1L, 0L, 1L, 2L);
    assertThat(Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE).stream(1).limit(200))
        .contains(Long.MIN_VALUE, Long.MAX_VALUE, 0L)
        .anyMatch(n -> n > 1L << 60)
        .anyMatch(n -> n < -(1L << 60));
    assertThat(Generator.longs(Long.MAX_VALUE - 1, Long.MAX_VALUE).stream(1).limit(50))
        .contains(Long.MAX_VALUE, Long.MAX_VALUE - 1);
    assertThat(Generator.doubles(-Double.MAX_VALUE, Double.MAX_VALUE).stream(1).limit(200))
        .allMatch(Double::isFinite);
  }

  @Test
  void textHasNoLoneSurrogates() {
    assertThat(Generator.text(30).stream(1).limit(200))
        .allMatch(text -> text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff))
        .anyMatch(text -> text.codePoints().anyMatch(c -> c > 0xffff));
  }

  private static <T> AssertionError failure(
      Generator<T> generator, Property.Statement<? super T> statement) {
    AssertionError error =
        catchThrowableOfType(
            AssertionError.class, () -> Property.exactly(generator, 500, 1).check(statement));
    assertThat(error).isNotNull();
    return error;
  }
}
