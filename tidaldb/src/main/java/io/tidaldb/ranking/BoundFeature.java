package io.tidaldb.ranking;

import java.util.List;

/// A feature bound to the columns and sizes of one query: a number in [0, 1) or [0, 1] per
/// candidate.
///
/// The scalar [#u] is the only definition; batches and explanations both go through it, so their
/// bits agree.
sealed interface BoundFeature {

  /// Its name in explanations.
  String name();

  /// The normalised value, 0 where it cannot be computed.
  double u(double[][] in, int i);

  /// Whether it can be computed for this candidate; a gate on one that cannot passes.
  boolean computable(double[][] in, int i);

  /// The columns that it reads.
  List<Integer> columns();

  /// The inputs in words.
  String detail(double[][] in, int i);

  /// `scores[i] += weight · u(i)`, the part that [#contribution] explains.
  void addTo(double weight, double[][] in, int count, double[] scores);

  /// What it adds to a score; never −0.0, so that a sum may begin with 0 or with its first part.
  static double contribution(double weight, double u) {
    return weight * u + 0.0;
  }

  /// A signal's measure under the share rule.
  ///
  /// @param unit of x, for people
  /// @param whole the same measure of all entities together
  /// @param live how many live entities there are
  /// @param rootOfLive √live
  record Share(String name, int column, String unit, double whole, double live, double rootOfLive)
      implements BoundFeature {

    @Override
    public List<Integer> columns() {
      return List.of(column);
    }

    @Override
    public double u(double[][] in, int i) {
      return Formulas.u(Formulas.share(in[column][i], whole, rootOfLive));
    }

    @Override
    public boolean computable(double[][] in, int i) {
      return true;
    }

    @Override
    public void addTo(double weight, double[][] in, int count, double[] scores) {
      for (int i = 0; i < count; i++) {
        scores[i] += contribution(weight, u(in, i));
      }
    }

    @Override
    public String detail(double[][] in, int i) {
      double r = Formulas.share(in[column][i], whole, rootOfLive);
      return number(in[column][i])
          + unit
          + " of "
          + number(whole)
          + unit
          + ", N "
          + number(live)
          + ", r "
          + number(r);
    }
  }

  /// A numeric field relative to a pivot.
  record Ratio(String name, int column, double pivot) implements BoundFeature {

    @Override
    public List<Integer> columns() {
      return List.of(column);
    }

    @Override
    public double u(double[][] in, int i) {
      return Formulas.u(in[column][i] / pivot);
    }

    @Override
    public boolean computable(double[][] in, int i) {
      return !Double.isNaN(in[column][i]);
    }

    @Override
    public void addTo(double weight, double[][] in, int count, double[] scores) {
      for (int i = 0; i < count; i++) {
        scores[i] += contribution(weight, u(in, i));
      }
    }

    @Override
    public String detail(double[][] in, int i) {
      return computable(in, i)
          ? number(in[column][i])
              + ", pivot "
              + number(pivot)
              + ", r "
              + number(in[column][i] / pivot)
          : "field absent";
    }
  }

  /// A value that is bounded by nature.
  ///
  /// @param above a cheap number that the formula's, at most 1, does not exceed; may be the formula
  record Bounded(
      String name, Formula formula, Formula.Words words, Formula above, List<Integer> columns)
      implements BoundFeature {

    @Override
    public double u(double[][] in, int i) {
      return formula.at(in, i);
    }

    @Override
    public boolean computable(double[][] in, int i) {
      return true;
    }

    @Override
    public void addTo(double weight, double[][] in, int count, double[] scores) {
      for (int i = 0; i < count; i++) {
        scores[i] += contribution(weight, u(in, i));
      }
    }

    @Override
    public String detail(double[][] in, int i) {
      return words.at(in, i);
    }
  }

  /// What cannot be computed in this schema.
  record Missing(String name, String reason) implements BoundFeature {

    @Override
    public List<Integer> columns() {
      return List.of();
    }

    @Override
    public double u(double[][] in, int i) {
      return 0;
    }

    @Override
    public boolean computable(double[][] in, int i) {
      return false;
    }

    @Override
    public void addTo(double weight, double[][] in, int count, double[] scores) {
      // Adds 0.
    }

    @Override
    public String detail(double[][] in, int i) {
      return reason;
    }
  }

  /// A number for people: whole numbers as such, others with four digits.
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return NumberText.significant(value);
  }
}
