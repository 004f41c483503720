package io.tidaldb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeysTest {

  private static final long[] IDS = {0, 1, 255, 256, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1};

  @Test
  void theBytesOfAPageKey() {
    byte[] key = Keys.page(Tag.SIG, 0x0102, 0xFF03, 0x80, 7);

    assertThat(HexFormat.of().formatHex(key))
        .isEqualTo("0000000000000102" + "0002" + "ff0380" + "0000000000000007");
  }

  @Test
  void everyTagIsParsedBack() {
    for (Tag tag : Tag.values()) {
      assertThat(Tag.ofCode(tag.code())).isEqualTo(tag);
      for (long id : IDS) {
        byte[] row = Keys.row(id, tag, new byte[] {9, 0, 8});
        assertThat(Keys.id(row)).isEqualTo(id);
        assertThat(Keys.tag(row)).isEqualTo(tag);
        assertThat(Keys.suffix(row)).containsExactly(9, 0, 8);
        assertThat(row).startsWith(Keys.row(id, tag)).startsWith(Keys.entity(id));

        byte[] page = Keys.page(tag, id, 65_535, 255, id);
        assertThat(Keys.id(page)).isEqualTo(id);
        assertThat(Keys.tag(page)).isEqualTo(tag);
        assertThat(Keys.pageType(page)).isEqualTo(65_535);
        assertThat(Keys.pageColumn(page)).isEqualTo(255);
        assertThat(Keys.pageGeneration(page)).isEqualTo(id);
      }
    }
  }

  @Test
  void orderOfBytesIsUnsignedOrderOfIds() {
    long seed = Long.getLong("tidal.seed", 99);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      long a = IDS[random.nextInt(IDS.length)] + random.nextInt(3);
      long b = random.nextBoolean() ? random.nextLong() : IDS[random.nextInt(IDS.length)];
      byte[] keyA = Keys.row(a, Tag.SEEN, new byte[] {(byte) random.nextInt()});
      byte[] keyB = Keys.row(b, Tag.SIG, new byte[] {(byte) random.nextInt()});
      if (a != b) {
        assertThat(Integer.signum(Arrays.compareUnsigned(keyA, keyB)))
            .as("seed=%d", seed)
            .isEqualTo(Integer.signum(Long.compareUnsigned(a, b)));
      }
    }
  }

  @Test
  void whatIsNoKeyIsRefused() {
    byte[] key = Keys.row(1, Tag.META);
    key[8] = 1;
    assertThatThrownBy(() -> Keys.tag(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Keys.tag(new byte[9])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tag.ofCode(Tag.values().length + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tag.ofCode(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Keys.page(Tag.SIG, 0, 65_536, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
