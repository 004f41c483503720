package io.tidaldb.ranking;

import io.tidaldb.ranking.FeatureBinder.Term;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Part;
import io.tidaldb.schema.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A weighted sum of features behind gates.
final class TermRanking implements Ranking {

  private final Binder binder;
  private final String name;
  private final String detail;
  private final List<Term> terms = new ArrayList<>();
  private final Gates gates;
  private final Boosts boosts;
  private final OptionalInt head;
  private final Pruning pruning;
  private final Optional<WindowSum> windowSum;

  TermRanking(Profile profile, Binder binder) {
    this.binder = binder;
    this.name = profile.name() + "@" + profile.version();
    var features = new FeatureBinder(binder);
    double warmth = binder.scope().personal().warmth();
    var score = Warmth.terms(profile, warmth);
    score.forEach(t -> terms.addAll(features.terms(t.feature(), t.weight())));
    this.detail = profile.cold().isPresent() ? "warmth " + BoundFeature.number(warmth) : "";
    this.gates = new Gates(profile.gates(), features);
    this.boosts = new Boosts(profile.boosts(), binder);
    this.head = headOf(score);
    double most = boosts.most();
    var bounds = new TermBounds(binder);
    this.pruning =
        bounds.pruning(
            terms.stream().map(term -> new Term(term.weight() * most, term.feature())).toList());
    this.windowSum =
        gates.isEmpty() && boosts.isEmpty() ? bounds.windowSum(terms) : Optional.empty();
  }

  private OptionalInt headOf(List<Profile.Term> score) {
    if (score.size() != 1
        || !gates.isEmpty()
        || !boosts.isEmpty()
        || !(score.getFirst().feature() instanceof Feature.Decayed(String signal))
        || score.getFirst().weight() <= 0) {
      return OptionalInt.empty();
    }
    var type = binder.signal(signal);
    return type.isPresent() ? OptionalInt.of(type.get().id().value()) : OptionalInt.empty();
  }

  @Override
  public Order order() {
    return Order.SCORE;
  }

  @Override
  public Batch batch(int capacity) {
    return new Batch(columns(), capacity);
  }

  @Override
  public int columns() {
    return binder.inputs().size();
  }

  @Override
  public void score(Batch batch, Floor floor) {
    batch.begin();
    if (floor.isSet()) {
      gates.sift(binder, batch);
      pruning.prune(batch, floor);
    }
    binder.inputs().gather(binder.scope(), batch);
    int count = batch.count;
    Arrays.fill(batch.dropped, 0, count, false);
    gates.apply(batch);
    Arrays.fill(batch.scores, 0, count, 0.0);
    for (int t = 0; t < terms.size(); t++) {
      terms.get(t).feature().addTo(terms.get(t).weight(), batch.in, count, batch.scores);
    }
    boosts.apply(batch);
    for (int i = 0; i < count; i++) {
      batch.keys[i] = Order.sortable(batch.scores[i]);
    }
  }

  @Override
  public Map<String, Long> dropped() {
    return gates.dropped();
  }

  @Override
  public Part explain(double[][] in, int i, double score) {
    var parts = new ArrayList<Part>();
    for (var term : terms) {
      double u = term.feature().u(in, i);
      var detail = BoundFeature.number(term.weight()) + " × " + NumberText.fixed(u);
      parts.add(
          Part.leaf(
              term.feature().name(),
              BoundFeature.contribution(term.weight(), u),
              detail + "  " + term.feature().detail(in, i)));
    }
    boosts.explain(in, i, parts);
    return new Part(name, score, detail, parts);
  }

  @Override
  public Map<String, Double> snapshot(double[][] in, int i) {
    return binder.inputs().snapshot(in, i);
  }

  @Override
  public OptionalInt head() {
    return head;
  }

  @Override
  public Optional<WindowSum> windowSum() {
    return windowSum;
  }
}
