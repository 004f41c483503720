package io.tidaldb.ranking;

import io.tidaldb.schema.Part;
import io.tidaldb.schema.Profile;
import java.util.ArrayList;
import java.util.List;

/// The boosts of a profile: one after the other, each multiplies the score so far where its
/// condition holds, by adding score · (factor − 1).
final class Boosts {

  private final List<Boost> boosts = new ArrayList<>();

  Boosts(List<Profile.Boost> boosts, Binder binder) {
    for (var boost : boosts) {
      var when = boost.when().text();
      var condition = binder.scope().conditions().of(boost.when());
      int column = binder.inputs().column(new Input.Holds(when, condition));
      this.boosts.add(new Boost(when, boost.factor(), column));
    }
  }

  private record Boost(String when, double factor, int column) {

    double added(double score) {
      return score * (factor - 1);
    }
  }

  boolean isEmpty() {
    return boosts.isEmpty();
  }

  /// What a score above 0 is multiplied by at most.
  double most() {
    double most = 1;
    for (var boost : boosts) {
      most *= Math.max(1, boost.factor);
    }
    return most;
  }

  /// Adds what they add.
  void apply(Batch batch) {
    for (int b = 0; b < boosts.size(); b++) {
      var boost = boosts.get(b);
      double[] holds = batch.in[boost.column];
      for (int i = 0; i < batch.count; i++) {
        if (holds[i] > 0) {
          batch.scores[i] += boost.added(batch.scores[i]);
        }
      }
    }
  }

  /// The parts that they add to those of the terms.
  void explain(double[][] in, int i, List<Part> parts) {
    double score = 0;
    for (var part : parts) {
      score += part.contribution();
    }
    for (var boost : boosts) {
      if (in[boost.column][i] > 0) {
        double added = boost.added(score);
        var detail = "× " + BoundFeature.number(boost.factor) + " where " + boost.when;
        parts.add(Part.leaf("boost", added, detail));
        score += added;
      }
    }
  }
}
