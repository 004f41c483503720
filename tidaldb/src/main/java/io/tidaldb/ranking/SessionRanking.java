package io.tidaldb.ranking;

import io.tidaldb.schema.Part;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A ranking with a session's memory in it: score' = score + 0.3 · (match − score), where match =
/// 0.3 · h without vectors, h being the share of the session's hint words that the item has.
///
/// Reading an item's words is dear, so they are read only where the score alone leaves room above
/// the floor: score' never exceeds 0.7 · score + 0.09.
final class SessionRanking implements Ranking {

  private static final double PULL = 0.3;
  private static final double HINTS = 0.3;

  /// Above the rounding of score' and of the floor that it is held against.
  private static final double SLACK = 0x1.0p-30;

  private final Ranking inner;
  private final SessionMatch match;
  private final int scoreColumn;
  private final int hintsColumn;

  SessionRanking(Ranking inner, SessionMatch match) {
    this.inner = inner;
    this.match = match;
    this.scoreColumn = inner.columns();
    this.hintsColumn = inner.columns() + 1;
  }

  @Override
  public Order order() {
    return inner.order();
  }

  @Override
  public Batch batch(int capacity) {
    return new Batch(columns(), capacity);
  }

  @Override
  public int columns() {
    return inner.columns() + 2;
  }

  @Override
  public void score(Batch batch, Floor floor) {
    inner.score(batch, Floor.NONE);
    double[] before = batch.in[scoreColumn];
    double[] hints = batch.in[hintsColumn];
    for (int i = 0; i < batch.count; i++) {
      if (batch.dropped[i]) {
        continue;
      }
      double score = batch.scores[i];
      if (floor.isSet() && most(score) < floor.score()) {
        batch.dropped[i] = true;
        continue;
      }
      before[i] = score;
      hints[i] = match.words() == 0 ? 0 : match.hints(batch.slots[i]);
      batch.scores[i] = score + pull(score, hints[i]);
      batch.keys[i] = Order.sortable(batch.scores[i]);
    }
  }

  private static double most(double score) {
    double most = score + PULL * (HINTS - score);
    return most + Math.abs(most) * SLACK;
  }

  private static double pull(double score, double hints) {
    return PULL * (HINTS * hints - score) + 0.0;
  }

  @Override
  public Map<String, Long> dropped() {
    return inner.dropped();
  }

  @Override
  public Part explain(double[][] in, int i, double score) {
    double before = in[scoreColumn][i];
    double hints = in[hintsColumn][i];
    var part = inner.explain(in, i, before);
    var detail =
        BoundFeature.number(PULL)
            + " × (match "
            + BoundFeature.number(HINTS * hints)
            + " − score), hint words "
            + BoundFeature.number(hints)
            + " of "
            + match.words();
    return new Part(
        part.name() + " in session",
        score,
        "",
        List.of(part, Part.leaf("session", pull(before, hints), detail)));
  }

  @Override
  public Map<String, Double> snapshot(double[][] in, int i) {
    return inner.snapshot(in, i);
  }

  @Override
  public OptionalInt head() {
    return OptionalInt.empty();
  }
}
