package io.tidaldb.ranking;

import io.tidaldb.schema.Part;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A ranking with a session's memory in it: score' = score + 0.3 · (match − score), match = 0.7 ·
/// max(0, cos(s, e)) + 0.3 · h. Here s is what is preferred in the session, e the item's vector,
/// and h the share of the session's hint words that the item has.
///
/// Reading an item's words is dear, so they are read only where the rest leaves room above the
/// floor.
final class SessionRanking implements Ranking {

  private static final double PULL = 0.3;
  private static final double TASTE = 0.7;
  private static final double HINTS = 0.3;

  /// Above the rounding of score' and of the floor that it is held against.
  private static final double SLACK = 0x1.0p-30;

  private final Ranking inner;
  private final SessionMatch match;
  private final int scoreColumn;
  private final int tasteColumn;
  private final int hintsColumn;

  SessionRanking(Ranking inner, SessionMatch match) {
    this.inner = inner;
    this.match = match;
    this.scoreColumn = inner.columns();
    this.tasteColumn = inner.columns() + 1;
    this.hintsColumn = inner.columns() + 2;
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
    return inner.columns() + 3;
  }

  @Override
  public void score(Batch batch, Floor floor) {
    inner.score(batch, Floor.NONE);
    double[] before = batch.in[scoreColumn];
    double[] tastes = batch.in[tasteColumn];
    double[] hints = batch.in[hintsColumn];
    double tasteMost = match.hasTaste() ? TASTE : 0;
    for (int i = 0; i < batch.count; i++) {
      if (batch.dropped[i]) {
        continue;
      }
      double score = batch.scores[i];
      if (isBelow(floor, score, tasteMost)) {
        batch.dropped[i] = true;
        continue;
      }
      tastes[i] = match.hasTaste() ? match.taste(batch.slots[i]) : 0;
      if (isBelow(floor, score, TASTE * tastes[i])) {
        batch.dropped[i] = true;
        continue;
      }
      before[i] = score;
      hints[i] = match.words() == 0 ? 0 : match.hints(batch.slots[i]);
      batch.scores[i] = score + pull(score, tastes[i], hints[i]);
      batch.keys[i] = Order.sortable(batch.scores[i]);
    }
  }

  /// Whether no hint words could lift a score to the floor.
  ///
  /// @param taste what the match is without them, at most
  private boolean isBelow(Floor floor, double score, double taste) {
    if (!floor.isSet()) {
      return false;
    }
    double most = score + PULL * (taste + HINTS - score);
    return most + (Math.abs(most) + 1) * SLACK < floor.score();
  }

  private static double pull(double score, double taste, double hints) {
    return PULL * (TASTE * taste + HINTS * hints - score) + 0.0;
  }

  @Override
  public Map<String, Long> dropped() {
    return inner.dropped();
  }

  @Override
  public Part explain(double[][] in, int i, double score) {
    double before = in[scoreColumn][i];
    double taste = in[tasteColumn][i];
    double hints = in[hintsColumn][i];
    var part = inner.explain(in, i, before);
    var detail =
        BoundFeature.number(PULL)
            + " × (match "
            + BoundFeature.number(TASTE * taste + HINTS * hints)
            + " − score), hint words "
            + BoundFeature.number(hints)
            + " of "
            + match.words()
            + (match.hasTaste() ? ", cosine " + BoundFeature.number(taste) : "");
    return new Part(
        part.name() + " in session",
        score,
        "",
        List.of(part, Part.leaf("session", pull(before, taste, hints), detail)));
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
