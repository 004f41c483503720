package io.tidaldb.storage;

import com.google.errorprone.annotations.Var;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// An immutable sorted map from bytes to bytes, in unsigned order: an AVL tree whose changes copy
/// the path from the root. So a root *is* a snapshot, and a batch is published by one write.
///
/// The empty map is null.
final class SortedTree {

  final byte[] key;
  final byte[] value;
  private final @Nullable SortedTree left;
  private final @Nullable SortedTree right;
  private final int height;

  private SortedTree(
      byte[] key, byte[] value, @Nullable SortedTree left, @Nullable SortedTree right) {
    this.key = key;
    this.value = value;
    this.left = left;
    this.right = right;
    this.height = 1 + Math.max(height(left), height(right));
  }

  static byte @Nullable [] get(@Nullable SortedTree root, byte[] key) {
    @Var SortedTree node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /// The map with this value under this key; keeps both arrays.
  static SortedTree put(@Nullable SortedTree node, byte[] key, byte[] value) {
    if (node == null) {
      return new SortedTree(key, value, null, null);
    }
    int order = Arrays.compareUnsigned(key, node.key);
    if (order == 0) {
      return new SortedTree(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  /// The map without this key.
  static @Nullable SortedTree remove(@Nullable SortedTree node, byte[] key) {
    if (node == null) {
      return null;
    }
    int order = Arrays.compareUnsigned(key, node.key);
    if (order < 0) {
      return balanced(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, remove(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    SortedTree next = first(node.right);
    return balanced(next, node.left, remove(node.right, next.key));
  }

  private static SortedTree first(SortedTree node) {
    @Var SortedTree first = node;
    for (@Var SortedTree at = node; at != null; at = at.left) {
      first = at;
    }
    return first;
  }

  private static int height(@Nullable SortedTree node) {
    return node == null ? 0 : node.height;
  }

  /// The entry of `at` over these two, which differ in height by at most two.
  private static SortedTree balanced(
      SortedTree at, @Nullable SortedTree left, @Nullable SortedTree right) {
    int tilt = height(left) - height(right);
    if (tilt > 1 && left != null) {
      SortedTree inner = left.right;
      if (inner == null || height(left.left) >= inner.height) {
        return over(left, left.left, over(at, inner, right));
      }
      return over(inner, over(left, left.left, inner.left), over(at, inner.right, right));
    }
    if (tilt < -1 && right != null) {
      SortedTree inner = right.left;
      if (inner == null || height(right.right) >= inner.height) {
        return over(right, over(at, left, inner), right.right);
      }
      return over(inner, over(at, left, inner.left), over(right, inner.right, right.right));
    }
    return over(at, left, right);
  }

  private static SortedTree over(
      SortedTree at, @Nullable SortedTree left, @Nullable SortedTree right) {
    return new SortedTree(at.key, at.value, left, right);
  }

  /// A walk over the entries from a key on, in order.
  static final class Walk {

    private final Deque<SortedTree> path = new ArrayDeque<>();

    Walk(@Nullable SortedTree root, byte[] from) {
      @Var SortedTree node = root;
      while (node != null) {
        if (Arrays.compareUnsigned(node.key, from) >= 0) {
          path.push(node);
          node = node.left;
        } else {
          node = node.right;
        }
      }
    }

    /// The next entry, or null at the end.
    @Nullable SortedTree next() {
      SortedTree here = path.poll();
      if (here == null) {
        return null;
      }
      for (@Var SortedTree node = here.right; node != null; node = node.left) {
        path.push(node);
      }
      return here;
    }
  }
}
