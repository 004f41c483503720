package io.tidaldb.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChecksumTest {

  private static final byte[] DIGITS = "..123456789..".getBytes(StandardCharsets.US_ASCII);

  @Test
  void itIsCrc32c() {
    assertThat(Checksum.plain().over(DIGITS, 2, 9)).isEqualTo(0xe3069283);
  }

  @Test
  void everyKindOfBufferGivesTheSameAndIsLeftAsItWas() {
    ByteBuffer heap = ByteBuffer.wrap(DIGITS).position(1).limit(5);
    ByteBuffer direct = ByteBuffer.allocateDirect(13).put(DIGITS).position(3).limit(4);
    ByteBuffer slice = ByteBuffer.wrap(DIGITS, 1, 12).slice();
    assertThat(Checksum.plain().over(heap, 2, 9)).isEqualTo(0xe3069283);
    assertThat(Checksum.plain().over(direct, 2, 9)).isEqualTo(0xe3069283);
    assertThat(Checksum.plain().over(slice, 1, 9)).isEqualTo(0xe3069283);
    assertThat(Checksum.plain().over(heap.asReadOnlyBuffer(), 2, 9)).isEqualTo(0xe3069283);
    assertThat(heap.position()).isEqualTo(1);
    assertThat(heap.limit()).isEqualTo(5);
    assertThat(direct.position()).isEqualTo(3);
    assertThat(direct.limit()).isEqualTo(4);
  }

  @Test
  void aStoresChecksumBeginsWithItsId() {
    StoreId store = new StoreId(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] joined = new byte[StoreId.SIZE + 9];
    System.arraycopy(store.bytes(), 0, joined, 0, StoreId.SIZE);
    System.arraycopy(DIGITS, 2, joined, StoreId.SIZE, 9);
    Checksum checksum = Checksum.of(store);
    int expected = Checksum.plain().over(joined, 0, joined.length);
    assertThat(checksum.over(DIGITS, 2, 9)).isEqualTo(expected);
    assertThat(checksum.over(DIGITS, 2, 9)).isEqualTo(expected);
    assertThat(Checksum.of(new StoreId(1, 2)).over(DIGITS, 2, 9)).isNotEqualTo(expected);
  }

  @Test
  void itDoesNotAllocate() {
    ByteBuffer direct = ByteBuffer.allocateDirect(4096);
    Checksum checksum = Checksum.of(new StoreId(1, 2));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int sum = 0;
    for (int i = 0; i < 20_000; i++) {
      sum += checksum.over(direct, 0, 64);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      sum += checksum.over(direct, 0, 64);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sum).isNotZero();
    assertThat(allocated).isLessThan(10_000);
  }
}
