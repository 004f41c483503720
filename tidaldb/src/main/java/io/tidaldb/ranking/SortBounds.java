package io.tidaldb.ranking;

import io.tidaldb.schema.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Bounds of the numbers that sort modes order by.
final class SortBounds {

  private final Binder binder;

  SortBounds(Binder binder) {
    this.binder = binder;
  }

  /// Counts to be read, times a factor.
  ///
  /// @param type the signal's number, [Inputs#NONE] where no signal has the meaning
  record Counts(int type, Window window, double factor) {

    Counts times(double by) {
      return new Counts(type, window, by);
    }
  }

  /// The counts of a column in the widest window that its signal declares.
  Counts widest(int column) {
    var counts = exact(column);
    return counts.type == Inputs.NONE
        ? counts
        : new Counts(counts.type, binder.widest(counts.type), 1);
  }

  /// The counts of a column.
  Counts exact(int column) {
    return column != Inputs.NONE
            && binder.inputs().input(column) instanceof Input.Count(_, int type, var window)
        ? new Counts(type, window, 1)
        : new Counts(Inputs.NONE, Window.ALL_TIME, 1);
  }

  /// The sum of counts.
  Bound sum(List<Counts> parts) {
    var counts = parts.stream().filter(c -> c.type != Inputs.NONE).toList();
    return batch -> {
      Arrays.fill(batch.upper, 0, batch.count, 0.0);
      for (int c = 0; c < counts.size(); c++) {
        add(counts.get(c), batch);
      }
    };
  }

  /// The counts that bound the sum.
  Optional<WindowSum> windowSum(List<Counts> parts) {
    var sum =
        parts.stream()
            .filter(counts -> counts.type != Inputs.NONE)
            .map(c -> new WindowSum.Part(c.type, c.window, count -> c.factor * count))
            .toList();
    return sum.isEmpty() ? Optional.empty() : Optional.of(new WindowSum(sum));
  }

  /// The count that bounds what is nothing below three of it, and never above it.
  Optional<WindowSum> atLeastThree(Counts counts) {
    return counts.type == Inputs.NONE
        ? Optional.empty()
        : Optional.of(
            new WindowSum(
                List.of(
                    new WindowSum.Part(
                        counts.type, counts.window, count -> count < 3 ? 0 : count))));
  }

  private void add(Counts counts, Batch batch) {
    binder
        .signals()
        .windowedCounts(counts.type, counts.window, batch.slots, batch.count, batch.longs);
    for (int i = 0; i < batch.count; i++) {
      batch.upper[i] += counts.factor * (double) batch.longs[i];
    }
  }

  /// The sum of counts, or 0 below three: what `rising` cannot exceed.
  Bound atLeastThree(List<Counts> parts) {
    var sum = sum(parts);
    return batch -> {
      sum.apply(batch);
      for (int i = 0; i < batch.count; i++) {
        batch.upper[i] = batch.upper[i] < 3 ? 0 : batch.upper[i];
      }
    };
  }

  /// A column as it is.
  Bound column(int column) {
    return batch -> {
      binder.fill(List.of(column), batch);
      System.arraycopy(batch.in[column], 0, batch.upper, 0, batch.count);
    };
  }

  /// `hot` by its votes alone: nothing up to a difference of one, and never above the difference.
  Bound overOne(int likes, int dislikes) {
    var columns = List.of(likes, dislikes);
    return batch -> {
      binder.fill(columns, batch);
      for (int i = 0; i < batch.count; i++) {
        double s = Inputs.value(batch.in, likes, i) - Inputs.value(batch.in, dislikes, i);
        batch.upper[i] = s > 1 ? s : 0;
      }
    };
  }

  /// `hot` with its age.
  Bound hot(int likes, int dislikes, int age) {
    var columns = List.of(likes, dislikes, age);
    return batch -> {
      binder.fill(columns, batch);
      for (int i = 0; i < batch.count; i++) {
        double s = Inputs.value(batch.in, likes, i) - Inputs.value(batch.in, dislikes, i);
        batch.upper[i] = Formulas.hotAbove(s, batch.in[age][i]);
      }
    };
  }

  /// `controversial`: nothing without votes of both sides.
  Bound controversial(int likes, int dislikes) {
    if (likes == Inputs.NONE || dislikes == Inputs.NONE) {
      return batch -> {};
    }
    var columns = List.of(likes, dislikes);
    return batch -> {
      binder.fill(columns, batch);
      double[] up = batch.in[likes];
      double[] down = batch.in[dislikes];
      for (int i = 0; i < batch.count; i++) {
        batch.upper[i] = up[i] > 0 && down[i] > 0 ? Formulas.controversial(up[i], down[i]) : 0;
      }
    };
  }

  /// `hidden_gems` with a cheap logarithm.
  Bound hiddenGem(BoundFeature quality, int views) {
    if (!(quality instanceof BoundFeature.Bounded bounded)) {
      return batch -> {};
    }
    var above = bounded.above();
    return batch -> {
      binder.fill(bounded.columns(), batch);
      binder.fill(List.of(views), batch);
      for (int i = 0; i < batch.count; i++) {
        double u = above.at(batch.in, i);
        batch.upper[i] =
            u > 1e-9 ? Formulas.hiddenGemAbove(u, Inputs.value(batch.in, views, i)) : u;
      }
    };
  }
}
