package io.tidaldb.engine;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.RefusalReason;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.UserSessionSummary;
import io.tidaldb.session.SessionState;
import io.tidaldb.session.SessionTerms;
import io.tidaldb.session.SessionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// What a user did in all sessions that are running or kept.
///
/// What a session liked is a vector of weights: each view and each positive signal adds its weight
/// for the item's creator, or for the item itself where it has none.
final class SessionHistory {

  private static final int TOP = 10;

  private final SessionView view;
  private final SessionShapes shapes;

  SessionHistory(SessionView view, SessionShapes shapes) {
    this.view = view;
    this.shapes = shapes;
  }

  /// @param since sessions that started at or after
  UserSessionSummary summary(EntityId user, Timestamp since) {
    var byId = new TreeMap<Long, SessionState>();
    for (var ended : view.archive().summaries(user.value(), 0, Integer.MAX_VALUE)) {
      byId.put(ended.head().session(), ended);
    }
    for (long id : view.active(user.value())) {
      view.running(id).ifPresent(state -> byId.putIfAbsent(id, state));
    }
    byId.values().removeIf(state -> state.head().started() < since.nanos());
    var counts = new TreeMap<String, Long>();
    long refusals = 0;
    for (var state : byId.values()) {
      shapes
          .counts(state, view.terms())
          .forEach((name, count) -> counts.merge(name, count, Long::sum));
      for (var reason : RefusalReason.values()) {
        refusals += shapes.refusals(state, reason);
      }
    }
    return new UserSessionSummary(
        byId.size(),
        counts.values().stream().mapToLong(Long::longValue).sum(),
        refusals,
        top(counts),
        drift(new ArrayList<>(byId.values())));
  }

  private static Map<String, Long> top(Map<String, Long> counts) {
    var top = new LinkedHashMap<String, Long>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(TOP)
        .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
    return top;
  }

  private OptionalDouble drift(List<SessionState> sessions) {
    Map<Long, Double> first = Map.of();
    int from = 0;
    while (from < sessions.size() && first.isEmpty()) {
      first = liked(sessions.get(from++));
    }
    Map<Long, Double> last = Map.of();
    for (int i = sessions.size() - 1; i >= from && last.isEmpty(); i--) {
      last = liked(sessions.get(i));
    }
    if (first.isEmpty() || last.isEmpty()) {
      return OptionalDouble.empty();
    }
    double product = 0;
    for (var entry : first.entrySet()) {
      product += entry.getValue() * last.getOrDefault(entry.getKey(), 0.0);
    }
    return OptionalDouble.of(1 - product / (norm(first) * norm(last)));
  }

  private static double norm(Map<Long, Double> vector) {
    return Math.sqrt(vector.values().stream().mapToDouble(v -> v * v).sum());
  }

  private Map<Long, Double> liked(SessionState known) {
    var head = known.head();
    var state =
        known.end().isEmpty()
            ? known
            : view.archive().read(head.user(), head.session()).orElse(known);
    SessionTerms terms = view.terms();
    var vector = new HashMap<Long, Double>();
    state.forEachSignal(
        (i, type, kind, slot) -> {
          double weight = state.signalWeight(i);
          if (kind == EntityKind.ITEM
              && terms.meaning(type).filter(m -> likes(m, weight)).isPresent()) {
            int creator = state.signalCreator(i);
            long dimension = creator >= 0 ? creator : -1L - slot;
            vector.merge(dimension, Math.max(weight, 0), Double::sum);
          }
        });
    vector.values().removeIf(weight -> weight <= 0);
    return vector;
  }

  private static boolean likes(Meaning meaning, double weight) {
    return meaning.isPositive(weight) || meaning == Meaning.VIEW;
  }
}
