package io.tidaldb.query;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Source;
import io.tidaldb.slot.Slots;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one query knows of items that are engaged with together: the edges of its seeds and of its
/// user's last positives, each read once. Used by one thread.
final class Together {

  private static final int RECENT_MAX = 10;
  private static final int[] NOBODY = {};

  private final Sources sources;
  private final Slots slots;
  private final Retrieve request;
  private final People people;
  private final long at;
  private final Map<String, SeedEdges> edges = new HashMap<>();
  private @Nullable RecentMatch recentMatch;

  Together(Sources sources, Slots slots, Retrieve request, People people, long at) {
    this.sources = sources;
    this.slots = slots;
    this.request = request;
    this.people = people;
    this.at = at;
  }

  /// Whether hits are items: only they are engaged with together.
  boolean ofItems() {
    return request.kind() == EntityKind.ITEM;
  }

  /// Whether the request says what hits shall be like.
  boolean isSeeded() {
    return !request.seeds().isEmpty() || request.seedVector().isPresent();
  }

  /// Whether there is anything to follow.
  boolean hasRecent() {
    return ofItems() && positives(RecentMatch.POSITIVES).length > 0;
  }

  private int[] positives(int count) {
    return people.memory().map(viewer -> viewer.positives(count)).orElse(NOBODY);
  }

  /// How much items follow what the user engaged with last.
  RecentMatch recentMatch() {
    var known = recentMatch;
    if (known == null) {
      int[] positives = ofItems() ? positives(RecentMatch.POSITIVES) : NOBODY;
      known = new RecentMatch(sources.neighbours(at), positives);
      recentMatch = known;
    }
    return known;
  }

  /// The edges of the request's seeds; without seeds, of the user's last positives.
  SeedEdges edges() {
    return edges(!isSeeded() ? Source.Of.RECENT : Source.Of.SEED, RECENT_MAX);
  }

  /// The edges of the first seeds of a source.
  SeedEdges edges(Source.Of of, int count) {
    return edges.computeIfAbsent(
        of + " " + count, _ -> new SeedEdges(sources.neighbours(at), seedSlots(of, count)));
  }

  private int[] seedSlots(Source.Of of, int count) {
    if (!ofItems()) {
      return NOBODY;
    }
    return switch (of) {
      case SEED ->
          request.seeds().stream()
              .limit(count)
              .mapToInt(id -> slots.slot(request.kind(), id.value()))
              .toArray();
      case RECENT -> positives(count);
    };
  }
}
