package io.tidaldb.coengagement;

import java.util.Arrays;

/// What users engage with after an item: its neighbours, and of each how much it follows. Owned by
/// one reader, who reads again into it.
///
/// How much an item i *follows* an item j lies in [0, 1]:
///
/// ```
///   (near(j → i) + ½ · near(i → j)) / (1.5 · √((crowd(i) + 10) · (crowd(j) + 10)))
/// ```
///
/// `near(j → i)` adds 1 / √p for each user who engaged with i as the p-th after j, `crowd` is how
/// many users engaged with an item at all, everything decayed by one half-life. That is the cosine
/// of the two items over users, by which what everybody likes follows everything a little and what
/// few like follows what those few like, where order and distance count and a few users do not make
/// a certainty.
public final class Following {

  /// What the other direction counts.
  public static final double BACKWARD = 0.5;

  /// Users whom every crowd is taken to have besides its own.
  public static final double CROWD_PRIOR = 10;

  private int[] items = new int[64];
  private double[] shares = new double[64];
  private int count;

  /// How many neighbours there are.
  public int count() {
    return count;
  }

  /// The slot of a neighbour.
  public int item(int index) {
    return items[index];
  }

  /// How much it follows.
  public double share(int index) {
    return shares[index];
  }

  /// Forgets all of them.
  public void clear() {
    count = 0;
  }

  /// Adds one.
  public void add(int item, double share) {
    if (count == items.length) {
      items = Arrays.copyOf(items, 2 * count);
      shares = Arrays.copyOf(shares, 2 * count);
    }
    items[count] = item;
    shares[count++] = share;
  }

  /// The formula.
  static double share(double forward, double backward, double itsCrowd, double othersCrowd) {
    double near = forward + BACKWARD * backward;
    double scale = Math.sqrt((itsCrowd + CROWD_PRIOR) * (othersCrowd + CROWD_PRIOR));
    return Math.min(1, near / ((1 + BACKWARD) * scale));
  }
}
