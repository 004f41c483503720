package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorePathsTest {

  @Test
  void aSegmentIsNamedByTwentyDigits() {
    assertThat(StorePaths.segment(1)).isEqualTo("log/00000000000000000001.seg");
    assertThat(StorePaths.segment(-1)).isEqualTo("log/18446744073709551615.seg");
    assertThat(StorePaths.firstPosition("00000000000000000042.seg")).hasValue(42);
    assertThat(StorePaths.firstPosition("log/00000000000000000042.seg")).hasValue(42);
  }

  @Test
  void nameOrderIsPositionOrderAndNamesAreReadBack() {
    Generator<Long> positions = Generator.longs(Long.MIN_VALUE, Long.MAX_VALUE);
    Property.forAll(Generator.combine(positions, positions, List::of))
        .check(
            two -> {
              String first = StorePaths.segment(two.get(0));
              String second = StorePaths.segment(two.get(1));
              assertThat(StorePaths.firstPosition(first)).hasValue(two.get(0));
              assertThat(Integer.signum(first.compareTo(second)))
                  .isEqualTo(Long.compareUnsigned(two.get(0), two.get(1)));
            });
  }

  @Test
  void otherNamesAreNoSegments() {
    assertThat(
            List.of(
                "next.tmp",
                "1.seg",
                "0000000000000000000a.seg",
                "-0000000000000000001.seg",
                "+0000000000000000001.seg",
                "99999999999999999999.seg",
                "00000000000000000001.seg.tmp",
                "000000000000000000001.seg",
                "old/00000000000000000001.seg"))
        .allMatch(name -> StorePaths.firstPosition(name).isEmpty());
  }

  @Test
  void onlyAnInterruptedFirstOpenIsNotForeign() {
    assertThat(StorePaths.foreign(List.of())).isEmpty();
    assertThat(StorePaths.foreign(List.of("IDENTITY.tmp", "LOCK", "OWNER"))).isEmpty();
    assertThat(StorePaths.foreign(List.of("IDENTITY", "photo.jpg", "log"))).isEmpty();
    assertThat(StorePaths.foreign(List.of("LOCK", "photo.jpg"))).containsExactly("photo.jpg");
    assertThat(StorePaths.foreign(List.of("log"))).containsExactly("log");
  }
}
