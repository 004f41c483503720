package io.tidaldb.search;

import io.tidaldb.log.Event;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.FeedbackPolicy.Effect;
import io.tidaldb.schema.Meaning;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Vectors and preferences as the rule says them, without any thought of speed. Knows the slots 1
/// (items), 3 (preferences) and 4 (creators) of [VectorWorld].
final class NaiveVectors {

  private static final Map<String, double[]> RULE =
      Map.of(
          "comment", new double[] {0.08, 1},
          "completion", new double[] {0.15, Double.NaN},
          "dislike", new double[] {-0.10, 0},
          "hide", new double[] {-0.20, 0},
          "like", new double[] {0.10, 1},
          "purchase", new double[] {0.20, 2},
          "save", new double[] {0.12, 1},
          "skip", new double[] {-0.05, 0});

  final Map<Long, float[]> items = new TreeMap<>();
  final Map<Long, float[]> creators = new TreeMap<>();
  final Map<Long, float[]> preferences = new TreeMap<>();
  final Map<Long, Double> evidence = new TreeMap<>();
  private @Nullable FeedbackPolicy policy;

  void fold(List<Event> log) {
    log.forEach(this::fold);
  }

  private void fold(Event event) {
    switch (event) {
      case VectorEvent.EmbeddingWritten e -> write(e);
      case Event.EntityDeleted e -> (e.kind() == EntityKind.ITEM ? items : creators).remove(e.id());
      case Event.UserErased e -> forget(e.user());
      case Event.SignalRecorded e -> {
        var rule = rule(VectorWorld.meaning(e.type()));
        if (rule != null && e.weight() > 0) {
          double n = Double.isNaN(rule[1]) ? e.weight() : rule[1];
          learn(e.user(), rule[0] * e.weight(), n, items.get(e.entity()));
        }
      }
      case RelationEvent.RelationSet e -> {
        if (e.begins()) {
          var follow = policy == null ? new Effect(0.10, 1, 5) : policy.follow();
          learn(e.user(), follow.preference(), follow.evidence(), creators.get(e.target()));
        }
      }
      case RankingEvent.FeedbackPolicySaved e -> policy = FeedbackPolicyJson.fromJson(e.json());
      default -> {}
    }
  }

  private double @Nullable [] rule(String label) {
    var meaning = Meaning.ofLabel(label);
    if (policy == null || meaning.isEmpty()) {
      return RULE.get(label);
    }
    var effect = policy.effect(meaning.get());
    boolean perFraction = meaning.get() == Meaning.COMPLETION && effect.evidence() == 1;
    return new double[] {effect.preference(), perFraction ? Double.NaN : effect.evidence()};
  }

  private void write(VectorEvent.EmbeddingWritten e) {
    if (e.kind() == EntityKind.USER) {
      if (e.vector().length == 0) {
        forget(e.id());
      } else if (keep(e.id(), wide(e.vector()), Double.MIN_VALUE)) {
        evidence.put(e.id(), 5.0);
      }
      return;
    }
    boolean isItem = e.kind() == EntityKind.ITEM && e.slot() == 1;
    boolean isCreator = e.kind() == EntityKind.CREATOR && e.slot() == 4;
    var vectors = isItem ? items : creators;
    if ((isItem || isCreator) && e.vector().length == 0) {
      vectors.remove(e.id());
    } else if (isItem || isCreator) {
      vectors.put(e.id(), e.vector());
    }
  }

  private void forget(long user) {
    preferences.remove(user);
    evidence.remove(user);
  }

  private void learn(long user, double step, double n, float[] item) {
    if (step == 0 || item == null || length(wide(item)) == 0) {
      return;
    }
    double[] e = wide(item);
    double length = length(e);
    for (int i = 0; i < e.length; i++) {
      e[i] /= length;
    }
    var known = preferences.get(user);
    if (known == null) {
      if (step > 0) {
        keep(user, e, 0);
        evidence.put(user, n);
      }
      return;
    }
    double[] p = wide(known);
    double a = Math.min(0.5, step);
    for (int i = 0; i < p.length; i++) {
      p[i] = step > 0 ? (1 - a) * p[i] + a * e[i] : p[i] - Math.abs(step) * e[i];
    }
    if (keep(user, p, 1e-3) && step > 0) {
      evidence.merge(user, n, Double::sum);
    }
  }

  private boolean keep(long user, double[] p, double lengthMin) {
    double length = length(p);
    if (length < lengthMin) {
      return false;
    }
    float[] unit = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      unit[i] = (float) (p[i] / length);
    }
    preferences.put(user, unit);
    return true;
  }

  static double[] wide(float[] vector) {
    double[] wide = new double[vector.length];
    Arrays.setAll(wide, i -> vector[i]);
    return wide;
  }

  static double length(double[] vector) {
    double sum = 0;
    for (double number : vector) {
      sum += number * number;
    }
    return Math.sqrt(sum);
  }

  static double cosine(float[] a, float[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
    }
    double lengths = length(wide(a)) * length(wide(b));
    return lengths == 0 ? 0 : product / lengths;
  }
}
