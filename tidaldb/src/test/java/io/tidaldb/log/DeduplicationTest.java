package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.IdempotencyKey;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeduplicationTest {

  @Test
  void aKeyIsFoundAtThePositionOfItsFirstEvent() {
    var view = new Deduplication(4, 4);
    var key = IdempotencyKey.of(new UUID(1, 2));
    assertThat(view.find(key)).isEqualTo(-1);
    apply(view, 7, key);
    apply(view, 8, key);
    assertThat(view.find(key)).isEqualTo(7);
    assertThat(view.find(IdempotencyKey.of(new UUID(2, 1)))).isEqualTo(-1);
  }

  @Test
  void aTextIsItsHash() {
    var view = new Deduplication(4, 4);
    apply(view, 7, IdempotencyKey.of("order 66"));
    assertThat(view.find(IdempotencyKey.of("order 66"))).isEqualTo(7);
    assertThat(view.find(Keys.logged(IdempotencyKey.of("order 66")))).isEqualTo(7);
    assertThat(view.find(IdempotencyKey.of("order 67"))).isEqualTo(-1);
  }

  @Test
  void aFullWindowForgetsTheOldestKey() {
    var view = new Deduplication(1_000, 0);
    for (int i = 1; i <= 10_000; i++) {
      apply(view, i, IdempotencyKey.of(new UUID(i, -i)));
    }
    assertThat(view.keyCount()).isEqualTo(1_000);
    assertThat(view.find(IdempotencyKey.of(new UUID(9_000, -9_000)))).isEqualTo(-1);
    assertThat(view.find(IdempotencyKey.of(new UUID(9_001, -9_001)))).isEqualTo(9_001);
    assertThat(view.verify()).isEmpty();
  }

  @Test
  void aRewindOfAMillionNumbersIsHarmless() {
    var view = new Deduplication(4, 4);
    for (int i = 0; i < 1_000_000; i++) {
      apply(view, i + 1, IdempotencyKey.sequence(5, i));
    }
    for (int i = 0; i < 1_000_000; i++) {
      assertThat(view.find(IdempotencyKey.sequence(5, i))).isZero();
    }
    assertThat(view.find(IdempotencyKey.sequence(5, 1_000_000))).isEqualTo(-1);
  }

  @Test
  void aSkippedNumberMayComeUntilTheProducerIsFarAhead() {
    var view = new Deduplication(4, 4);
    apply(view, 1, IdempotencyKey.sequence(5, 10));
    assertThat(view.find(IdempotencyKey.sequence(5, 9))).isEqualTo(-1);
    apply(view, 2, IdempotencyKey.sequence(5, 9 + 16_383));
    assertThat(view.find(IdempotencyKey.sequence(5, 9))).isEqualTo(-1);
    apply(view, 3, IdempotencyKey.sequence(5, 9 + 16_384));
    assertThat(view.find(IdempotencyKey.sequence(5, 9))).isZero();
    assertThat(view.find(IdempotencyKey.sequence(5, 11))).isEqualTo(-1);
    assertThat(view.find(IdempotencyKey.sequence(6, 9))).isEqualTo(-1);
  }

  @Test
  void aNumberMayJumpToTheEnd() {
    var view = new Deduplication(4, 4);
    apply(view, 1, IdempotencyKey.sequence(5, 0));
    apply(view, 2, IdempotencyKey.sequence(5, Long.MAX_VALUE));
    assertThat(view.find(IdempotencyKey.sequence(5, Long.MAX_VALUE))).isZero();
    assertThat(view.find(IdempotencyKey.sequence(5, Long.MAX_VALUE - 1))).isEqualTo(-1);
    assertThat(view.find(IdempotencyKey.sequence(5, 0))).isZero();
  }

  @Test
  void theProducerLeastRecentlyLoggedIsDropped() {
    var view = new Deduplication(0, 3);
    apply(view, 1, IdempotencyKey.sequence(1, 1));
    apply(view, 2, IdempotencyKey.sequence(2, 1));
    apply(view, 3, IdempotencyKey.sequence(3, 1));
    apply(view, 4, IdempotencyKey.sequence(1, 2));
    apply(view, 5, IdempotencyKey.sequence(4, 1));
    assertThat(view.producerCount()).isEqualTo(3);
    assertThat(view.find(IdempotencyKey.sequence(2, 1))).isEqualTo(-1);
    assertThat(view.find(IdempotencyKey.sequence(1, 1))).isZero();
    assertThat(view.find(IdempotencyKey.sequence(4, 1))).isZero();
  }

  @Test
  void aWindowOfNoneFindsNothing() {
    var view = new Deduplication(0, 0);
    apply(view, 1, IdempotencyKey.of("a"));
    apply(view, 2, IdempotencyKey.sequence(1, 1));
    assertThat(view.find(IdempotencyKey.of("a"))).isEqualTo(-1);
    assertThat(view.find(IdempotencyKey.sequence(1, 1))).isEqualTo(-1);
  }

  @Test
  void aPageThatIsNoneIsRefused() {
    var view = new Deduplication(4, 4);
    assertThatThrownBy(() -> view.load(new PageView.PageKey(0, 0, 0), new byte[5]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> view.load(new PageView.PageKey(0, 0, 2), new byte[5]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static void apply(Deduplication view, long position, IdempotencyKey key) {
    view.apply(position, new Event.EntityDeleted(1, EntityKind.ITEM, 1, key));
    view.publish(position);
  }
}
