package io.tidaldb.testing;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.UserState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Relations and states as marks with their times. Single-threaded.
///
/// Of contradicting events the later time wins, of equal times the later position; block and hide
/// win ties. Scripts span less than the 30 days after which a removal is forgotten.
public final class ModelRelations {

  /// One end and the other.
  public record Edge(long user, RelationType type, EntityKind kind, long target) {}

  /// How it stands, since when.
  public record Mark(double weight, long time, boolean present) {}

  /// A user and an item.
  public record About(long user, UserState state, long item) {}

  private static final Set<UserState> TOLD = Set.of(UserState.LIKED, UserState.SAVED);

  private final Map<Edge, Mark> edges = new HashMap<>();
  private final Map<About, Mark> states = new HashMap<>();

  /// A user stands in a relation from a time on.
  public void set(Edge edge, double weight, long time) {
    put(edge, new Mark(weight, time, true));
    if (edge.type == RelationType.BLOCK) {
      for (var kind : List.of(EntityKind.USER, EntityKind.CREATOR)) {
        remove(new Edge(edge.user, RelationType.FOLLOW, kind, edge.target), time);
        remove(new Edge(edge.target, RelationType.FOLLOW, kind, edge.user), time);
      }
    }
  }

  /// No more; also of what never was, so that an older beginning that comes late does not hold.
  public void remove(Edge edge, long time) {
    put(edge, new Mark(0, time, false));
  }

  private void put(Edge edge, Mark mark) {
    var before = edges.get(edge);
    boolean isHard = edge.type == RelationType.BLOCK || edge.type == RelationType.HIDE;
    boolean isLate =
        before != null
            && (before.time > mark.time
                || (before.time == mark.time && isHard && before.present && !mark.present));
    if (!isLate) {
      edges.put(edge, mark);
    }
  }

  /// A user gave a signal about an item.
  public void signal(long user, Meaning meaning, long item, long time) {
    switch (meaning) {
      case VIEW, COMPLETION -> mark(new About(user, UserState.SEEN, item), time, true);
      case LIKE -> mark(new About(user, UserState.LIKED, item), time, true);
      case UNLIKE -> mark(new About(user, UserState.LIKED, item), time, false);
      case SAVE -> mark(new About(user, UserState.SAVED, item), time, true);
      case UNSAVE -> mark(new About(user, UserState.SAVED, item), time, false);
      case HIDE, REPORT -> set(new Edge(user, RelationType.HIDE, EntityKind.ITEM, item), 1, time);
      case IMPRESSION, DISLIKE, SHARE, COMMENT, PURCHASE, SKIP, NOT_INTERESTED, NOTIFIED -> {}
    }
  }

  private void mark(About about, long time, boolean present) {
    var before = states.get(about);
    if (before == null || before.time <= time || !TOLD.contains(about.state)) {
      states.put(about, new Mark(1, time, present));
    }
  }

  /// A user's state about an item is forgotten, whatever comes later.
  public void clear(long user, UserState state, long item) {
    states.remove(new About(user, state, item));
  }

  /// The item is gone with the states about it; hides stay.
  public void itemDeleted(long item) {
    states.keySet().removeIf(about -> about.item == item);
  }

  /// The user is gone, with every edge from and to it.
  public void userErased(long user) {
    edges
        .keySet()
        .removeIf(
            edge -> edge.user == user || (edge.kind == EntityKind.USER && edge.target == user));
    states.keySet().removeIf(about -> about.user == user);
  }

  /// Every relation that holds.
  public Set<Edge> present() {
    return edges.entrySet().stream()
        .filter(entry -> entry.getValue().present)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Whether a relation holds.
  public boolean holds(Edge edge) {
    var mark = edges.get(edge);
    return mark != null && mark.present;
  }

  /// Its weight; 0 if it does not hold.
  public double weight(Edge edge) {
    var mark = edges.get(edge);
    return mark != null && mark.present ? mark.weight : 0;
  }

  /// Whether two accounts are blocked from each other.
  public boolean blocked(long one, long other) {
    return present().stream()
        .anyMatch(
            edge ->
                edge.type == RelationType.BLOCK
                    && ((edge.user == one && edge.target == other)
                        || (edge.user == other && edge.target == one)));
  }

  /// Whether a user must never see an item.
  public boolean hidden(long user, long item) {
    return holds(new Edge(user, RelationType.HIDE, EntityKind.ITEM, item));
  }

  /// Who follows or blocks a target, by unsigned user id.
  public List<Long> reverse(RelationType type, EntityKind kind, long target) {
    return present().stream()
        .filter(edge -> edge.type == type && edge.kind == kind && edge.target == target)
        .map(Edge::user)
        .sorted(Long::compareUnsigned)
        .toList();
  }

  /// A user's targets of a type, by unsigned id.
  public List<Long> forward(long user, RelationType type) {
    return present().stream()
        .filter(edge -> edge.user == user && edge.type == type)
        .map(Edge::target)
        .sorted(Long::compareUnsigned)
        .toList();
  }

  /// The items a state holds of, newest first, ties by id.
  public List<Long> items(long user, UserState state) {
    return states.entrySet().stream()
        .filter(
            entry ->
                entry.getKey().user == user
                    && entry.getKey().state == state
                    && entry.getValue().present)
        .sorted(
            Comparator.<Map.Entry<About, Mark>>comparingLong(entry -> -entry.getValue().time)
                .thenComparing(entry -> entry.getKey().item, Long::compareUnsigned))
        .map(entry -> entry.getKey().item)
        .toList();
  }
}
