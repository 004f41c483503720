package io.tidaldb.collection;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The members of one collection in their order, as the writer folds them.
///
/// Order numbers begin 2³² apart; an insert takes the middle between its neighbours, so that only
/// one row changes. Where no number is left between two neighbours, all are numbered anew.
///
/// **Threads.** The writer only.
final class Sequence {

  /// Between two members at first: room for 32 inserts at one place.
  static final long GAP = 1L << 32;

  private final Map<Long, Member> members = new HashMap<>();
  private long[] items = new long[8];
  private long[] orders = new long[8];
  private int size;

  /// The members given, in any order.
  static Sequence of(Map<Long, Member> members) {
    var sequence = new Sequence();
    sequence.members.putAll(members);
    sequence.items = new long[Math.max(8, members.size())];
    sequence.orders = new long[sequence.items.length];
    List<Map.Entry<Long, Member>> sorted =
        members.entrySet().stream()
            .sorted(
                (a, b) -> {
                  int byOrder = Long.compare(a.getValue().order(), b.getValue().order());
                  return byOrder != 0 ? byOrder : Long.compareUnsigned(a.getKey(), b.getKey());
                })
            .toList();
    for (var entry : sorted) {
      sequence.items[sequence.size] = entry.getKey();
      sequence.orders[sequence.size++] = entry.getValue().order();
    }
    return sequence;
  }

  int size() {
    return size;
  }

  boolean contains(long item) {
    return members.containsKey(item);
  }

  @Nullable Member member(long item) {
    return members.get(item);
  }

  /// The items in order, a copy.
  long[] items() {
    return Arrays.copyOf(items, size);
  }

  /// A member's place, or −1.
  int index(long item) {
    var member = members.get(item);
    return member == null ? -1 : Arrays.binarySearch(orders, 0, size, member.order());
  }

  /// Makes an item that is no member one, at a place 0 … size. Returns whether all were numbered
  /// anew.
  boolean insert(int index, long item, long addedAt, long position) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
      orders = Arrays.copyOf(orders, size * 2);
    }
    System.arraycopy(items, index, items, index + 1, size - index);
    System.arraycopy(orders, index, orders, index + 1, size - index);
    size++;
    items[index] = item;
    var order = between(index);
    members.put(item, new Member(order.orElse(0L), addedAt, position));
    if (order.isPresent()) {
      orders[index] = order.get();
      return false;
    }
    renumber();
    return true;
  }

  /// A number for the place, which is counted in already; empty if there is none.
  private Optional<Long> between(int index) {
    if (size == 1) {
      return Optional.of(0L);
    }
    if (index == size - 1) {
      long last = orders[index - 1];
      return last <= Long.MAX_VALUE - GAP ? Optional.of(last + GAP) : Optional.empty();
    }
    long after = orders[index + 1];
    if (index == 0) {
      return after >= Long.MIN_VALUE + GAP ? Optional.of(after - GAP) : Optional.empty();
    }
    long before = orders[index - 1];
    long middle = (before & after) + ((before ^ after) >> 1);
    return middle > before ? Optional.of(middle) : Optional.empty();
  }

  private void renumber() {
    for (int i = 0; i < size; i++) {
      orders[i] = i * GAP;
      long order = orders[i];
      members.computeIfPresent(items[i], (_, member) -> member.withOrder(order));
    }
  }

  /// Takes a member out.
  void remove(long item) {
    int index = index(item);
    System.arraycopy(items, index + 1, items, index, size - index - 1);
    System.arraycopy(orders, index + 1, orders, index, size - index - 1);
    size--;
    members.remove(item);
  }
}
